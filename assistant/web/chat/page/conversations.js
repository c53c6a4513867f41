// The list of conversations: open, search, rename, delete. A column at the left, or a drawer in narrow windows.
import { act, desk, on, setScope } from "./desk.js";
import { QUESTIONS_MOST, keep, list, opened, questionsOf, remove, removeAll, rename, setOpened } from "./kept.js";
import { announce, make, whenThere } from "./lib.js";

const SHOWN_KEY = "policy-list-shown";
const WIDE = window.matchMedia("(min-width: 1500px)");
const NARROW = window.matchMedia("(max-width: 900px)");
const DAY = 86400;
let frame = null;
let latest = 0;

function wasShown() {
  try {
    const said = localStorage.getItem(SHOWN_KEY);
    return NARROW.matches ? false : said === null ? WIDE.matches : said === "1";
  } catch {
    return WIDE.matches;
  }
}

function setShown(shown) {
  const column = document.querySelector("#conversations");
  column?.classList.toggle("is-open", shown);
  document.querySelector(".tools .list-button")?.setAttribute("aria-expanded", String(shown));
  if (shown) fill();
}

export function isShown() {
  return document.querySelector("#conversations")?.classList.contains("is-open") ?? false;
}

export function toggle() {
  const shown = !isShown();
  setShown(shown);
  try {
    if (!NARROW.matches) localStorage.setItem(SHOWN_KEY, shown ? "1" : "0");
  } catch { /* forbidden: it is as the window's width has it */ }
  if (shown) frame?.querySelector(".seek").focus();
  else document.querySelector(".tools .list-button")?.focus();
}

function dayOf(at) {
  const midnight = new Date().setHours(0, 0, 0, 0) / 1000;
  if (at >= midnight) return "今天";
  if (at >= midnight - DAY) return "昨天";
  return at >= midnight - 6 * DAY ? "最近七天" : "更早";
}

async function open(id) {
  try {
    const questions = await questionsOf(id);
    if (!act({ do: "open", id, questions })) return;
    setScope(questions.findLast((one) => one.scope)?.scope ?? {});
    if (NARROW.matches) setShown(false);
  } catch (error) {
    say(error.message);
    if (opened() === id) setOpened("");
  }
}

function say(text) {
  const line = frame?.querySelector(".list-said");
  if (line) line.textContent = text;
  announce(text);
}

function startRenaming(item, one) {
  const form = make("form", "renaming");
  const input = make("input", "rename");
  input.value = one.title;
  input.maxLength = 60;
  input.setAttribute("aria-label", "对话的新名称");
  form.append(input, make("button", "save", "保存"));
  const end = () => fill().then(() => frame.querySelector(`[data-id="${one.id}"] .open`)?.focus());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await rename(one.id, input.value).catch((error) => say(error.message));
    end();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    end();
  });
  item.replaceChildren(form);
  input.select();
}

// A second press deletes: the button says so in between.
function confirmed(button, words, deed) {
  if (button.dataset.sure) {
    deed();
    return;
  }
  button.dataset.sure = "1";
  const said = button.textContent;
  button.textContent = words;
  button.addEventListener("blur", () => { delete button.dataset.sure; button.textContent = said; }, { once: true });
}

async function drop(one) {
  await remove(one.id).catch((error) => say(error.message));
  if (opened() === one.id) setOpened("");
  await fill();
  say("已删除这段对话。");
  frame.querySelector(".seek").focus();
}

function itemOf(one) {
  const item = make("li", "kept");
  item.dataset.id = one.id;
  const link = make("button", "open", one.title);
  link.type = "button";
  link.title = `${one.title}（${one.questions} 个问题）`;
  if (one.id === desk.id) link.setAttribute("aria-current", "true");
  link.addEventListener("click", () => open(one.id));
  const name = make("button", "name", "改名");
  name.setAttribute("aria-label", `改名：${one.title}`);
  name.addEventListener("click", () => startRenaming(item, one));
  const out = make("button", "drop", "删除");
  out.setAttribute("aria-label", `删除：${one.title}`);
  out.addEventListener("click", () => confirmed(out, "确定删除", () => drop(one)));
  item.append(link, name, out);
  return item;
}

export async function fill() {
  if (!frame) return;
  const turn = ++latest;
  const words = frame.querySelector(".seek").value;
  let found;
  try {
    found = await list(words);
  } catch (error) {
    say(error.message);
    return;
  }
  if (turn !== latest) return;
  const parts = [];
  for (const day of [...new Set(found.map((one) => dayOf(one.at)))]) {
    const group = make("section", "day");
    const items = make("ul", "items");
    items.setAttribute("aria-label", day);
    items.append(...found.filter((one) => dayOf(one.at) === day).map(itemOf));
    group.append(make("h3", "day-name", day), items);
    parts.push(group);
  }
  if (!parts.length) parts.push(make("p", "none", words.trim() ? "没有找到这样的对话。" : "还没有对话。问过的问题会列在这里，点开时按现有文件重新查找。"));
  frame.querySelector(".all").replaceChildren(...parts);
  frame.querySelector(".drop-all").hidden = !found.length || Boolean(words.trim());
}

function mount(element) {
  frame = element;
  const head = make("div", "list-head");
  const seek = make("input", "seek");
  seek.type = "search";
  seek.placeholder = "查找对话";
  seek.setAttribute("aria-label", "查找对话");
  seek.maxLength = 100;
  seek.addEventListener("input", () => fill());
  const close = make("button", "list-close", "收起");
  close.setAttribute("aria-label", "收起对话列表");
  close.addEventListener("click", toggle);
  head.append(seek, close);
  const everything = make("button", "drop-all", "删除全部对话");
  everything.addEventListener("click", () => confirmed(everything, "确定全部删除", async () => {
    await removeAll().catch((error) => say(error.message));
    setOpened("");
    await fill();
    say("已删除全部对话。");
    seek.focus();
  }));
  const said = make("p", "list-said");
  frame.replaceChildren(head, make("div", "all"), everything, said);
  frame.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && NARROW.matches) toggle();
  });
  setShown(wasShown());
}

// Goes on with the conversation that the server forgot: all of it is asked again.
async function recover({ id, questions }) {
  const forgotten = desk.id;
  act({ do: "open", id, questions: [...questions, ...desk.questions].slice(-QUESTIONS_MOST) });
  await remove(forgotten).catch(() => undefined);
}

on("told", async (said) => {
  if (said.busy) return;
  if (desk.lost) {
    const { lost } = desk;
    desk.lost = null;
    recover(lost);
    return;
  }
  setOpened(desk.id);
  await keep(desk.id, desk.questions).catch(() => undefined);
  if (isShown()) fill();
});

whenThere("#conversations .conversations", mount);
let begun = false;
whenThere('.bar .status[data-stage="ready"]', () => {
  const id = opened();
  if (begun || !id || desk.serial) return;
  begun = true;
  open(id);
});
