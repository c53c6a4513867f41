// Places of a document as links, and words of it with where they come from. base/permalinks.py makes the same digest.
const MODULUS = 2n ** 61n - 1n;
const BASE = 1540483477n;
const REST = "(?:-(\\d+)-(\\d+)(?:-([0-9a-f]+_[0-9a-f]+))?)";
const CITED = new RegExp("^#cite-(.+?)" + REST + "$");
const OPENED = new RegExp("^#open-(.+?)" + REST + "?$");

function placeOf(found) {
  if (!found) return null;
  let identity;
  try {
    identity = decodeURIComponent(found[1]);
  } catch {
    return null;
  }
  if (found[2] === undefined) return { document: identity };
  const place = { document: identity, start: Number(found[2]), end: Number(found[3]) };
  return found[4] ? { ...place, digest: found[4] } : place;
}

// The place that a citation of an answer names.
export function citedPlace(href) {
  return placeOf(CITED.exec(href ?? ""));
}

// The place that a link to a document names, perhaps the document alone.
export function openedPlace(hash) {
  return placeOf(OPENED.exec(hash ?? ""));
}

export function digest(text) {
  const words = [...text.replace(/\s+/g, "")];
  const number = words.reduce((value, word) => (value * BASE + BigInt(word.codePointAt(0))) % MODULUS, 0n);
  return words.length.toString(16) + "_" + number.toString(16);
}

export function linkTo(place) {
  const rest = place.text ? ["", place.start, place.end, digest(place.text)].join("-") : "";
  return location.origin + "/#open-" + encodeURIComponent(place.document) + rest;
}

// What stands behind the title of a document that is not in force, "" behind any other.
export function remark({ lapsed, successor }) {
  return lapsed ? "（" + lapsed + (successor ? "，见《" + successor.title + "》" : "") + "）" : "";
}

export function withSource(source, part) {
  const paragraphs = part.first === part.last ? part.first : part.first + "至" + part.last;
  return "“" + part.shown + "”——《" + source.title + "》" + remark(source) + "第" + paragraphs + "段";
}

function shownOf(range) {
  const words = range.cloneContents();
  words.querySelectorAll(".heading-mark").forEach((mark) => mark.remove());
  return words.textContent.trim();
}

const lengthOf = (text) => [...text].length;

// What of a range is text of paragraphs inside `body`: never numbers, names or explanations. Null for nothing.
export function partOf(range, body) {
  const parts = [];
  for (const text of body.querySelectorAll(".text")) {
    if (!range.intersectsNode(text)) continue;
    const [inner, before] = [document.createRange(), document.createRange()];
    inner.selectNodeContents(text);
    if (text.contains(range.startContainer)) inner.setStart(range.startContainer, range.startOffset);
    if (text.contains(range.endContainer)) inner.setEnd(range.endContainer, range.endOffset);
    before.selectNodeContents(text);
    before.setEnd(inner.startContainer, inner.startOffset);
    const said = inner.toString();
    const shown = shownOf(inner);
    if (!shown) continue;
    const blanks = said.length - said.trimStart().length;
    const block = text.closest(".paragraph");
    const start = Number(block.dataset.start) + lengthOf(before.toString() + said.slice(0, blanks));
    parts.push({ number: Number(block.dataset.number), text: said.trim(), shown, start, end: start + lengthOf(said.trim()) });
  }
  if (!parts.length) return null;
  const [first, last] = [parts[0], parts[parts.length - 1]];
  const [text, shown] = ["text", "shown"].map((key) => parts.map((part) => part[key]).join("\n"));
  return { text, shown, first: first.number, last: last.number, start: first.start, end: last.end };
}
