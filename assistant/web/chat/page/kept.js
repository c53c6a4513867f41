// Conversations that people come back to: their questions and nothing else. With accounts the server keeps
// them; without, this browser does, as plain text. What was stored is looked at as if a stranger had written it.
import { api } from "./lib.js";

const KEY = "policy-conversations-1";
const OPEN_KEY = "policy-open-1";
const CONVERSATIONS_MOST = 200;
export const QUESTIONS_MOST = 50;
const QUESTION_LENGTH = 500;
const TITLE_LENGTH = 60;
const SENT_MOST = 20000; // characters of a conversation that go to the server: its limit is 64 kB
const ID = /^[0-9a-f]{32}$/;
let account = null;

async function hasAccount() {
  if (account === null) account = Boolean((await api("GET", "/api/status")).name);
  return account;
}

function isQuestion(one) {
  const fits = one && typeof one.text === "string" && one.text.trim() && one.text.length <= QUESTION_LENGTH;
  return Boolean(fits) && (one.scope === undefined || (typeof one.scope === "object" && one.scope !== null));
}

function cleaned(one) {
  if (!one || !ID.test(String(one.id)) || typeof one.title !== "string" || !Number.isFinite(one.at)) return null;
  const questions = Array.isArray(one.questions) ? one.questions.filter(isQuestion).slice(-QUESTIONS_MOST) : [];
  if (!questions.length) return null;
  return { id: one.id, title: one.title.slice(0, TITLE_LENGTH), at: one.at, questions };
}

function stored() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(found) ? found.map(cleaned).filter(Boolean).slice(0, CONVERSATIONS_MOST) : [];
  } catch {
    return [];
  }
}

// The oldest go where the browser's room is full.
function store(conversations) {
  for (let kept = conversations.slice(0, CONVERSATIONS_MOST); kept.length; kept = kept.slice(0, -1)) {
    try {
      localStorage.setItem(KEY, JSON.stringify(kept));
      return;
    } catch { /* full, or storage is forbidden */ }
  }
  try {
    localStorage.removeItem(KEY);
  } catch { /* forbidden: nothing was kept */ }
}

// Keeps the conversation that the server told of. With an account it has kept it already.
export async function keep(id, questions) {
  if (!ID.test(id) || !questions.length || await hasAccount()) return;
  const all = stored();
  const before = all.find((one) => one.id === id);
  const title = before?.title ?? questions[0].text.replace(/\s+/g, " ").slice(0, TITLE_LENGTH);
  const kept = cleaned({ id, title, at: Math.floor(Date.now() / 1000), questions });
  if (kept) store([kept, ...all.filter((one) => one.id !== id)]);
}

// Those whose title or questions say `words`, the newest first.
export async function list(words = "") {
  if (await hasAccount()) return api("GET", "/api/conversations", { words });
  const sought = words.trim().toLowerCase();
  const says = (one) => [one.title, ...one.questions.map((q) => q.text)].some((t) => t.toLowerCase().includes(sought));
  return stored().filter((one) => !sought || says(one))
    .map(({ id, title, at, questions }) => ({ id, title, at, questions: questions.length }));
}

export async function questionsOf(id) {
  if (await hasAccount()) return (await api("GET", "/api/conversation", { id })).questions;
  const found = stored().find((one) => one.id === id);
  if (!found) throw new Error("没有这段对话，可能已经删除：请刷新对话列表。");
  return fitting(found.questions);
}

// As many of the last questions as the server takes.
function fitting(questions) {
  let from = 0;
  while (from < questions.length - 1 && JSON.stringify(questions.slice(from)).length > SENT_MOST) from += 1;
  return questions.slice(from);
}

export async function rename(id, title) {
  const name = title.trim().replace(/\s+/g, " ").slice(0, TITLE_LENGTH);
  if (!name) return;
  if (await hasAccount()) await api("POST", "/api/conversation/rename", { id, title: name });
  else store(stored().map((one) => (one.id === id ? { ...one, title: name } : one)));
}

export async function remove(id) {
  if (await hasAccount()) await api("POST", "/api/conversation/delete", { id });
  else store(stored().filter((one) => one.id !== id));
}

export async function removeAll() {
  if (await hasAccount()) await api("POST", "/api/conversation/delete", { all: true });
  else store([]);
}

// Which conversation this tab has open: it comes back when the tab is loaded again.
export function opened() {
  try {
    const id = sessionStorage.getItem(OPEN_KEY) ?? "";
    return ID.test(id) ? id : "";
  } catch {
    return "";
  }
}

export function setOpened(id) {
  try {
    if (id) sessionStorage.setItem(OPEN_KEY, id);
    else sessionStorage.removeItem(OPEN_KEY);
  } catch { /* forbidden: the tab begins anew */ }
}
