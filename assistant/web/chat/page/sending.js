// A question that is sent while Gradio still ends the one before is dropped without a word: it is sent again.
// Once a request is under way, Gradio itself lets no second one through.
import { JOINED } from "./session.js";

const AGAIN_MS = 250;
const PATIENCE_MS = 15000;
let trying = 0;

const box = () => document.querySelector("#question textarea");

function watch(text) {
  clearInterval(trying);
  if (!text.trim()) return;
  const end = Date.now() + PATIENCE_MS;
  trying = setInterval(() => {
    if (Date.now() > end || box()?.value !== text) return clearInterval(trying);
    document.querySelector("#send")?.click();
  }, AGAIN_MS);
}

window.addEventListener(JOINED, () => clearInterval(trying));

document.addEventListener("keydown", (event) => {
  const sends = event.key === "Enter" && !event.shiftKey && !event.isComposing;
  if (sends && event.target === box()) watch(box().value);
}, { capture: true });

document.addEventListener("click", (event) => {
  const pressed = event.isTrusted && event.target instanceof Element && event.target.closest("#send");
  if (pressed) watch(box()?.value ?? "");
}, { capture: true });
