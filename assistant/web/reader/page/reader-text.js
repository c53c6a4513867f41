// The paragraphs that the reader shows: a part of a document that grows where one scrolls near its ends.
import { api, make } from "./lib.js";

const MORE = 200;
const KEPT = 1500;
const NEAR = 1500;

function numberOf(block) {
  return Number(block.dataset.number);
}

// The runs of a paragraph as nodes; `mark` makes the node of a run that is cited, `piece` that of some words.
function nodesOf(run, piece, mark) {
  const nodes = (run.pieces ?? [run]).map(piece);
  const page = run.page ? [make("span", "page-in")] : [];
  page.forEach((node) => { node.dataset.page = run.page; });
  if (!run.quoted && !run.cited.length) return [...page, ...nodes];
  const marked = mark(run);
  marked.append(...nodes);
  return [...page, marked];
}

// The # of a heading of Markdown stay in the text, so that every character keeps its place, and are not shown.
function hideMark(text, length) {
  const first = document.createTreeWalker(text, NodeFilter.SHOW_TEXT).nextNode();
  if (!length || !first) return;
  if (first.length > length) first.splitText(length);
  const mark = make("span", "heading-mark");
  mark.hidden = true;
  first.replaceWith(mark);
  mark.append(first);
}

export function paragraphOf(paragraph, piece, mark) {
  const block = make("section", paragraph.heading ? "paragraph is-heading" : "paragraph");
  block.dataset.number = paragraph.number;
  block.dataset.start = paragraph.start;
  if (paragraph.on) block.dataset.on = paragraph.on;
  if (paragraph.page) block.append(make("div", "page", paragraph.page));
  for (const name of paragraph.headings) block.append(make("h3", "heading", name));
  const row = make("div", "row");
  row.append(make("span", "number", "第" + paragraph.number + "段"));
  const text = make(paragraph.heading ? "h3" : "p", "text");
  text.append(...paragraph.runs.flatMap((run) => nodesOf(run, piece, mark)));
  hideMark(text, paragraph.mark);
  row.append(text);
  block.append(row);
  return block;
}

