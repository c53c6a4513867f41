// The conversation: copy buttons, where the view stands after an answer, what screen readers hear.
import { copyText, words } from "./lib.js";

// What a piece of an answer says; badges beside the words stand in brackets.
function said(node) {
  const copy = node.cloneNode(true);
  for (const badge of copy.querySelectorAll(".lapsed")) badge.textContent = "（" + badge.textContent + "）";
  return words(copy);
}

// An answer as plain text: its statements, then one line a citation with title and place.
function plainText(answer) {
  const lines = [];
  for (const node of answer.querySelectorAll(".lead, .short, .place, .point, .nearest, .note")) {
    const count = node.querySelector(".count");
    const look = node.querySelector(".look");
    if (count) lines.push(words(count) + " " + said(node.querySelector(".words")));
    else lines.push(look ? said(node).slice(0, -words(look).length) : said(node));
  }
  const sources = [];
  for (const origin of answer.querySelectorAll(".origin")) {
    const badge = words(origin.querySelector(".lapsed"));
    const title = words(origin.querySelector(".title")) + (badge ? "（" + badge + "）" : "");
    for (const source of origin.querySelectorAll(".source")) {
      const [marker, ...place] = words(source).split(" ");
      sources.push(marker + " " + title + place.join(" "));
    }
  }
  return lines.concat(sources.length ? ["", "出处：", ...sources] : []).join("\n");
}

document.addEventListener("click", async (event) => {
  const button = event.target instanceof Element ? event.target.closest(".answer button.copy") : null;
  if (!button) return;
  const done = await copyText(plainText(button.closest(".answer")));
  button.textContent = done ? "已复制" : "复制不了，请手工选取";
  setTimeout(() => { button.textContent = "复制"; }, 2000);
});

// What a question was understood as goes into the input box, where it can be corrected and sent.
document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest(".understood button.mend") : null;
  const area = document.querySelector("#question textarea");
  if (!button || !area) return;
  area.value = words(button.closest(".understood").querySelector(".full"));
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
});

// Gradio names each message by its source, tags and all: screen readers should read the message itself.
// A new question is moved to the top, so that its answer is read from its beginning.
function tidyChat() {
  const growing = document.querySelector("#chat .growing") !== null; // is read out once it is whole
  document.querySelectorAll("#chat [role=log]").forEach((log) => {
    log.setAttribute("aria-label", "对话");
    log.setAttribute("aria-busy", String(growing));
    log.setAttribute("aria-live", "off"); // editing.js reads each answer out once, when it is whole
  });
  document.querySelectorAll("#chat [data-testid][aria-label]").forEach((node) => node.removeAttribute("aria-label"));
  const questions = document.querySelectorAll("#chat .question");
  const last = questions[questions.length - 1];
  const frame = last?.closest(".bubble-wrap");
  const answered = document.querySelectorAll("#chat .answer").length;
  if (frame && answered !== shownAnswers) {
    const notice = [...document.querySelectorAll("#chat .answer.notice")].pop();
    const target = notice && last.compareDocumentPosition(notice) & Node.DOCUMENT_POSITION_FOLLOWING ? notice : last;
    frame.scrollTop += target.getBoundingClientRect().top - frame.getBoundingClientRect().top - 24;
  }
  shownAnswers = answered;
  document.querySelectorAll(".toast-title-row span, [data-testid=toast-text]").forEach(translate);
}

// Gradio says these in English whatever the page's language is.
const SAID_IN_ENGLISH = [
  [/^Error$/, "提示"],
  [/Connection to the server was lost|Connection errored out/i, "与服务器的连接中断，正在重新连接 ……"],
  [/queue is full/i, "同时提问的人太多：请稍后再发送一次。"],
];

function translate(node) {
  const found = SAID_IN_ENGLISH.find(([pattern]) => pattern.test(node.textContent.trim()));
  if (found) node.textContent = found[1];
}

let shownAnswers = 0;
let tidying = 0;
new MutationObserver(() => {
  cancelAnimationFrame(tidying);
  tidying = requestAnimationFrame(tidyChat);
}).observe(document.body, { childList: true, subtree: true });
