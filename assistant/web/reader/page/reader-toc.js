// The sections of a document as a list that folds; the one that is read is marked.
import { make } from "./lib.js";
import { titled } from "./reader-frame.js";

const OPEN_MOST = 60;
const WIDE = 700;

// The entries as a tree: each gets its children by level.
function nested(entries) {
  const root = { children: [] };
  const open = [{ level: 0, node: root }];
  entries.forEach((entry, index) => {
    while (open.length > 1 && open[open.length - 1].level >= entry.level) open.pop();
    const node = { ...entry, index, children: [] };
    open[open.length - 1].node.children.push(node);
    open.push({ level: entry.level, node });
  });
  return root.children;
}

// `go` is called with the number of a paragraph.
export function mountToc(frame, signal, go) {
  const { toc, tools, element } = frame;
  let entries = [];
  let links = [];
  let wanted = null; // what was asked for by hand; else a wide reader shows the sections
  let marked = null;

  const isWide = () => element.clientWidth >= WIDE;

  function setFold(item, open) {
    const fold = item.querySelector(":scope > .line > .fold");
    const list = item.querySelector(":scope > ul");
    if (!list) return;
    list.hidden = !open;
    fold.setAttribute("aria-expanded", String(open));
  }

  function itemOf(entry, folded) {
    const item = make("li");
    const line = make("div", "line");
    const link = titled(entry.name, "go", entry.name);
    link.addEventListener("click", () => {
      if (!isWide()) close();
      go(entry.first);
    });
    links[entry.index] = link;
    const fold = titled("", "fold", "展开或收起");
    fold.setAttribute("aria-label", "展开或收起：" + entry.name);
    line.append(fold, link);
    item.append(line);
    if (!entry.children.length) {
      fold.disabled = true;
      fold.classList.add("is-leaf");
      fold.setAttribute("aria-hidden", "true");
      return item;
    }
    const list = make("ul");
    list.append(...entry.children.map((child) => itemOf(child, folded)));
    item.append(list);
    setFold(item, !folded);
    fold.addEventListener("click", () => setFold(item, list.hidden));
    return item;
  }

  function show(outline) {
    entries = outline;
    links = [];
    marked = null;
    const list = make("ul");
    list.append(...nested(entries).map((entry) => itemOf(entry, entries.length > OPEN_MOST)));
    toc.replaceChildren(list);
    toc.classList.toggle("is-flat", list.querySelector("ul") === null);
    tools.toc.hidden = entries.length === 0;
    settle();
  }

  // Marks the section that a paragraph is in, and opens what it is folded into.
  function mark(number) {
    const link = links[entries.filter((entry) => entry.first <= number).length - 1] ?? null;
    if (link === marked) return;
    marked?.removeAttribute("aria-current");
    marked = link;
    if (!link) return;
    link.setAttribute("aria-current", "location");
    for (let item = link.closest("li").parentElement.closest("li"); item; item = item.parentElement.closest("li")) {
      setFold(item, true);
    }
    const [inner, outer] = [link.getBoundingClientRect(), toc.getBoundingClientRect()];
    if (inner.top < outer.top || inner.bottom > outer.bottom) toc.scrollTop += inner.top - outer.top - outer.height / 3;
  }

  function settle() {
    const open = entries.length > 0 && (wanted ?? isWide());
    toc.hidden = !open;
    tools.toc.setAttribute("aria-expanded", String(open));
    element.classList.toggle("is-wide", isWide());
  }

  function close() {
    const was = !toc.hidden;
    wanted = false;
    settle();
    return was;
  }

  tools.toc.addEventListener("click", () => {
    wanted = toc.hidden;
    settle();
    if (!toc.hidden) (marked ?? links[0])?.focus({ preventScroll: false });
  }, { signal });

  let width = 0;
  const sizes = new ResizeObserver(() => {
    if (isWide() !== width >= WIDE) wanted = null;
    width = element.clientWidth;
    settle();
  });
  sizes.observe(element);
  signal.addEventListener("abort", () => sizes.disconnect());
  // A list that lies over the text goes when the text is used again.
  frame.body.addEventListener("pointerdown", () => { if (!isWide()) close(); }, { signal });

  const section = (number) => entries.filter((entry) => entry.first <= number && number <= entry.last).pop() ?? null;
  return { show, mark, close: () => !isWide() && close(), section };
}
