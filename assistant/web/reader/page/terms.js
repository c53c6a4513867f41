// Words that the glossary explains, in the source reader: what it says shows on hover, focus, click
// or tap, beside the text and never in it.
import { make } from "./lib.js";

const LEAVING = 250;

function termAt(event) {
  return event.target instanceof Element ? event.target.closest(".term") : null;
}

export function mountTerms(element, signal) {
  const body = element.querySelector(".reader-body");
  const bubble = element.querySelector(".explain");
  const entries = element.querySelector(".reader-terms");
  let shown = null;
  let pinned = null;
  let leaving = 0;

  // What the glossary says, as hidden text that the marked words are described by.
  function list(terms) {
    hide();
    entries.replaceChildren();
    add(terms);
  }

  // Adds to what is listed; returns the number of the first that was added.
  function add(terms) {
    const base = entries.childElementCount;
    entries.append(...terms.map((term, number) => {
      const entry = make("div");
      entry.id = "term-" + (base + number);
      entry.append(make("p", "label", "词表解释（不是文件原文）："), make("p", "", term.definition));
      if (term.words.length > 1) entry.append(make("p", "from", "词表里的同义词：" + term.words.join("、")));
      if (term.source) entry.append(make("p", "from", "解释出处：" + term.source));
      return entry;
    }));
    return base;
  }

  function piece(part, base = 0) {
    if (part.term === undefined) return document.createTextNode(part.text);
    const node = make("span", "term", part.text);
    node.tabIndex = 0;
    node.setAttribute("role", "button");
    node.setAttribute("aria-expanded", "false");
    node.setAttribute("aria-describedby", "term-" + (base + part.term));
    node.addEventListener("click", () => pin(node));
    return node;
  }

  function show(node) {
    clearTimeout(leaving);
    if (shown === node) return;
    hide();
    const entry = document.getElementById(node.getAttribute("aria-describedby"));
    bubble.replaceChildren(...[...entry.childNodes].map((part) => part.cloneNode(true)));
    bubble.hidden = false;
    shown = node;
    node.setAttribute("aria-expanded", "true");
    place();
  }

  // Returns whether there was anything to hide.
  function hide() {
    clearTimeout(leaving);
    const node = shown;
    shown = pinned = null;
    bubble.hidden = true;
    if (node) node.setAttribute("aria-expanded", "false");
    return node !== null;
  }

  function pin(node) {
    if (!window.getSelection().isCollapsed) return; // words are being selected, not asked about
    if (pinned === node) {
      hide();
      return;
    }
    show(node);
    pinned = node;
  }

  // Under the word, or above it where there is no room; never out of the reader.
  function place() {
    const frame = bubble.parentElement.getBoundingClientRect();
    const view = body.getBoundingClientRect();
    const word = shown.getClientRects()[0];
    if (!word || word.bottom < view.top || word.top > view.bottom) {
      hide();
      return;
    }
    const { offsetWidth: width, offsetHeight: height } = bubble;
    const below = word.bottom - frame.top + 6;
    const above = word.top - frame.top - height - 6;
    bubble.style.top = (below + height > frame.height - 8 && above > 0 ? above : below) + "px";
    bubble.style.left = Math.max(12, Math.min(word.left - frame.left, frame.width - width - 14)) + "px";
  }

  function leave() {
    clearTimeout(leaving);
    leaving = setTimeout(() => {
      if (shown && shown !== pinned && shown !== document.activeElement) hide();
    }, LEAVING);
  }

  body.addEventListener("pointerover", (event) => {
    const node = event.pointerType === "mouse" && !pinned ? termAt(event) : null;
    if (node) show(node);
  }, { signal });
  body.addEventListener("pointerout", (event) => { if (termAt(event)) leave(); }, { signal });
  bubble.addEventListener("pointerenter", () => clearTimeout(leaving), { signal });
  bubble.addEventListener("pointerleave", leave, { signal });
  body.addEventListener("focusin", (event) => { if (termAt(event)) show(termAt(event)); }, { signal });
  body.addEventListener("focusout", (event) => {
    if (termAt(event) === shown && !bubble.contains(event.relatedTarget)) hide();
  }, { signal });
  body.addEventListener("keydown", (event) => {
    const node = event.key === "Enter" || event.key === " " ? termAt(event) : null;
    if (!node) return;
    event.preventDefault();
    pin(node);
  }, { signal });
  body.addEventListener("scroll", () => { if (shown) place(); }, { signal });
  window.addEventListener("resize", () => { if (shown) place(); }, { signal });
  document.addEventListener("pointerdown", (event) => {
    if (shown && !termAt(event) && !bubble.contains(event.target)) hide();
  }, { signal });
  return { list, add, piece, hide };
}
