// The line above the chat: the list of conversations, what is asked, export.
import { toggle } from "./conversations.js";
import { desk, on } from "./desk.js";
import { announce, make, whenThere } from "./lib.js";
import { list } from "./kept.js";
import { mountScope } from "./scoping.js";

const FILES = [["docx", "Word 文档（.docx）"], ["md", "Markdown（.md）"]];
let frame = null;

function nameIn(response, kind) {
  const found = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get("content-disposition") ?? "");
  return found ? decodeURIComponent(found[1]) : "对话." + kind;
}

function save(blob, name) {
  const link = make("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

// The server asks the questions again and writes what it finds: nothing that this page shows is sent.
async function exportAs(kind, said) {
  const named = (await list().catch(() => [])).find((one) => one.id === desk.id);
  const title = (named?.title ?? desk.questions[0].text).replace(/\s+/g, " ").slice(0, 60);
  said.textContent = "正在导出 ……";
  try {
    const response = await fetch("/api/export", {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ kind, title, questions: desk.questions }),
    });
    if (!response.ok) {
      const error = await response.json().catch(() => null);
      throw new Error(error?.error || error?.detail || "没有导出：请稍后再试。");
    }
    save(await response.blob(), nameIn(response, kind));
    said.textContent = "已导出";
  } catch (error) {
    said.textContent = error instanceof TypeError ? "连接不上服务：请检查网络后再试一次。" : error.message;
  }
  announce(said.textContent);
  setTimeout(() => { said.textContent = ""; }, 6000);
}

function exportMenu() {
  const menu = make("details", "export");
  const head = make("summary", "export-button", "导出");
  const items = make("div", "choices");
  const said = make("span", "tools-said");
  for (const [kind, name] of FILES) {
    const item = make("button", "choice", name);
    item.type = "button";
    item.dataset.kind = kind;
    item.addEventListener("click", () => {
      menu.open = false;
      head.focus();
      exportAs(kind, said);
    });
    items.append(item);
  }
  menu.append(head, items);
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    event.stopPropagation();
    menu.open = false;
    head.focus();
  });
  document.addEventListener("pointerdown", (event) => { if (!menu.contains(event.target)) menu.open = false; });
  return [said, menu];
}

function mount(element) {
  frame = element;
  const button = make("button", "list-button", "对话列表");
  button.type = "button";
  button.setAttribute("aria-expanded", "false");
  button.setAttribute("aria-controls", "conversations");
  button.addEventListener("click", toggle);
  const [said, menu] = exportMenu();
  const scope = make("div", "scope");
  frame.replaceChildren(button, scope, said, menu);
  mountScope(scope);
  show();
}

function show() {
  const menu = frame?.querySelector(".export");
  if (menu) menu.hidden = !desk.questions.length;
}

on("told", show);
whenThere("#tools .tools", mount);
