// The source reader. Data only ever becomes text of an element (textContent), never HTML: documents may
// hold anything. `mountReader` gives life to one `.reader`; links to #cite-… (a citation of an answer) and to
// #open-… (a place of a document, or a document) open it wherever they stand, as does the page's own address.
import { announce, api, make } from "./lib.js";
import { mountCopy } from "./reader-copy.js";
import { mountFind } from "./reader-find.js";
import { buildFrame } from "./reader-frame.js";
import { citedPlace, openedPlace } from "./reader-link.js";
import { mountPrint } from "./reader-print.js";
import { mountText } from "./reader-text.js";
import { mountToc } from "./reader-toc.js";
import { mountTerms } from "./terms.js";

const CITES = "a[href^='#cite-']";
const UPDATED = "这份文件刚刚更新过，已重新打开。";
const READY_TRIES = 120;
let mounted = null;

// The citations of the answer that a link stands in, each once, in order.
function citationsBeside(link) {
  const found = new Map();
  for (const one of link.closest(".answer")?.querySelectorAll(CITES) ?? [link]) {
    const href = one.getAttribute("href");
    const place = citedPlace(href);
    if (place && !found.has(href)) found.set(href, { href, place, marker: /\[\d+\]/.exec(one.textContent)?.[0] ?? "" });
  }
  return [...found.values()];
}

function isTyping(target) {
  return target.closest("input, textarea, select, [contenteditable=true]") !== null;
}

