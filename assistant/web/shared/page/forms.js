// Small forms in a dialog: what is asked, a button that does it, and what went wrong said inside.
import { make } from "./lib.js";

let numbered = 0;

export function labelled(words, input) {
  const frame = make("div");
  const label = make("label", "", words);
  input.id ||= "field-" + ++numbered;
  label.htmlFor = input.id;
  frame.append(label, input);
  return frame;
}

export function select(names, chosen) {
  const input = make("select");
  for (const [value, words] of Object.entries(names)) {
    const option = make("option", "", words);
    option.value = value;
    option.selected = value === chosen;
    input.append(option);
  }
  return input;
}

function choice(type, words, chosen, name) {
  const label = make("label");
  const input = make("input");
  Object.assign(input, { type, checked: chosen });
  if (name) input.name = name;
  label.append(input, " " + words);
  return { label, input };
}

export const check = (words, chosen) => choice("checkbox", words, chosen, "");
export const radio = (name, words, chosen) => choice("radio", words, chosen, name);

export function lines(text) {
  return text.split("\n").map((line) => line.trim()).filter(Boolean);
}

// Shows a form; `deed` returns a promise, and the form closes when that is kept.
export function askForm(title, parts, words, deed) {
  const opener = document.activeElement;
  const dialog = make("dialog", "form");
  const form = make("form");
  const heading = make("h3", "", title);
  heading.id = "form-" + ++numbered;
  dialog.setAttribute("aria-labelledby", heading.id);
  const problem = make("p", "problem");
  problem.setAttribute("role", "alert");
  problem.hidden = true;
  const no = make("button", "", "取消");
  no.type = "button";
  const yes = make("button", words === "删除" ? "danger" : "primary", words);
  const end = make("div", "end");
  end.append(no, yes);
  form.append(heading, ...parts, problem, end);
  dialog.append(form);
  no.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (opener?.isConnected) opener.focus();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    yes.disabled = true;
    try {
      await deed();
      dialog.close();
    } catch (error) {
      problem.textContent = error.message;
      problem.hidden = false;
    }
    yes.disabled = false;
  });
  document.body.append(dialog);
  dialog.showModal();
}
