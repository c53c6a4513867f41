// The empty source reader: its bar, its tools, its places for sections, text and what floats above.
import { button, make } from "./lib.js";

export function titled(words, className, title) {
  const node = button(words, className);
  if (title) node.title = title;
  return node;
}

// A button that shows a sign instead of words.
function sign(className, text, name, title) {
  const node = titled(text, className, title);
  node.setAttribute("aria-label", name);
  return node;
}

function box(className, ...children) {
  const node = make("div", className);
  node.append(...children);
  return node;
}

function hidden(node) {
  node.hidden = true;
  return node;
}

function emptyBody() {
  const body = make("div", "reader-body");
  body.tabIndex = -1;
  const first = make("p", "", "点击回答里的编号，如 ");
  first.append(make("b", "", "[1]"));
  body.append(box("reader-empty", first, make("p", "", "这里会打开原文，并标出所引的句子。")));
  return body;
}

function findForm() {
  const form = hidden(make("form", "reader-find"));
  form.setAttribute("role", "search");
  const input = make("input", "find-words");
  input.type = "text";
  input.enterKeyHint = "search";
  input.maxLength = 100;
  input.placeholder = "在这份文件里查找";
  input.setAttribute("aria-label", "在这份文件里查找");
  input.title = "回车：下一处；Shift+回车：上一处；Esc：关闭。不分全角半角、大小写，空格不算";
  const count = make("span", "find-count");
  count.setAttribute("role", "status");
  const previous = sign("find-previous", "↑", "上一处查找结果", "上一处（Shift+回车）");
  const next = sign("find-next", "↓", "下一处查找结果", "下一处（回车）");
  const close = sign("find-close", "✕", "关闭查找", "关闭查找（Esc）");
  form.append(input, count, previous, next, close);
  return { form, input, count, previous, next, close };
}

function tools() {
  const bar = make("div", "reader-tools");
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", "原文工具");
  const toc = titled("目录", "toc-open", "这份文件的各部分");
  toc.setAttribute("aria-expanded", "false");
  const previous = sign("step-previous", "‹", "上一处引文", "上一处引文（←）");
  const step = make("span", "step");
  const next = sign("step-next", "›", "下一处引文", "下一处引文（→）");
  const steps = make("span", "steps");
  steps.append(previous, step, next);
  const find = titled("查找", "find-open", "在这份文件里查找（Ctrl+F）");
  const link = titled("链接", "link", "复制链接：再打开时回到这一处");
  const print = titled("打印", "print", "打印全文或这一部分");
  print.setAttribute("aria-expanded", "false");
  const close = titled("关闭", "reader-close", "关闭原文（Esc）");
  bar.append(toc, steps, find, link, print, close);
  return { bar, toc, previous, step, next, steps, find, link, print, close };
}

export function buildFrame(element) {
  const title = make("strong", "reader-title", "原文");
  const facts = make("span", "reader-facts");
  const position = make("span", "reader-position");
  const notice = hidden(make("p", "reader-notice"));
  notice.setAttribute("role", "status");
  const used = tools();
  const find = findForm();
  const toc = hidden(make("nav", "reader-toc"));
  toc.setAttribute("aria-label", "目录");
  const body = emptyBody();
  const pick = hidden(make("div", "reader-pick"));
  const prints = hidden(make("div", "reader-prints"));
  const explain = hidden(make("div", "explain"));
  explain.tabIndex = -1;
  const lapsed = hidden(make("span", "reader-lapsed"));
  element.replaceChildren(
    box("reader-bar", box("reader-name", title, lapsed, facts), position),
    used.bar, prints, find.form, notice, box("reader-main", toc, body), pick, explain, hidden(make("div", "reader-terms")),
  );
  return { element, title, lapsed, facts, position, notice, tools: used, find, toc, body, pick, prints };
}
