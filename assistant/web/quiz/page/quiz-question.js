// One question to be answered: what it shows, and what was answered as the server wants it.
import { button, make } from "./lib.js";
import { put } from "./study-parts.js";

const BLANK = "____";
const LETTERS = "ABCDEFGHIJKLMNOPQRST";

function frame(question, number, stem) {
  const head = put("span", "kind", make("b", "", `${number}.`), ` ${question.name}（${question.points} 分）`);
  const node = put("fieldset", "question", put("legend", "", head, stem && make("span", "stem", stem)));
  node.id = "question-" + number;
  node.tabIndex = -1;
  return node;
}

function blanks(question, number, given, changed) {
  const node = frame(question, number, "");
  const stem = make("p", "stem");
  const inputs = [];
  question.stem.split(BLANK).forEach((piece, at, pieces) => {
    stem.append(piece);
    if (at === pieces.length - 1) return;
    const input = Object.assign(make("input", "blank"), { type: "text", maxLength: 200, autocomplete: "off", value: given[at] ?? "" });
    input.setAttribute("aria-label", pieces.length > 2 ? `第 ${number} 题第 ${at + 1} 空` : `第 ${number} 题的空`);
    input.spellcheck = false;
    input.addEventListener("input", changed);
    inputs.push(input);
    stem.append(input);
  });
  node.append(stem);
  return { node, read: () => (inputs.some((one) => one.value.trim()) ? inputs.map((one) => one.value) : []) };
}

const HINTS = { multiple: "可选一项或几项", order: "按先后顺序点选；再点一次取消" };

function choices(question, number, given, changed) {
  const several = question.kind === "multiple";
  const node = frame(question, number, question.stem);
  const inputs = question.options.map(({ id, text }, at) => {
    const input = Object.assign(make("input"), { type: several ? "checkbox" : "radio", name: "q-" + question.id, value: id, checked: given.includes(id) });
    input.addEventListener("change", changed);
    const mark = question.kind === "judge" ? null : make("span", "letter", LETTERS[at]);
    node.append(put("label", "option", input, mark, make("span", "", text)));
    return input;
  });
  if (several) node.insertBefore(make("p", "quiet hint", HINTS.multiple), node.children[1]);
  return { node, read: () => inputs.filter((one) => one.checked).map((one) => one.value) };
}

// Options are clicked in the order in which they belong; each says which one it is.
function order(question, number, given, changed) {
  const node = frame(question, number, question.stem);
  let chosen = question.options.map(({ id }) => id).filter((id) => given.includes(id));
  chosen.sort((one, other) => given.indexOf(one) - given.indexOf(other));
  const options = question.options.map(({ id, text }) => {
    const place = make("span", "letter");
    const option = button("", "option", () => {
      chosen = chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id];
      show();
      changed();
    });
    option.append(place, make("span", "", text));
    return { id, option, place };
  });
  const show = () => options.forEach(({ id, option, place }) => {
    const at = chosen.indexOf(id);
    option.setAttribute("aria-pressed", String(at >= 0));
    place.textContent = at < 0 ? "–" : String(at + 1);
  });
  show();
  node.append(make("p", "quiet hint", HINTS.order), ...options.map(({ option }) => option));
  return { node, read: () => chosen };
}

function open(question, number, given, changed) {
  const node = frame(question, number, question.stem);
  const area = Object.assign(make("textarea"), { rows: 4, maxLength: 2000, value: given[0] ?? "" });
  area.setAttribute("aria-label", `第 ${number} 题的回答`);
  area.addEventListener("input", changed);
  node.append(area, make("p", "quiet hint", "由培训员批阅"));
  return { node, read: () => (area.value.trim() ? [area.value] : []) };
}

const KINDS = { fill: blanks, single: choices, multiple: choices, judge: choices, order, short: open };

export function questionField(question, number, given, changed) {
  return { id: question.id, number, ...KINDS[question.kind](question, number, given, changed) };
}

// Whether all that is asked is answered: every blank, every place of an order.
export function isWhole(question, answer) {
  if (question.kind === "fill") return answer.length > 0 && answer.every((one) => one.trim());
  return answer.length >= (question.kind === "order" ? question.options.length : 1);
}
