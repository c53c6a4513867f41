// A question put back to be changed, one asked again, an answer read out, and the keyboard.
import { act, desk, on, setBusy, setEditing } from "./desk.js";
import { announce, make, whenThere, words } from "./lib.js";

const area = () => document.querySelector("#question textarea");

export function put(text) {
  const input = area();
  input.value = text;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.focus();
  input.setSelectionRange(text.length, text.length);
}

function placeOf(node, selector) {
  const message = node.closest(".message-row");
  const questions = [...document.querySelectorAll("#chat .question")];
  if (selector === ".question") return questions.indexOf(message.querySelector(".question"));
  const before = questions.filter((one) => one.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING);
  return before.length - 1;
}

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("#chat button.edit, #chat button.again") : null;
  if (!button || desk.busy) return;
  if (button.classList.contains("edit")) {
    const at = placeOf(button, ".question");
    if (at < 0 || !desk.questions[at]) return;
    setEditing(at);
    put(desk.questions[at].text);
  } else {
    const at = placeOf(button, ".answer");
    if (at >= 0) act({ do: "again", at, scope: desk.scope });
  }
});

// What is being edited, above the input box.
function showEditing(at) {
  const bar = document.querySelector("#suggestions .suggestions");
  bar?.parentElement.querySelector(".editing")?.remove();
  document.querySelectorAll("#chat .is-edited").forEach((node) => node.classList.remove("is-edited"));
  if (bar) bar.hidden = at !== null || !bar.childElementCount;
  if (!bar || at === null) return;
  const line = make("div", "editing");
  const cancel = make("button", "editing-cancel", "不改了");
  cancel.type = "button";
  cancel.addEventListener("click", () => {
    setEditing(null);
    put("");
  });
  const behind = desk.questions.length - at - 1;
  const said = `正在改第 ${at + 1} 个问题：发送后替换它${behind ? `和后面的 ${behind} 个问题` : ""}。`;
  line.append(make("span", "editing-said", said), cancel);
  bar.before(line);
  announce(said);
}

on("edit", showEditing);
on("told", (said) => {
  if (said.busy) return;
  const answers = document.querySelectorAll("#chat .answer:not(.growing)");
  if (answers.length && said.questions?.length) requestAnimationFrame(() => requestAnimationFrame(readOut));
});

// An answer is read out once, when it is whole.
function readOut() {
  const last = [...document.querySelectorAll("#chat .answer:not(.growing)")].pop();
  if (!last) return;
  const said = [...last.querySelectorAll(".verdict, .strength, .lead, .short, .place, .point, .nearest, .note")];
  announce(said.map(words).join(" "));
}

// Keyboard: / goes to the input box; ↑ in the empty box takes the last question; Escape stops, gives up editing,
// or leaves the box. Arrows lead from a citation to its neighbours: reader.js.
function isTyping(target) {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable=true]");
}

function escape(event) {
  if (desk.busy) {
    document.querySelector("#stop")?.click();
  } else if (event.target === area()) {
    if (desk.editing !== null) {
      setEditing(null);
      put("");
    } else {
      area().blur();
    }
  }
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  if (event.key === "/" && !isTyping(event.target) && area()) {
    event.preventDefault();
    area().focus();
  } else if (event.key === "ArrowUp" && event.target === area() && !area().value && desk.questions.length) {
    event.preventDefault();
    put(desk.questions[desk.questions.length - 1].text);
  } else if (event.key === "Escape") {
    escape(event);
  }
});

document.addEventListener("click", (event) => {
  const cleared = event.target instanceof Element && event.target.closest("#clear, #stop");
  if (!cleared) return;
  setBusy(false);
  if (event.target.closest("#clear")) setEditing(null);
});

whenThere("#question textarea", (input) => {
  input.setAttribute("aria-keyshortcuts", "/");
  input.setAttribute("aria-label", "问题");
  input.title = "按回车发送，Shift+回车换行；按 / 回到这里";
});
