// Which documents the next question is asked of: all, some by title, those of some dates.
import { desk, on, setScope } from "./desk.js";
import { announce, api, make } from "./lib.js";

const ALL = "全部文件";
const ROWS_MOST = 300; // shown at once: of two thousand documents people search
const DATE = /^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/;
const BAD_DATE = "日期请写成 2023、2023-10 或 2023-10-08。";
let known = null;
let most = 500;
let frame = null;

async function load() {
  if (known) return;
  const found = await api("GET", "/api/scope");
  known = found.documents;
  most = found.most;
}

function spoken(date) {
  return date.split("-").map((part, at) => Number(part) + " " + "年月日"[at]).join(" ");
}

function words(scope) {
  const ids = scope.documents ?? [];
  const only = ids.length === 1 ? known?.find((one) => one.id === ids[0]) : null;
  const parts = ids.length ? [only ? "《" + only.title + "》" : ids.length + " 份文件"] : [];
  if (scope.since && scope.until) parts.push(scope.since === scope.until ? spoken(scope.since) : spoken(scope.since) + "至" + spoken(scope.until));
  else if (scope.since) parts.push(spoken(scope.since) + "以来");
  else if (scope.until) parts.push("到 " + spoken(scope.until) + "为止");
  return parts.join("，") || ALL;
}

function show() {
  const button = frame.querySelector(".scope-button");
  const said = words(desk.scope);
  button.querySelector(".scope-words").textContent = said;
  button.title = "范围：" + said;
  button.classList.toggle("is-limited", said !== ALL);
}

function chosen() {
  return new Set(desk.scope.documents ?? []);
}

function change(part) {
  const scope = { ...desk.scope, ...part };
  for (const name of Object.keys(scope)) if (!scope[name]?.length) delete scope[name];
  setScope(scope);
}

function choose(ids, wanted) {
  const now = chosen();
  for (const id of ids) {
    if (wanted) now.add(id);
    else now.delete(id);
  }
  if (now.size > most) {
    say("一次最多选 " + most + " 份文件：请少选一些，或改用日期。");
    return;
  }
  say("");
  change({ documents: [...now] });
}

function say(text) {
  frame.querySelector(".scope-said").textContent = text;
  if (text) announce(text);
}

function box(name, ids, className) {
  const label = make("label", className);
  const input = make("input");
  input.type = "checkbox";
  const now = chosen();
  const count = ids.filter((id) => now.has(id)).length;
  input.checked = count === ids.length;
  input.indeterminate = count > 0 && count < ids.length;
  input.addEventListener("change", () => {
    choose(ids, input.checked);
    fillRows();
  });
  label.append(input, make("span", "box-name", name));
  return label;
}

function fillRows() {
  const sought = frame.querySelector(".scope-seek").value.trim().toLowerCase();
  const found = known.filter((one) => one.title.toLowerCase().includes(sought));
  const parts = [];
  const folders = [...new Set(found.map((one) => one.folder))].sort();
  let left = ROWS_MOST;
  for (const folder of folders) {
    const inside = found.filter((one) => one.folder === folder);
    const group = make("fieldset", "folder");
    const legend = make("legend", "folder-name");
    legend.append(box((folder || "最上层") + "（" + inside.length + "）", inside.map((one) => one.id), "folder-box"));
    group.append(legend);
    for (const one of inside.slice(0, Math.max(left, 0))) {
      const row = box(one.title, [one.id], "document-box");
      if (one.date) row.append(make("span", "box-date", one.date));
      group.append(row);
    }
    left -= inside.length;
    parts.push(group);
  }
  if (left < 0) parts.push(make("p", "more", "还有 " + -left + " 份没有列出：请输入标题里的字查找。"));
  if (!found.length) parts.push(make("p", "more", "没有这样的文件。"));
  const rows = frame.querySelector(".scope-rows");
  const focused = document.activeElement?.closest(".scope-rows") ? [...rows.querySelectorAll("input")].indexOf(document.activeElement) : -1;
  rows.replaceChildren(...parts);
  if (focused >= 0) rows.querySelectorAll("input")[focused]?.focus();
}

function dateField(name, part) {
  const label = make("label", "date-field");
  const input = make("input", "date " + part);
  input.placeholder = "如 2023 或 2023-10";
  input.maxLength = 10;
  input.value = desk.scope[part] ?? "";
  input.addEventListener("input", () => {
    const value = input.value.trim();
    const fine = !value || DATE.test(value);
    input.setAttribute("aria-invalid", String(!fine));
    say(fine ? "" : BAD_DATE);
    if (fine) change({ [part]: value });
  });
  label.append(make("span", "date-name", name), input);
  return label;
}

function panel() {
  const seek = make("input", "scope-seek");
  seek.type = "search";
  seek.placeholder = "按标题查找文件";
  seek.setAttribute("aria-label", "按标题查找文件");
  seek.addEventListener("input", fillRows);
  const dates = make("div", "dates");
  dates.append(dateField("从", "since"), dateField("到", "until"));
  const undated = make("p", "scope-hint", "写了日期，没有日期的文件就不在其中。");
  const foot = make("div", "scope-foot");
  const clear = make("button", "scope-clear", "恢复为全部文件");
  const close = make("button", "scope-close", "完成");
  clear.type = close.type = "button";
  clear.addEventListener("click", () => { setScope({}); fillPanel(); });
  close.addEventListener("click", finish);
  foot.append(clear, close);
  return [make("p", "scope-hint", "只在选中的文件里查找；不选就是全部文件。"), seek, make("div", "scope-rows"), dates, undated, make("p", "scope-said"), foot];
}

function fillPanel() {
  frame.querySelector(".scope-panel").replaceChildren(...panel());
  fillRows();
}

async function open() {
  const area = frame.querySelector(".scope-panel");
  area.hidden = false;
  frame.querySelector(".scope-button").setAttribute("aria-expanded", "true");
  area.replaceChildren(make("p", "scope-hint", "正在读取文件列表 ……"));
  known = null;
  try {
    await load();
  } catch (error) {
    area.replaceChildren(make("p", "scope-hint", error.message));
    return;
  }
  fillPanel();
  frame.querySelector(".scope-seek").focus();
}

function shut() {
  frame.querySelector(".scope-panel").hidden = true;
  const button = frame.querySelector(".scope-button");
  button.setAttribute("aria-expanded", "false");
  button.focus();
}

// 完成: a date that cannot be used is said again, and mended before the panel goes.
function finish() {
  const wrong = frame.querySelector(".date[aria-invalid=true]");
  if (!wrong) return shut();
  say(BAD_DATE);
  wrong.focus();
}

export function mountScope(element) {
  frame = element;
  const button = make("button", "scope-button");
  button.type = "button";
  button.setAttribute("aria-expanded", "false");
  button.append(make("span", "scope-label", "范围："), make("span", "scope-words", ALL));
  const area = make("div", "scope-panel");
  area.hidden = true;
  area.setAttribute("role", "dialog");
  area.setAttribute("aria-label", "选择查找范围");
  button.addEventListener("click", () => (area.hidden ? open() : shut()));
  frame.replaceChildren(button, area);
  frame.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || area.hidden) return;
    event.stopPropagation();
    shut();
  });
  document.addEventListener("pointerdown", (event) => {
    if (!area.hidden && !frame.contains(event.target)) {
      area.hidden = true;
      button.setAttribute("aria-expanded", "false");
    }
  });
  show();
}

on("scope", (scope) => {
  if (!frame) return;
  show();
  if (scope.documents?.length === 1 && !known) load().then(show, () => undefined);
});
