// Words that the glossary explains, in the source reader: what it says shows on hover, focus, click
// or tap, beside the text and never in it. Runs in one scope with reader.js.
const bubble = element.querySelector(".explain");
const termList = element.querySelector(".reader-terms");
const LEAVING = 250;
let shownTerm = null;
let pinnedTerm = null;
let leaving = 0;

// What the glossary says, as hidden text that the marked words are described by.
function listTerms(terms) {
  hideTerm();
  termList.replaceChildren(...terms.map((term, number) => {
    const entry = make("div");
    entry.id = "term-" + number;
    entry.append(make("p", "label", "词表解释（不是文件原文）："), make("p", "", term.definition));
    if (term.words.length > 1) entry.append(make("p", "from", "词表里的同义词：" + term.words.join("、")));
    if (term.source) entry.append(make("p", "from", "解释出处：" + term.source));
    return entry;
  }));
}

function pieceOf(piece) {
  if (piece.term === undefined) return document.createTextNode(piece.text);
  const node = make("span", "term", piece.text);
  node.tabIndex = 0;
  node.setAttribute("role", "button");
  node.setAttribute("aria-expanded", "false");
  node.setAttribute("aria-describedby", "term-" + piece.term);
  node.addEventListener("click", () => pinTerm(node));
  return node;
}

function showTerm(node) {
  clearTimeout(leaving);
  if (shownTerm === node) return;
  hideTerm();
  const entry = document.getElementById(node.getAttribute("aria-describedby"));
  bubble.replaceChildren(...[...entry.childNodes].map((part) => part.cloneNode(true)));
  bubble.hidden = false;
  shownTerm = node;
  node.setAttribute("aria-expanded", "true");
  placeTerm();
}

// Returns whether there was anything to hide.
function hideTerm() {
  clearTimeout(leaving);
  const node = shownTerm;
  shownTerm = pinnedTerm = null;
  bubble.hidden = true;
  if (node) node.setAttribute("aria-expanded", "false");
  return node !== null;
}

function pinTerm(node) {
  if (!window.getSelection().isCollapsed) return; // words are being selected, not asked about
  if (pinnedTerm === node) {
    hideTerm();
    return;
  }
  showTerm(node);
  pinnedTerm = node;
}

// Under the word, or above it where there is no room; never out of the reader.
function placeTerm() {
  const frame = bubble.parentElement.getBoundingClientRect();
  const view = body.getBoundingClientRect();
  const word = shownTerm.getClientRects()[0];
  if (!word || word.bottom < view.top || word.top > view.bottom) {
    hideTerm();
    return;
  }
  const { offsetWidth: width, offsetHeight: height } = bubble;
  const below = word.bottom - frame.top + 6;
  const above = word.top - frame.top - height - 6;
  bubble.style.top = (below + height > frame.height - 8 && above > 0 ? above : below) + "px";
  bubble.style.left = Math.max(12, Math.min(word.left - frame.left, frame.width - width - 14)) + "px";
}

function leaveTerm() {
  clearTimeout(leaving);
  leaving = setTimeout(() => {
    if (shownTerm && shownTerm !== pinnedTerm && shownTerm !== document.activeElement) hideTerm();
  }, LEAVING);
}

function termAt(event) {
  return event.target instanceof Element ? event.target.closest(".term") : null;
}

function watchTerms(signal) {
  body.addEventListener("pointerover", (event) => {
    const node = event.pointerType === "mouse" && !pinnedTerm ? termAt(event) : null;
    if (node) showTerm(node);
  }, { signal });
  body.addEventListener("pointerout", (event) => { if (termAt(event)) leaveTerm(); }, { signal });
  bubble.addEventListener("pointerenter", () => clearTimeout(leaving), { signal });
  bubble.addEventListener("pointerleave", leaveTerm, { signal });
  body.addEventListener("focusin", (event) => { if (termAt(event)) showTerm(termAt(event)); }, { signal });
  body.addEventListener("focusout", (event) => {
    if (termAt(event) === shownTerm && !bubble.contains(event.relatedTarget)) hideTerm();
  }, { signal });
  body.addEventListener("keydown", (event) => {
    const node = event.key === "Enter" || event.key === " " ? termAt(event) : null;
    if (!node) return;
    event.preventDefault();
    pinTerm(node);
  }, { signal });
  body.addEventListener("scroll", () => { if (shownTerm) placeTerm(); }, { signal });
  window.addEventListener("resize", () => { if (shownTerm) placeTerm(); }, { signal });
  document.addEventListener("pointerdown", (event) => {
    if (shownTerm && !termAt(event) && !bubble.contains(event.target)) hideTerm();
  }, { signal });
}