export function mountReader(element) {
  mounted?.abort();
  mounted = new AbortController();
  const { signal } = mounted;
  const panel = element.closest("#source") || element; // Gradio scopes the page's CSS: body is out of its reach
  const frame = buildFrame(element);
  const { body, notice, tools } = frame;
  const terms = mountTerms(element, signal);
  let opener = null;
  let latest = 0;
  let cites = { list: [], at: -1 };
  let asked = {}; // the place that was opened last
  let shownFor = ""; // the citations that the text on show is marked with

  const text = mountText(frame, terms, signal, {
    changed: () => reopen(UPDATED),
    failed: say,
    made: (block) => find.decorate(block),
    moved: showPosition,
  });
  const find = mountFind(frame, signal, text);
  const toc = mountToc(frame, signal, async (number) => {
    const block = await text.fetchBlock(number).catch((error) => say(error.message));
    if (block) text.reveal(block, 0.02);
    body.focus({ preventScroll: true });
  });
  const prints = mountPrint(frame, signal, text, toc.section, () => marksOf(text.source().document).map(spanOf));
  mountCopy(frame, signal, text);

  const spanOf = ({ start, end, digest }) => (digest ? { start, end, digest } : { start, end });

  function marksOf(identity) {
    const same = cites.list.filter((cite) => cite.place.document === identity);
    return same.map((cite) => ({ ...cite.place, marker: cite.marker }));
  }

  function say(line) {
    notice.textContent = line ?? "";
    notice.hidden = !line;
  }

  function showPosition({ dataset }) {
    const { total, pages } = text.source();
    frame.position.textContent = `第 ${dataset.number}/${total} 段` + (dataset.on ? ` · 第 ${dataset.on}/${pages} 页` : "");
    toc.mark(Number(dataset.number));
  }

  function showSteps() {
    const { list, at } = cites;
    const here = list.length > 0 && at >= 0;
    tools.steps.hidden = !here || list.length < 2;
    tools.step.textContent = here ? `引文 ${at + 1}/${list.length}` : "";
    tools.previous.disabled = at <= 0;
    tools.next.disabled = at >= list.length - 1;
  }

  function markLinks(href) {
    document.querySelectorAll("a.cite.is-open").forEach((other) => other.classList.remove("is-open"));
    document.querySelectorAll("a.cite").forEach((other) => {
      if (href && other.getAttribute("href") === href) other.classList.add("is-open");
    });
  }

  // Beside the title: that a document is not in force, and the one to read in its place.
  function showLapsed({ lapsed, successor }) {
    frame.lapsed.replaceChildren(make("span", "badge", lapsed));
    frame.lapsed.hidden = !lapsed;
    if (!lapsed || !successor) return;
    const link = make("a", "successor", "见《" + successor.title + "》");
    link.href = "#open-" + encodeURIComponent(successor.document);
    frame.lapsed.append(link);
  }

  function showMessage(line) {
    say("");
    shownFor = "";
    toc.show([]);
    element.classList.remove("has-source");
    frame.title.textContent = "原文";
    frame.facts.textContent = frame.position.textContent = "";
    frame.lapsed.hidden = true;
    text.clear(make("p", "reader-message", line));
  }

  function showSource(source, note) {
    frame.title.textContent = "《" + source.title + "》";
    frame.facts.textContent = source.facts.join(" · ");
    showLapsed(source);
    say(note || source.note);
    element.classList.add("has-source");
    element.classList.toggle("has-many", source.total > 999);
    toc.show(source.outline);
    text.show(source, marksOf(source.document));
    text.look();
    find.renew();
  }

  async function openPlace(place, note = "") {
    const turn = ++latest;
    asked = place;
    panel.classList.add("is-open");
    showSteps();
    const cited = marksOf(place.document).map(spanOf);
    let show;
    try {
      const source = await api("POST", "/api/source", { ...place, cited });
      show = () => showSource(source, note);
    } catch (error) {
      show = () => showMessage(error.message);
    }
    if (turn !== latest) return false;
    show();
    return true;
  }

  // The document has changed under what is read: what was asked for is looked for again, where it can be told.
  function reopen(note) {
    const { document: identity } = text.source();
    shownFor = "";
    openPlace(asked.digest && asked.document === identity ? asked : { document: identity }, note);
  }

  async function openCitation(number, list, focused = true) {
    cites = { list, at: number };
    const { href, place } = list[number];
    const key = place.document + " " + list.map((cite) => cite.href).join(" ");
    markLinks(href);
    // The text on show is marked for this answer already: only another quote is the current one.
    if (key === shownFor && text.source() && text.choose(place)) {
      latest += 1;
      panel.classList.add("is-open");
      showSteps();
    } else {
      if (!(await openPlace(place))) return;
      shownFor = text.source() ? key : "";
    }
    if (focused) body.focus({ preventScroll: true });
  }

  function step(by) {
    const number = cites.at + by;
    if (cites.at < 0 || !cites.list[number]) return;
    openCitation(number, cites.list, false);
    announce(`引文 ${number + 1}/${cites.list.length}`);
  }

  // From a link in the chat to its neighbour, which the reader opens where it is on show.
  function stepFrom(link, by) {
    const list = citationsBeside(link);
    const at = list.findIndex((cite) => cite.href === link.getAttribute("href")) + by;
    if (!list[at]) return;
    const scope = link.closest(".answer") ?? document;
    const next = [...scope.querySelectorAll(CITES)].find((other) => other.getAttribute("href") === list[at].href);
    next?.focus();
    opener = next;
    if (element.getClientRects().length) openCitation(at, list, false);
  }

  async function openAddress() {
    const place = openedPlace(location.hash);
    if (!place) return;
    opener = null;
    cites = { list: [], at: -1 };
    shownFor = "";
    markLinks("");
    panel.classList.add("is-open");
    for (let tries = 0; tries < READY_TRIES && !signal.aborted; tries += 1) {
      const { stage, message } = await api("GET", "/api/status").catch((error) => ({ message: error.message }));
      if (stage === "ready") break;
      showMessage(message);
      await new Promise((resolve) => { setTimeout(resolve, 500); });
    }
    if (await openPlace(place)) body.focus({ preventScroll: true });
  }

  function close() {
    latest += 1;
    terms.hide();
    panel.classList.remove("is-open");
    if (openedPlace(location.hash)) history.replaceState(null, "", location.pathname + location.search);
    if (opener && opener.isConnected) opener.focus({ preventScroll: true });
  }

  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[href*='#']") : null;
    const href = link?.getAttribute("href");
    const list = link?.matches(CITES) ? citationsBeside(link) : [];
    const number = list.findIndex((cite) => cite.href === href);
    if (number >= 0) {
      opener = link;
      openCitation(number, list);
    } else if (!link || link.hash !== location.hash || !openedPlace(link.hash)) {
      return;
    } else {
      openAddress(); // the address is there already: nothing else would tell
    }
    event.preventDefault();
    event.stopPropagation();
  }, { signal, capture: true });

  body.addEventListener("click", (event) => {
    const mark = event.target instanceof Element ? event.target.closest("mark.cited[data-cited]") : null;
    if (!mark || event.target.closest(".term") || !window.getSelection().isCollapsed) return;
    const chosen = marksOf(text.source().document)[Number(mark.dataset.cited)];
    const number = cites.list.findIndex(({ place }) => place.start === chosen?.start && place.end === chosen.end);
    if (number >= 0) openCitation(number, cites.list);
  }, { signal });

  function escaped() {
    return terms.hide() || prints.close() || find.close() || toc.close();
  }

  document.addEventListener("keydown", (event) => {
    const target = event.target instanceof Element ? event.target : document.body;
    const inside = panel.contains(target);
    if (event.key === "Escape") {
      if (!escaped() && panel.classList.contains("is-open")) close();
    } else if (event.key === "f" && (event.ctrlKey || event.metaKey) && inside && text.source()) {
      if (target === frame.find.input) return; // a second time is meant for the browser
      event.preventDefault();
      find.open();
    } else if ((event.key === "ArrowLeft" || event.key === "ArrowRight") && !isTyping(target)) {
      if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const by = event.key === "ArrowRight" ? 1 : -1;
      const link = target.closest(CITES);
      if (!link && !inside) return;
      event.preventDefault();
      if (link && !inside) stepFrom(link, by);
      else step(by);
    }
  }, { signal });

  tools.previous.addEventListener("click", () => step(-1), { signal });
  tools.next.addEventListener("click", () => step(1), { signal });
  tools.close.addEventListener("click", close, { signal });
  window.addEventListener("hashchange", openAddress, { signal });
  showSteps();
  openAddress();
}
