// 试题: by kind, each with its answer and source; worded anew, swapped, taken out, put back, put in another order.
import { announce, api, button, make } from "./lib.js";
import { editForm } from "./study-edit.js";
import { badge, empty, put, quoted } from "./study-parts.js";

const LETTERS = "ABCDEFGH";
const FURTHER = 6;
const BLANK = "____";

// `pack` holds the questions and is brought up to date; `told` hears of each change.
export function mountItems(page, pack, told) {
  const kinds = page.form.kinds;
  const node = make("div", "items");
  let answers = true;
  let other = null; // the questions of version B while these are looked at
  let dragged = null;

  // Does one thing to one question; the server says how the questions stand then. What went wrong is said beside it.
  async function change(item, deed, more, words) {
    let found;
    try {
      found = await api("POST", "/api/study/change", { pack: pack.id, revision: pack.revision, item: item.id, do: deed, ...more });
    } catch (error) {
      const stale = error.status === 409;
      if (deed === "reword" && !stale) throw error; // the form says it
      const said = stale ? null : frameOf(item.id)?.querySelector(".problem");
      if (said) {
        said.textContent = error.message;
      } else {
        page.notice(error.message, "failed", ...(stale ? [" ", button("刷新页面", "", () => location.reload())] : []));
        document.querySelector("#notice").scrollIntoView({ block: "nearest" });
      }
      throw error;
    }
    Object.assign(pack, found);
    other = null;
    page.notice("");
    fill();
    told();
    announce(words);
  }

  const quietly = (promise) => promise.catch(() => undefined); // has been said already

  const frameOf = (id) => node.querySelector(`[data-item="${CSS.escape(id)}"]`);

  function focus(id, className) {
    const frame = frameOf(id);
    const wanted = frame?.querySelector(className);
    (wanted && !wanted.disabled ? wanted : frame?.querySelector(".move:not(:disabled), .edit"))?.focus();
  }

  const place = (item) => pack.items.filter((one) => one.kind === item.kind).indexOf(item);

  async function move(item, to, className) {
    await change(item, "move", { place: to }, `已移到第 ${to + 1} 题`);
    focus(item.id, className);
  }

  async function remove(item) {
    await change(item, "remove", {}, "已删去这道题");
    page.notice("已删去一道题。", "", " ", button("撤销", "", () => quietly(change(item, "put_back", {}, "已放回"))));
    document.querySelector("#notice button").focus();
  }

  async function swap(item, at) {
    await change(item, "swap", {}, "已换一题");
    const now = pack.items.filter((one) => one.kind === item.kind)[at];
    if (now) focus(now.id, ".swap");
  }

  function edit(item, frame) {
    const close = () => {
      frame.replaceWith(card(item, place(item)));
      focus(item.id, ".edit");
    };
    const form = editForm(item, async (wording) => {
      await change(item, "reword", { wording }, "已保存");
      focus(item.id, ".edit");
      const doubt = doubtsOf(pack.items.find((one) => one.id === item.id))[0];
      if (doubt) announce("已保存。" + doubt);
    }, close);
    frame.replaceChildren(form);
    form.querySelector("textarea").focus();
  }

  function deeds(item, at, frame) {
    const count = pack.items.filter((one) => one.kind === item.kind).length;
    const named = (words, className, deed) => {
      const made = button(words, className, deed);
      made.setAttribute("aria-label", `${words}：第 ${at + 1} 题`);
      return made;
    };
    const up = named("上移", "move up", () => quietly(move(item, at - 1, ".up")));
    const down = named("下移", "move down", () => quietly(move(item, at + 1, ".down")));
    up.disabled = at === 0;
    down.disabled = at === count - 1;
    return put("p", "item-deeds", up, down, named("编辑", "edit", () => edit(item, frame)),
      named("换一题", "swap", () => quietly(swap(item, at))), named("删去", "danger", () => quietly(remove(item))));
  }

  function card(item, at) {
    const frame = make("li", "item answer");
    frame.dataset.item = item.id;
    const grip = make("span", "grip", other ? "" : "⠿");
    grip.setAttribute("aria-hidden", "true");
    grip.title = "按住拖动，调整顺序";
    frame.append(put("div", "item-head", grip, make("b", "number", `${at + 1}.`), stem(item), marks(item)),
      ...[options(item), answers ? answer(item) : null].filter(Boolean));
    if (other) return frame;
    const problem = make("p", "failed problem");
    problem.setAttribute("role", "alert");
    frame.append(...doubtsOf(item).map((doubt) => make("p", "failed doubt", doubt)), deeds(item, at, frame), problem);
    dragging(frame, grip, item);
    return frame;
  }

  // What the trainer should look at: words that the source does not say, another question that gives it away.
  function doubtsOf(item) {
    const others = (item.clashes ?? []).map((id) => pack.items.find((one) => one.id === id)).filter(Boolean);
    const named = others.map((one) => `${kinds.find(({ key }) => key === one.kind)?.name}第 ${place(one) + 1} 题`);
    const clash = named.length ? `与${named.join("、")}考的是同一处，或互相透露答案：请改或删去其中一道。` : "";
    return [item.strays, clash].filter(Boolean);
  }

  // Dragging inside a kind; the keyboard has 上移 and 下移.
  function dragging(frame, grip, item) {
    grip.draggable = true;
    grip.addEventListener("dragstart", (event) => {
      dragged = item;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", item.stem);
      event.dataTransfer.setDragImage(frame, 0, 0);
      frame.classList.add("is-dragged");
    });
    grip.addEventListener("dragend", () => {
      dragged = null;
      frame.classList.remove("is-dragged");
      node.querySelectorAll(".is-over").forEach((one) => one.classList.remove("is-over"));
    });
    frame.addEventListener("dragover", (event) => {
      if (!dragged || dragged.kind !== item.kind) return;
      event.preventDefault();
      node.querySelectorAll(".is-over").forEach((one) => one.classList.remove("is-over"));
      frame.classList.toggle("is-over", dragged !== item);
    });
    frame.addEventListener("drop", (event) => {
      event.preventDefault();
      if (dragged && dragged !== item && dragged.kind === item.kind) quietly(move(dragged, place(item), ".down"));
    });
  }

  function kindPart({ key, name }) {
    const list = (other ?? pack.items).filter((item) => item.kind === key);
    if (!list.length) return null;
    return put("section", "panel kind", make("h3", "", `${name}（${list.length}）`), put("ol", "item-list", ...list.map(card)));
  }

  function removedPart() {
    if (other || !pack.removed.length) return null;
    const line = (item) => put("li", "", make("span", "", `【${kinds.find(({ key }) => key === item.kind)?.name}】${item.stem}`), " ",
      button("放回", "put-back", () => quietly(change(item, "put_back", {}, "已放回"))));
    return put("details", "panel removed", make("summary", "", `删去和换下的题（${pack.removed.length}）`), put("ul", "", ...[...pack.removed].reverse().map(line)));
  }

  // Version B is only looked at: what is changed is version A, and B follows.
  function versions() {
    const choice = make("select", "version");
    for (const letter of ["A", "B"]) choice.append(Object.assign(make("option", "", letter + " 卷"), { value: letter }));
    choice.value = other ? "B" : "A";
    choice.addEventListener("change", async () => {
      try {
        other = choice.value === "B" ? (await api("GET", "/api/study/version", { pack: pack.id })).items : null;
      } catch (error) {
        page.notice(error.message, "failed");
      }
      fill();
      node.querySelector(".version").focus();
    });
    return put("label", "", "看 ", choice);
  }

  function fill() {
    const wasOpen = node.querySelector("details.removed")?.open ?? false;
    const show = make("input");
    Object.assign(show, { type: "checkbox", checked: answers });
    show.addEventListener("change", () => {
      answers = show.checked;
      fill();
      node.querySelector(".tools input").focus();
    });
    const tools = put("p", "tools", put("label", "", show, " 显示答案和出处"), versions(),
      other ? make("span", "quiet", "B 卷：同样的题，题目和选项换了顺序。要修改请回到 A 卷。") : null);
    const parts = kinds.map(kindPart).filter(Boolean);
    const shown = parts.length ? [tools, ...parts] : [empty("没有试题。", "所选的内容太少，出不了能从原文证明的题；可以多选几份文件，或放宽主题。")];
    const removed = removedPart();
    if (removed) removed.open = wasOpen;
    node.replaceChildren(...shown, ...(removed ? [removed] : []));
  }

  fill();
  return { node, doubtful: () => pack.items.filter((item) => doubtsOf(item).length).length };
}

