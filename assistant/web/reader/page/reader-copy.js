// Copies from the reader: selected words with their source, links to them, a link to the place on show.
import { announce, copyText } from "./lib.js";
import { titled } from "./reader-frame.js";
import { linkTo, partOf, withSource } from "./reader-link.js";

const SAID_MS = 2000;
const FAILED = "复制不了，请手工选取";

async function copied(node, text) {
  const words = node.dataset.words ?? node.textContent;
  node.dataset.words = words;
  const done = (await copyText(text)) ? "已复制" : FAILED;
  node.textContent = done;
  announce(done);
  setTimeout(() => { node.textContent = words; }, SAID_MS);
}

export function mountCopy(frame, signal, text) {
  const { element, body, pick, tools } = frame;
  const quote = titled("复制并注明出处", "pick-quote", "复制所选的文字，后面写上文件名和第几段");
  const link = titled("复制链接", "pick-link", "再打开时回到这几句");
  let part = null;
  let waiting = 0;
  pick.append(quote, link);

  function selected() {
    const selection = window.getSelection();
    if (!text.source() || !selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    return body.contains(range.commonAncestorContainer) ? { range, part: partOf(range, body) } : null;
  }

  function place(range) {
    const outer = element.getBoundingClientRect();
    const view = body.getBoundingClientRect();
    const rects = range.getClientRects();
    const line = rects[rects.length - 1] ?? range.getBoundingClientRect();
    const below = Math.min(line.bottom + 8, view.bottom - pick.offsetHeight - 8);
    pick.style.top = Math.max(below, view.top + 8) - outer.top + "px";
    const left = Math.min(line.left, outer.right - pick.offsetWidth - 12) - outer.left;
    pick.style.left = Math.max(12, left) + "px";
  }

  function look() {
    const now = selected();
    part = now?.part ?? null;
    pick.hidden = part === null;
    if (part) place(now.range);
  }

  function lookSoon() {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(look);
  }

  // The words of the place that is marked, wherever it came from, as they stand in the document.
  function markedPart() {
    const marks = body.querySelectorAll("mark.quote");
    if (!marks.length) return null;
    const range = document.createRange();
    range.setStartBefore(marks[0]);
    range.setEndAfter(marks[marks.length - 1]);
    return partOf(range, body);
  }

  // The first paragraph on show, where nothing is marked.
  function topPart() {
    const words = body.querySelector(`.paragraph[data-number="${text.reading()}"] .text`);
    const range = document.createRange();
    if (words) range.selectNodeContents(words);
    return words ? partOf(range, body) : null;
  }

  document.addEventListener("selectionchange", lookSoon, { signal });
  body.addEventListener("scroll", lookSoon, { signal, passive: true });
  pick.addEventListener("pointerdown", (event) => event.preventDefault(), { signal }); // keeps what is selected
  quote.addEventListener("click", () => {
    if (part) copied(quote, withSource(text.source(), part));
  }, { signal });
  link.addEventListener("click", () => {
    if (part) copied(link, linkTo({ document: text.source().document, ...part }));
  }, { signal });
  tools.link.addEventListener("click", () => {
    const source = text.source();
    if (source) copied(tools.link, linkTo({ document: source.document, ...(selected()?.part ?? markedPart() ?? topPart()) }));
  }, { signal });
}
