// The form in which a question is worded anew; the server checks what comes of it.
import { make } from "./lib.js";
import { input, labelled, put, quoted } from "./study-parts.js";

const LETTERS = "ABCDEFGH";
const BLANK = "____";
let numbered = 0;

function area(text, rows, most = 2000) {
  const node = make("textarea");
  Object.assign(node, { id: "edit-" + ++numbered, value: text, rows, maxLength: most });
  return node;
}

// The part of the form where the answer is given: its node and what it reads.
function answerPart(item, options) {
  if (item.kind === "judge") return choice(["对", "错"], ["对", "错"], item.answer, "radio");
  if (item.kind === "single" || item.kind === "multiple") {
    const letters = options.map((_, at) => LETTERS[at]);
    return choice(letters, letters, item.answer, item.kind === "single" ? "radio" : "checkbox");
  }
  if (item.kind === "order") {
    const node = input("edit-" + ++numbered, "text", { value: item.answer.join(""), maxLength: 8 });
    return { node: labelled("正确的顺序（写字母，如 BAC）", node), read: () => [...node.value.toUpperCase().replace(/[^A-H]/g, "")] };
  }
  const node = area(item.answer.join("\n"), Math.max(2, item.answer.length));
  const words = item.kind === "fill" ? "答案（每空一行）" : "答案要点（每点一行）";
  return { node: labelled(words, node), read: () => node.value.split("\n").map((line) => line.trim()).filter(Boolean) };
}

function choice(values, names, chosen, type) {
  const name = "answer-" + ++numbered;
  const boxes = values.map((value, at) => {
    const box = make("input");
    Object.assign(box, { type, name, value, checked: chosen.includes(value) });
    return put("label", "", box, " " + names[at]);
  });
  const node = put("fieldset", "right", make("legend", "", "答案"), ...boxes);
  return { node, read: () => [...node.querySelectorAll("input:checked")].map((box) => box.value) };
}

// `save` gets the wording and returns a promise; `close` gives up.
export function editForm(item, save, close) {
  const stem = area(item.stem, 3);
  const options = item.options.map((text) => area(text, 1, 1000));
  const answer = answerPart(item, options);
  const note = area(item.note, 1, 1000);
  const said = make("p", "failed");
  said.setAttribute("role", "alert");
  const yes = make("button", "primary", "保存");
  const no = make("button", "", "取消");
  no.type = "button";
  no.addEventListener("click", close);
  const hint = item.kind === "fill" ? `用 ${BLANK}（四条下划线）表示空` : "";
  const source = put("div", "from", make("span", "quiet", "出处："), quoted(item.source));
  const form = put("form", "editing", source, labelled("题干", stem, hint), ...options.map((node, at) => labelled(`选项 ${LETTERS[at]}`, node)),
    answer.node, labelled("说明", note), make("p", "quiet", "改过的题会标上“已修改”，不再当作程序从原文证明的题。"), said, put("p", "deeds", yes, " ", no));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    said.textContent = "";
    yes.disabled = true;
    try {
      await save({ stem: stem.value, options: options.map((node) => node.value), answer: answer.read(), note: note.value });
    } catch (error) {
      said.textContent = error.message;
    }
    yes.disabled = false;
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
  });
  return form;
}