function stem(item) {
  return put("p", "stem", ...item.stem.split(BLANK).flatMap((part, at) => (at ? [make("span", "blank", "＿＿＿＿"), part] : [part])));
}

function marks(item) {
  const stale = [item.source, ...item.further].some((quote) => quote.state);
  const shown = [
    stale ? badge("出处已变动", "gone", "文件更新过，请核对这道题，或重新生成。") : null,
    item.edited ? badge("已修改", "edited", "这道题改过，不是程序从原文证明的。") : null,
  ];
  return put("span", "marks", ...shown);
}

function options(item) {
  if (!item.options.length) return null;
  return put("ol", "options", ...item.options.map((text, at) => put("li", "", make("b", "", LETTERS[at] + ". "), text)));
}

function answer(item) {
  const joined = ["fill", "short", "discuss"].includes(item.kind) ? item.answer.join("；") : item.answer.join(item.kind === "order" ? "→" : "");
  const said = joined ? put("p", "key", make("span", "quiet", item.kind === "discuss" ? "提示：" : "答案："), make("b", "", joined)) : null;
  const further = item.further.slice(0, FURTHER).map((quote) => quoted(quote));
  const more = further.length ? put("details", "", make("summary", "", `其他出处（${item.further.length}）`), ...further) : null;
  return put("div", "solution", said, item.note ? make("p", "note", item.note) : null,
    put("div", "from", make("span", "quiet", "出处："), quoted(item.source)), more);
}
