// What was typed and not asked yet: when the page is loaded again, Gradio's way of coming back to a service that
// was gone among them, it stands in the input box as before. Only in this tab, and only for who typed it.
import { put } from "./editing.js";
import { whenThere } from "./lib.js";

const KEY = "policy-draft-1";
const LENGTH_MOST = 500;

const who = () => document.querySelector(".bar")?.dataset.who ?? "";

window.addEventListener("pagehide", () => {
  const text = document.querySelector("#question textarea")?.value ?? "";
  try {
    if (text.trim()) sessionStorage.setItem(KEY, JSON.stringify({ who: who(), text: text.slice(0, LENGTH_MOST) }));
    else sessionStorage.removeItem(KEY);
  } catch { /* forbidden: it is lost */ }
});

function taken() {
  try {
    const found = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    sessionStorage.removeItem(KEY);
    return found && found.who === who() && typeof found.text === "string" ? found.text : "";
  } catch {
    return "";
  }
}

let begun = false;
whenThere('.bar .status[data-stage="ready"]', () => whenThere("#question textarea", (area) => {
  if (begun) return;
  begun = true;
  const text = taken();
  if (text && !area.value) put(text);
}));
