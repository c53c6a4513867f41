// The source reader. Data only ever becomes text of an element (textContent), never HTML: documents may
// hold anything. `mountReader` gives life to one `.reader`; links to #cite-… open it wherever they stand.
import { api, make } from "./lib.js";
import { mountTerms } from "./terms.js";

const CITATION = /^#cite-(.+)-(\d+)-(\d+)$/;
let mounted = null;

export function mountReader(element) {
  mounted?.abort();
  mounted = new AbortController();
  const { signal } = mounted;
  const panel = element.closest("#source") || element; // Gradio scopes the page's CSS: body is out of its reach
  const body = element.querySelector(".reader-body");
  const title = element.querySelector(".reader-title");
  const facts = element.querySelector(".reader-facts");
  const terms = mountTerms(element, signal);
  let opener = null;
  let latest = 0;

  function runOf(run, source) {
    const pieces = (run.pieces ?? [run]).map(terms.piece);
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
    const text = make(paragraph.heading ? "h3" : "p", "text");
    text.append(...paragraph.runs.flatMap((run) => runOf(run, source)));
    row.append(text);
    block.append(row);
    if (text.querySelector("mark")) block.classList.add("is-quoted");
    return block;
  }

  function showMessage(text) {
    terms.list([]);
    body.replaceChildren(make("p", "reader-message", text));
  }

  function showSource(source) {
    title.textContent = "《" + source.title + "》";
    facts.textContent = source.facts.join(" · ");
    terms.list(source.terms);
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
    let show;
    try {
      const source = await api("POST", "/api/source", place);
      show = () => showSource(source);
    } catch (error) {
      show = () => showMessage(error.message);
    }
    if (turn !== latest) return;
    show();
    body.focus({ preventScroll: true });
  }

  function close() {
    latest += 1;
    terms.hide();
    panel.classList.remove("is-open");
    if (opener && opener.isConnected) opener.focus({ preventScroll: true });
  }

  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[href^='#cite-']") : null;
    const found = link && CITATION.exec(link.getAttribute("href"));
    if (!found) return;
    event.preventDefault();
    event.stopPropagation();
    openCitation(link, { document: decodeURIComponent(found[1]), start: Number(found[2]), end: Number(found[3]) });
  }, { signal, capture: true });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !terms.hide() && panel.classList.contains("is-open")) close();
  }, { signal });

  element.querySelector(".reader-close").addEventListener("click", close, { signal });
}
