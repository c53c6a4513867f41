// Small pieces that every part of 学习材料 is made of: links to a source, quotes, badges, tables.
import { make } from "./lib.js";
import { digest } from "./reader-link.js";

// An element with children; text becomes text, and what is null is left out.
export function put(tag, className, ...children) {
  const node = make(tag, className);
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

export function link(text, href, className = "") {
  const node = make("a", className, text);
  node.href = href;
  return node;
}

export function badge(text, kind, title = "") {
  const node = make("span", "badge " + kind, text);
  if (title) node.title = title;
  return node;
}

const STATES = {
  moved: ["位置已变动", "文件更新过，同样的文字现在在别的位置。"],
  gone: ["出处已变动", "文件更新过，这段文字已经不是现在的原文。"],
};

// Says that a quote is not at its place any more; null for one that is.
export function stateBadge(quote) {
  const said = STATES[quote.state];
  return said ? badge(said[0], quote.state, said[1]) : null;
}

export function placeOf(quote) {
  return `${quote.section} 第${quote.paragraph}段`.trim();
}

// A link that opens the place of a quote in the reader with its words marked.
export function cite(quote, text = "", className = "") {
  const said = text || placeOf(quote);
  const href = `#cite-${encodeURIComponent(quote.document_id)}-${quote.start}-${quote.end}-${digest(quote.text)}`;
  const node = link(said, href, "cite " + className);
  node.title = `打开原文：《${quote.document}》${placeOf(quote)}`;
  return node;
}

// A quote with its title and place: only what still stands is shown in quotation marks as the source's words.
export function quoted(quote, titled = true) {
  const words = quote.state === "gone" ? make("s", "old", quote.text) : make("q", "", quote.text);
  const where = cite(quote, (titled ? `《${quote.document}》` : "") + placeOf(quote));
  return put("p", "quoted", words, " ", where, stateBadge(quote));
}

// The pieces of a point in the order of the source, "……" between those that do not touch.
export function wordsOf(quotes) {
  return quotes.map((quote, at) => {
    const before = quotes[at - 1];
    const touching = !before || (before.document_id === quote.document_id && before.end === quote.start);
    return (touching ? "" : "……") + quote.text;
  }).join("");
}

export function labelled(words, input, hint = "") {
  const label = make("label", "", words);
  label.htmlFor = input.id;
  const said = hint ? make("span", "quiet", hint) : null;
  if (said) {
    said.id = input.id + "-hint";
    input.setAttribute("aria-describedby", said.id);
  }
  return put("div", "field", label, input, said);
}

export function input(id, type, options = {}) {
  const node = make("input");
  Object.assign(node, { id, type, autocomplete: "off" }, options);
  return node;
}

// A table: heads are [text, className]; rows are rows of nodes or texts. Narrow windows show a card a row.
export function table(caption, heads, rows) {
  const node = make("table", "cards");
  node.append(make("caption", "unseen", caption));
  const line = put("tr", "", ...heads.map(([text, className]) => Object.assign(make("th", className || "", text), { scope: "col" })));
  node.append(put("thead", "", line), put("tbody", "", ...rows.map((row) => rowOf(heads, row))));
  return put("div", "wide", node);
}

export function rowOf(heads, values) {
  return put("tr", "", ...values.map((value, at) => {
    const cell = make("td", heads[at][1] || "");
    cell.dataset.label = heads[at][0];
    cell.append(value instanceof Node ? value : String(value ?? ""));
    return cell;
  }));
}

// Shows a list bit by bit, `step` at a time: a `node` of each goes into `frame`, which is `outer` or stands in it.
export function growing(list, step, node, frame, outer = frame) {
  let shown = 0;
  const more = make("button", "more");
  more.type = "button";
  const add = () => {
    const first = shown;
    frame.append(...list.slice(shown, shown + step).map(node));
    shown = Math.min(list.length, shown + step);
    more.textContent = `再显示一些（还有 ${list.length - shown}）`;
    more.hidden = shown >= list.length;
    return frame.children[first];
  };
  more.addEventListener("click", () => {
    const next = add();
    if (!next) return;
    next.tabIndex = -1;
    next.focus({ preventScroll: true });
  });
  add();
  return put("div", "", outer, more);
}

export function empty(...lines) {
  return put("div", "empty", ...lines.map((line, at) => make("p", at ? "quiet" : "", line)));
}
