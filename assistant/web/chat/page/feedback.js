// What people say of an answer: useful, a wrong citation, not what was wanted.
// The server decides which answer and citation are meant and whether they exist.
import { api, make, words } from "./lib.js";

const ANSWER_ID = /^answer-([0-9a-f]+)$/;
const KINDS = ["useful", "wrong_citation", "missing"];
const ASKED = { wrong_citation: "哪里不对？（可不填）", missing: "想找什么？（可不填）" };
const COMMENT_LENGTH = 200;

function markersOf(frame) {
  const sources = frame.closest(".answer").querySelectorAll(".origin .source");
  return [...sources].map((source) => ({ marker: Number(/\d+/.exec(source.textContent)[0]), words: words(source) }));
}

// One citation needs no choosing.
function markerChoice(frame) {
  const choice = make("select", "which");
  choice.setAttribute("aria-label", "哪一条引文有误");
  for (const { marker, words: place } of markersOf(frame)) {
    const option = make("option", "", place);
    option.value = String(marker);
    choice.append(option);
  }
  choice.hidden = choice.options.length < 2;
  return choice;
}

function openForm(frame, button, kind) {
  const wasOpen = button.getAttribute("aria-expanded") === "true";
  closeForm(frame);
  if (wasOpen) return;
  const form = make("form", "reason");
  const choice = kind === "wrong_citation" ? markerChoice(frame) : null;
  const comment = make("input", "comment");
  comment.maxLength = COMMENT_LENGTH;
  comment.placeholder = ASKED[kind];
  comment.setAttribute("aria-label", ASKED[kind]);
  form.append(...(choice ? [choice] : []), comment, make("button", "tell", "提交"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    tell(frame, kind, choice ? Number(choice.value) : null, comment.value);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    closeForm(frame);
    button.focus();
  });
  button.setAttribute("aria-expanded", "true");
  frame.append(form);
  form.scrollIntoView({ block: "nearest" });
  (choice && !choice.hidden ? choice : comment).focus({ preventScroll: true });
}

function closeForm(frame) {
  frame.querySelectorAll(".reason, .said").forEach((node) => node.remove());
  frame.querySelectorAll("[aria-expanded]").forEach((node) => node.setAttribute("aria-expanded", "false"));
}

async function tell(frame, kind, marker, comment) {
  const controls = frame.querySelectorAll("button, input, select");
  controls.forEach((control) => { control.disabled = true; });
  let reply;
  try {
    reply = await api("POST", "/api/feedback", { answer: ANSWER_ID.exec(frame.id)[1], kind, marker, comment });
  } catch (error) {
    reply = { error: error.message };
  }
  controls.forEach((control) => { control.disabled = false; });
  const said = make("span", reply.error ? "said failed" : "said", reply.error || reply.done);
  said.setAttribute("role", "status");
  said.tabIndex = -1;
  if (reply.error) {
    frame.querySelectorAll(".said").forEach((node) => node.remove());
    frame.append(said);
  } else {
    frame.replaceChildren(said);
  }
  said.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest(".feedback button.say") : null;
  const frame = button?.closest(".feedback");
  const kind = KINDS.find((name) => button?.classList.contains(name));
  if (!frame || !kind || !ANSWER_ID.test(frame.id)) return;
  if (kind === "useful") tell(frame, kind, null, "");
  else openForm(frame, button, kind);
});