// `told` hears of what happens: changed(), failed(message), made(block), moved(the paragraph on top).
export function mountText(frame, terms, signal, told) {
  const { body } = frame;
  let source = null;
  let marks = [];
  let current = { start: 0, end: 0 };
  let busy = null;
  let looking = 0;
  let held = null; // the paragraph that one was brought to, until one scrolls

  const blocks = () => body.children;
  const first = () => (source ? numberOf(body.firstElementChild) : 0);
  const last = () => (source ? numberOf(body.lastElementChild) : 0);
  const isCurrent = (start, end) => current.start <= start && end <= current.end;

  function markOf(run) {
    const mark = make("mark", isCurrent(run.start, run.end) ? "quote" : "cited");
    mark.dataset.document = source.document;
    mark.dataset.start = run.start;
    mark.dataset.end = run.end;
    const ending = run.cited.filter((k) => marks[k].end === run.end && marks[k].marker);
    if (ending.length) mark.dataset.marker = ending.map((k) => marks[k].marker).join("");
    if (run.cited.length) mark.dataset.cited = run.cited[0];
    return mark;
  }

  function blockOf(paragraph, base) {
    const block = paragraphOf(paragraph, (part) => terms.piece(part, base), markOf);
    if (block.querySelector("mark.quote")) block.classList.add("is-quoted");
    told.made(block);
    return block;
  }

  function blocksOf(part) {
    const base = terms.add(part.terms);
    return part.paragraphs.map((paragraph) => blockOf(paragraph, base));
  }

  // What is read stays where it is while something above it comes or goes.
  function still(block, change) {
    const before = block.getBoundingClientRect().top;
    change();
    body.scrollTop += block.getBoundingClientRect().top - before;
  }

  function put(part, down) {
    const made = blocksOf(part);
    if (down) {
      body.append(...made);
      still(body.lastElementChild, () => { while (blocks().length > KEPT) body.firstElementChild.remove(); });
    } else {
      still(body.firstElementChild, () => body.prepend(...made));
      while (blocks().length > KEPT) body.lastElementChild.remove();
    }
  }

  // More of the document on show; null where meanwhile another is, or this one has changed.
  async function load(asked) {
    const mine = source;
    const cited = marks.map(({ start, end, digest }) => (digest ? { start, end, digest } : { start, end }));
    const part = await api("POST", "/api/source/paragraphs", { document: mine.document, cited, count: MORE, ...asked });
    if (source !== mine) return null;
    if (part.version === mine.version) return part;
    told.changed();
    return null;
  }

  async function extend(down) {
    if (!source || busy === source || (down ? last() >= source.total : first() <= 1)) return;
    busy = source;
    try {
      const part = await load(down ? { first: last() + 1 } : { last: first() - 1 });
      if (part) put(part, down);
    } catch (error) {
      told.failed(error.message);
      return;
    } finally {
      if (busy === source) busy = null;
    }
    look();
  }

  function top() {
    const edge = body.getBoundingClientRect().top + 8;
    let [low, high] = [0, blocks().length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (blocks()[middle].getBoundingClientRect().bottom > edge) high = middle;
      else low = middle + 1;
    }
    return source ? numberOf(blocks()[low]) : 0;
  }

  // The number of the paragraph that is read.
  function reading() {
    return held?.parentElement === body ? numberOf(held) : top();
  }

  function look() {
    cancelAnimationFrame(looking);
    looking = requestAnimationFrame(() => {
      if (!source) return;
      told.moved(block(reading()));
      if (body.scrollTop < NEAR) extend(false);
      if (body.scrollHeight - body.clientHeight - body.scrollTop < NEAR) extend(true);
    });
  }

  function block(number) {
    const found = source ? blocks()[number - first()] : null;
    return found && numberOf(found) === number ? found : null;
  }

  // Makes a paragraph be there, wherever in the document it is; null where another document came between.
  async function fetchBlock(number) {
    if (block(number)) return block(number);
    const part = await load({ first: number });
    if (!part?.paragraphs.length) return null;
    terms.list([]);
    body.replaceChildren(...blocksOf(part));
    body.scrollTop = 0;
    await extend(false);
    return block(number);
  }

  function reveal(node, share = 0.25) {
    held = node.closest(".paragraph");
    const above = node.getBoundingClientRect().top - body.getBoundingClientRect().top;
    body.scrollTop += above - body.clientHeight * share;
    look();
  }

  function show(opened, cited) {
    source = opened;
    held = null;
    marks = [...cited, ...(opened.start < opened.end ? [{ start: opened.start, end: opened.end }] : [])];
    current = { start: opened.start, end: opened.end };
    terms.list([]);
    body.replaceChildren(...blocksOf(opened));
    const target = body.querySelector("mark.quote") ?? block(opened.number);
    body.scrollTop = 0;
    if (target && (opened.start < opened.end || opened.number > 1)) reveal(target);
  }

  // Makes another place the current one; false where its paragraph is not on show.
  function choose(place) {
    current = place;
    for (const mark of body.querySelectorAll("mark[data-start]")) {
      mark.className = isCurrent(Number(mark.dataset.start), Number(mark.dataset.end)) ? "quote" : "cited";
    }
    body.querySelectorAll(".is-quoted").forEach((node) => node.classList.remove("is-quoted"));
    body.querySelectorAll("mark.quote").forEach((node) => node.closest(".paragraph").classList.add("is-quoted"));
    const found = body.querySelector("mark.quote");
    if (found) reveal(found);
    return found !== null;
  }

  function clear(...nodes) {
    source = null;
    terms.list([]);
    body.replaceChildren(...nodes);
  }

  body.addEventListener("scroll", look, { signal, passive: true });
  for (const way of ["wheel", "touchmove", "pointerdown", "keydown"]) {
    body.addEventListener(way, () => { held = null; }, { signal, passive: true });
  }
  window.addEventListener("resize", look, { signal });
  return { show, clear, choose, fetchBlock, reveal, reading, look, source: () => source, current: () => current };
}
