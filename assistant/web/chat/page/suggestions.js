// Questions that can be asked with one click: to begin with, and after an answer. The server has tried the latter.
import { act, desk, on } from "./desk.js";
import { api, button, make, whenThere } from "./lib.js";

const END_PX = 8;

function asking(text, className) {
  return button(text, className, () => act({ do: "ask", text, scope: desk.scope }));
}

async function showExamples() {
  const place = document.querySelector("#begin .begin-examples");
  if (!place || place.childElementCount) return;
  const texts = await api("GET", "/api/examples").catch(() => []);
  place.replaceChildren(...texts.map((text) => asking(text, "example")));
}

// Whoever sees the end of the conversation still sees it when there is less room for it.
function keepingTheEnd(change) {
  const frame = document.querySelector("#chat .bubble-wrap");
  const isAtEnd = frame && frame.scrollHeight - frame.clientHeight - frame.scrollTop < END_PX;
  change();
  if (isAtEnd) frame.scrollTop = frame.scrollHeight;
}

function showNext(texts) {
  const bar = document.querySelector("#suggestions .suggestions");
  if (!bar) return;
  const buttons = texts.map((text) => asking(text, "suggestion"));
  keepingTheEnd(() => {
    bar.replaceChildren(...(buttons.length ? [make("span", "suggestions-name", "可以接着问"), ...buttons] : []));
    bar.hidden = !buttons.length || desk.editing !== null;
  });
}

on("told", async (said) => {
  showNext([]);
  if (said.busy || !said.id) return;
  const texts = await api("POST", "/api/next", { id: said.id, serial: said.serial }).catch(() => []);
  if (said.serial === desk.serial && said.id === desk.id && !desk.busy) showNext(texts);
});

whenThere('.bar .status[data-stage="ready"]', showExamples);
whenThere("#begin .begin-examples", () => {
  if (document.querySelector('.bar .status[data-stage="ready"]')) showExamples();
});
