// Words looked for in the whole document; the server finds them, here they are marked where they are on show.
import { api, make } from "./lib.js";

const TYPING_MS = 200;

// Puts marks around characters `start` to `end` of the text of an element.
function wrap(text, start, end, number) {
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  const pieces = [];
  for (let at = 0, node = walker.nextNode(); node && at < end; node = walker.nextNode()) {
    const [from, to] = [Math.max(start - at, 0), Math.min(end - at, node.length)];
    if (from < to) pieces.push([node, from, to]);
    at += node.length;
  }
  for (const [node, from, to] of pieces) {
    const range = document.createRange();
    range.setStart(node, from);
    range.setEnd(node, to);
    const hit = make("mark", "hit");
    hit.dataset.hit = number;
    range.surroundContents(hit);
  }
}

function unwrap(body) {
  for (const hit of body.querySelectorAll("mark.hit")) {
    const parent = hit.parentNode;
    hit.replaceWith(...hit.childNodes);
    parent.normalize();
  }
}

export function mountFind(frame, signal, text) {
  const { body, find, tools } = frame;
  let found = [];
  let places = new Map();
  let total = 0;
  let at = -1;
  let latest = 0;
  let typing = 0;

  function decorate(block) {
    const hits = places.get(Number(block.dataset.number));
    if (!hits) return;
    const words = block.querySelector(".text");
    for (const number of hits) wrap(words, found[number][1], found[number][2], number);
    paint(block);
  }

  function paint(within) {
    for (const hit of within.querySelectorAll("mark.hit")) {
      hit.classList.toggle("is-current", Number(hit.dataset.hit) === at);
    }
  }

  function say() {
    const many = total > found.length ? "，只列前 " + found.length + " 处" : "";
    if (!find.input.value.trim()) find.count.textContent = "";
    else find.count.textContent = total ? at + 1 + "/" + total + many : "没有找到";
    for (const button of [find.previous, find.next]) button.disabled = found.length === 0;
  }

  function forget() {
    latest += 1;
    unwrap(body);
    [found, places, total, at] = [[], new Map(), 0, -1];
    say();
  }

  async function search() {
    clearTimeout(typing);
    forget();
    const source = text.source();
    const words = find.input.value;
    if (!source || !words.trim()) return;
    const turn = latest;
    let answer;
    try {
      answer = await api("POST", "/api/source/search", { document: source.document, words });
    } catch (error) {
      if (turn === latest) find.count.textContent = error.message;
      return;
    }
    if (turn !== latest || text.source() !== source) return;
    if (answer.version !== source.version) {
      find.count.textContent = "文件刚刚更新过，请重新打开";
      return;
    }
    [found, total] = [answer.found, answer.count];
    found.forEach(([number], hit) => places.set(number, [...(places.get(number) ?? []), hit]));
    body.querySelectorAll(".paragraph").forEach(decorate);
    const from = text.reading();
    await go(Math.max(0, found.findIndex(([number]) => number >= from)));
  }

  async function go(number) {
    if (!found.length) {
      say();
      return;
    }
    at = (number + found.length) % found.length;
    say();
    const turn = latest;
    const block = await text.fetchBlock(found[at][0]).catch((error) => { find.count.textContent = error.message; });
    if (!block || turn !== latest) return;
    paint(body);
    const hit = block.querySelector("mark.hit.is-current");
    if (hit) text.reveal(hit, 0.35);
  }

  function open() {
    if (!text.source()) return;
    find.form.hidden = false;
    tools.find.setAttribute("aria-expanded", "true");
    find.input.focus();
    find.input.select();
  }

  // Returns whether there was anything to close.
  function close() {
    if (find.form.hidden) return false;
    find.form.hidden = true;
    tools.find.setAttribute("aria-expanded", "false");
    find.input.value = "";
    forget();
    body.focus({ preventScroll: true });
    return true;
  }

  // Another document has come.
  function renew() {
    if (!find.form.hidden) search();
  }

  tools.find.setAttribute("aria-expanded", "false");
  tools.find.addEventListener("click", () => { if (!close()) open(); }, { signal });
  find.close.addEventListener("click", close, { signal });
  find.previous.addEventListener("click", () => go(at - 1), { signal });
  find.next.addEventListener("click", () => go(at + 1), { signal });
  find.input.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(search, TYPING_MS);
  }, { signal });
  find.form.addEventListener("submit", (event) => event.preventDefault(), { signal });
  find.input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    if (found.length) go(event.shiftKey ? at - 1 : at + 1);
    else search();
  }, { signal });
  return { decorate, open, close, renew };
}
