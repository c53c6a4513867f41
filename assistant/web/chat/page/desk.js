// Between our scripts and Gradio's page. The server keeps the conversation; from here it only hears what to
// do (a question, of which documents, which earlier question is meant), and says which conversation it has.
import { announce } from "./lib.js";
import { JOINED } from "./session.js";

const heard = { told: [], scope: [], edit: [] };
let command = "";
let heardLast = "";

export const desk = {
  id: "", // of the conversation that is open, "" before its first question
  serial: 0,
  busy: false,
  questions: [],
  scope: {}, // which documents the next question is asked of: documents, since, until; {} is all
  lost: null, // the conversation that a server which was started again has forgotten
  editing: null, // the place of the question that the next one replaces
};

// `what`: told (the conversation changed), scope, edit.
export function on(what, listener) {
  heard[what].push(listener);
}

function say(what, value) {
  for (const listener of heard[what]) listener(value);
}

// Has the server do what has no component of its own; one thing at a time.
export function act(wanted) {
  const button = document.querySelector("#act");
  if (!button || desk.busy) {
    announce("正在回答，请稍等。");
    return false;
  }
  command = JSON.stringify(wanted);
  button.click();
  return true;
}

export function setScope(scope) {
  desk.scope = scope;
  say("scope", scope);
}

export function setEditing(at) {
  desk.editing = at;
  say("edit", at);
}

export function setBusy(busy) {
  desk.busy = busy;
  document.querySelector("#talk")?.classList.toggle("busy", busy);
}

// What goes with a question that is sent.
function how() {
  return JSON.stringify({ scope: desk.scope, ...(desk.editing === null ? {} : { at: desk.editing }) });
}

// It takes the place of the edited one once: the next one is a new one, however fast the answer comes. Nothing is
// replaced with an empty box.
window.addEventListener(JOINED, () => {
  if (desk.editing !== null && document.querySelector("#question textarea")?.value.trim()) setEditing(null);
});

window.policyDesk = {
  how,
  command: () => command,
  told: (text) => {
    if (text === heardLast) return; // Gradio says it twice: as the value comes and as its event ends
    heardLast = text;
    const said = JSON.parse(text || "{}");
    // A server that was started again knows nothing of what this page shows: what was asked is still known here.
    if (said.serial === 1 && desk.serial > 0 && said.id !== desk.id) desk.lost = { id: desk.id, questions: desk.questions };
    const isNew = said.serial !== desk.serial; // an answer that comes at once is told of without "busy" before it
    Object.assign(desk, { id: said.id ?? "", serial: said.serial ?? 0, questions: said.questions ?? [] });
    setBusy(said.busy === true);
    say("told", said);
  },
};
