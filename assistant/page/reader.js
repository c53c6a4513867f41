// The source reader. `element` and `server` come from Gradio. Data only ever becomes text of an
// element (textContent), never HTML: documents may hold anything.
const panel = element.closest("#source") || element; // Gradio scopes the page's CSS: body is out of its reach
const body = element.querySelector(".reader-body");
const title = element.querySelector(".reader-title");
const facts = element.querySelector(".reader-facts");
const closeButton = element.querySelector(".reader-close");
const CITATION = /^#cite-(.+)-(\d+)-(\d+)$/;
let opener = null;
let latest = 0;

function make(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

function runOf(run, source) {
  const pieces = (run.pieces ?? [run]).map(pieceOf);
  if (!run.quoted) return pieces;
  const mark = make("mark", "quote");
  mark.append(...pieces);
  mark.dataset.document = source.document;
  mark.dataset.start = run.start;
  mark.dataset.end = run.end;
  return [mark];
}

function paragraphOf(paragraph, source) {
  const block = make("section", paragraph.heading ? "paragraph is-heading" : "paragraph");
  for (const name of paragraph.headings) block.append(make("h3", "heading", name));
  const row = make("div", "row");
  row.append(make("span", "number", "第" + paragraph.number + "段"));
  const words = make(paragraph.heading ? "h3" : "p", "text");
  words.append(...paragraph.runs.flatMap((run) => runOf(run, source)));
  row.append(words);
  block.append(row);
  if (words.querySelector("mark")) block.classList.add("is-quoted");
  return block;
}

function showMessage(text) {
  listTerms([]);
  body.replaceChildren(make("p", "reader-message", text));
}

function showSource(source) {
  title.textContent = "《" + source.title + "》";
  facts.textContent = source.facts.join(" · ");
  listTerms(source.terms);
  const parts = source.paragraphs.map((paragraph) => paragraphOf(paragraph, source));
  if (source.note) parts.unshift(make("p", "reader-note", source.note));
  body.replaceChildren(...parts);
  scrollToQuote();
}

function scrollToQuote() {
  const mark = body.querySelector("mark");
  if (!mark) return;
  const above = mark.getBoundingClientRect().top - body.getBoundingClientRect().top;
  body.scrollTop += above - body.clientHeight / 4;
}

async function openCitation(link, place) {
  const turn = ++latest;
  opener = link;
  document.querySelectorAll("a.cite.is-open").forEach((other) => other.classList.remove("is-open"));
  document.querySelectorAll("a.cite").forEach((other) => {
    if (other.getAttribute("href") === link.getAttribute("href")) other.classList.add("is-open");
  });
  panel.classList.add("is-open");
  let source;
  try {
    source = await server.open_source(place);
  } catch {
    source = { error: "连接不上服务：请检查网络后再点一次。" };
  }
  if (turn !== latest) return;
  if (source.error) showMessage(source.error);
  else showSource(source);
  body.focus({ preventScroll: true });
}

function closeReader() {
  latest += 1;
  hideTerm();
  panel.classList.remove("is-open");
  if (opener && opener.isConnected) opener.focus({ preventScroll: true });
}

window.policyReader?.abort();
window.policyReader = new AbortController();
const { signal } = window.policyReader;

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a[href^='#cite-']") : null;
  const found = link && CITATION.exec(link.getAttribute("href"));
  if (!found) return;
  event.preventDefault();
  event.stopPropagation();
  openCitation(link, { document: decodeURIComponent(found[1]), start: Number(found[2]), end: Number(found[3]) });
}, { signal, capture: true });

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !hideTerm() && panel.classList.contains("is-open")) closeReader();
}, { signal });

closeButton.addEventListener("click", closeReader, { signal });
watchTerms(signal);
