// Which documents a pack is made from, and, of one document alone, which of its sections.
import { announce, api, make } from "./lib.js";
import { put } from "./study-parts.js";

const ROWS_MOST = 200; // shown at once: of two thousand documents people search

function box(name, checked, changed) {
  const label = make("label", "choice");
  const node = make("input");
  Object.assign(node, { type: "checkbox", checked });
  node.addEventListener("change", () => changed(node.checked));
  label.append(node, make("span", "", name));
  return { label, node };
}

// `wanted` are ids chosen from the start; those that are not there are left out and said to be.
export function mountChoice(most, wanted) {
  const chosen = new Set(wanted);
  let known = [];
  let sections = null; // of the one document that is chosen
  const seek = make("input", "seek");
  Object.assign(seek, { type: "search", placeholder: "按标题查找文件" });
  seek.setAttribute("aria-label", "按标题查找文件");
  const rows = make("div", "rows");
  const said = make("p", "quiet chosen");
  said.setAttribute("role", "status");
  const parts = make("details", "parts");
  parts.hidden = true;
  const node = put("div", "choose", seek, rows, parts);

  function say(text) {
    said.textContent = text;
  }

  function tell() {
    const titles = known.filter((one) => chosen.has(one.id)).map((one) => `《${one.title}》`);
    if (!titles.length) say("没有选文件（只写主题时，从全部文件里找）。");
    else say(`已选 ${titles.length} 份：${titles.slice(0, 3).join("、")}${titles.length > 3 ? " 等" : ""}`);
  }

  function choose(ids, on) {
    for (const id of ids) {
      if (on) chosen.add(id);
      else chosen.delete(id);
    }
    if (chosen.size > most) {
      ids.forEach((id) => chosen.delete(id));
      say(`一次最多选 ${most} 份文件：请少选一些，或写一个主题。`);
      announce(said.textContent);
    } else {
      tell();
    }
    fill();
    showSections();
  }

  function group(folder, inside, left) {
    const ids = inside.map((one) => one.id);
    const count = ids.filter((id) => chosen.has(id)).length;
    const all = box(`${folder || "最上层"}（${inside.length}）`, count === ids.length, (on) => choose(ids, on));
    all.node.indeterminate = count > 0 && count < ids.length;
    const legend = put("legend", "", all.label);
    const boxes = inside.slice(0, Math.max(left, 0)).map((one) => {
      const row = box(one.title, chosen.has(one.id), (on) => choose([one.id], on));
      if (one.date) row.label.append(make("span", "quiet", one.date));
      return row.label;
    });
    return put("fieldset", "folder", legend, ...boxes);
  }

  function fill() {
    const sought = seek.value.trim().toLowerCase();
    const found = known.filter((one) => one.title.toLowerCase().includes(sought));
    const at = rows.contains(document.activeElement) ? [...rows.querySelectorAll("input")].indexOf(document.activeElement) : -1;
    const scrolled = rows.scrollTop;
    const shown = [];
    let left = ROWS_MOST;
    for (const folder of [...new Set(found.map((one) => one.folder))].sort()) {
      const inside = found.filter((one) => one.folder === folder);
      shown.push(group(folder, inside, left));
      left -= inside.length;
    }
    if (left < 0) shown.push(make("p", "quiet", `还有 ${-left} 份没有列出：请输入标题里的字查找。`));
    if (!found.length) shown.push(make("p", "quiet", known.length ? "没有这样的文件。" : "还没有文件：请先在“文件”页添加。"));
    rows.replaceChildren(...shown);
    rows.scrollTop = scrolled;
    if (at >= 0) rows.querySelectorAll("input")[at]?.focus({ preventScroll: true });
  }

  async function showSections() {
    const [id] = chosen;
    parts.hidden = true;
    if (chosen.size !== 1) {
      sections = null;
      return;
    }
    if (sections?.id !== id) {
      const mine = { id, list: [], picked: new Set() };
      sections = mine;
      const found = await api("GET", "/api/study/sections", { document: id }).catch(() => ({ sections: [] }));
      if (sections !== mine) return;
      mine.list = found.sections;
      fillSections();
    }
    parts.hidden = !sections.list.length;
  }

  // A section that is chosen holds those below it.
  function fillSections() {
    const { list, picked } = sections;
    const parents = new Map(list.map((one) => [one.number, one.parent]));
    const covered = (number) => {
      for (let at = parents.get(number); at !== null && at !== undefined; at = parents.get(at)) if (picked.has(at)) return true;
      return false;
    };
    const boxes = list.map((one) => {
      const inside = covered(one.number);
      const row = box(one.name || "（无标题）", inside || picked.has(one.number), (on) => {
        if (on) picked.add(one.number);
        else picked.delete(one.number);
        fillSections();
      });
      row.node.disabled = inside;
      row.node.dataset.section = one.number;
      row.label.classList.add("depth-" + Math.min(one.depth, 5));
      row.label.append(make("span", "quiet", `${one.characters} 字`));
      return row.label;
    });
    const at = document.activeElement?.dataset?.section;
    const isOpen = parts.open;
    const summary = make("summary", "", picked.size ? `只用其中 ${picked.size} 部分` : "只用其中一部分（不选就是全文）");
    const focused = parts.contains(document.activeElement);
    parts.replaceChildren(summary, put("div", "tree", ...boxes));
    parts.open = isOpen;
    if (focused) parts.querySelector(`[data-section="${at}"]`)?.focus({ preventScroll: true });
  }

  async function load() {
    rows.replaceChildren(make("p", "quiet", "正在读取文件列表 ……"));
    try {
      known = (await api("GET", "/api/scope")).documents;
    } catch (error) {
      rows.replaceChildren(make("p", "failed", error.message));
      return;
    }
    const there = new Set(known.map((one) => one.id));
    const lost = [...chosen].filter((id) => !there.has(id));
    lost.forEach((id) => chosen.delete(id));
    if (known.length === 1 && !wanted.length) chosen.add(known[0].id);
    fill();
    tell();
    if (lost.length) say(said.textContent + ` 有 ${lost.length} 份文件已不在，没有选上。`);
    showSections();
  }

  seek.addEventListener("input", fill);
  seek.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  load();
  return {
    node,
    said,
    read: () => ({
      documents: [...chosen],
      sections: sections && chosen.has(sections.id) ? [...sections.picked].map((number) => [sections.id, number]) : [],
    }),
  };
}
