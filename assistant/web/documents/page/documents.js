// The documents page: its parts put together, and the index watched while it is brought up to date.
import { announce, api, button, make } from "./lib.js";
import { openDetails } from "./documents-details.js";
import { openTrash } from "./documents-trash.js";
import { Table } from "./documents-table.js";
import { Uploads, droppedFiles } from "./documents-upload.js";

const BUSY_MS = 700;
const IDLE_MS = 10000;
const OPENING_MS = 2000;
const STAGES = { 读取文件: "正在读取文件", 计算向量: "正在收录", 写入索引: "正在保存" };

const $ = (selector) => document.querySelector(selector);
const notices = new Map();
let stamp = null;
let loaded = false;
let timer = 0;
let turn = 0;

const page = {
  mayChange: false,
  validities: [],
  maxBytes: 0,
  row: (id) => table.byId.get(id),
  rows: () => table.all,
  opened: (id) => openDetails(page, id),
  changed: () => load(),
  restored(token) {
    if (notices.get("removed")?.dataset.token === token) notice("removed", "");
    load();
  },
  undo: (token) => putBack(token),
  removed(title, token) {
    const line = notice("removed", "已移除《" + title + "》。", "", ["撤销", () => putBack(token)]);
    line.dataset.token = token;
    line.querySelector("button").focus();
    announce("已移除《" + title + "》，可以撤销");
    load();
  },
};
const table = new Table(page.opened);
const uploads = new Uploads(page);

// A line above the list; an empty text takes it away.
function notice(name, text, className = "", deed = null) {
  notices.get(name)?.remove();
  notices.delete(name);
  if (!text) return null;
  const line = make("p", "notice " + className, text);
  if (deed) line.append(button(deed[0], "small", deed[1]));
  notices.set(name, line);
  $("#notices").append(line);
  return line;
}

async function putBack(token) {
  try {
    const { path } = await api("POST", "/api/documents/restore", { token });
    notice("removed", "已放回“" + path + "”。");
  } catch (error) {
    notice("removed", error.message, "failed");
  }
  load();
}

async function load() {
  const mine = ++turn;
  try {
    const found = await api("GET", "/api/documents/table");
    if (mine === turn) show(found);
  } catch (error) {
    if (mine !== turn) return;
    failed(error);
  }
}

function failed(error) {
  const name = loaded ? "failed" : "";
  if (name) notice(name, error.message, "failed");
  else $("#placeholder").textContent = error.message;
  watch(OPENING_MS);
}

function show(found) {
  loaded = true;
  notice("failed", "");
  Object.assign(page, { mayChange: found.may_change, validities: found.validities, maxBytes: found.max_bytes });
  const empty = found.documents.length === 0;
  $("#adding").hidden = $("#open-trash").hidden = $("#reindex").hidden = !found.may_change;
  $("#adding").classList.toggle("is-empty", empty);
  $("#rules").textContent = "支持 Word（.docx）、PDF、.txt 和 .md，每份不超过 " + found.max_bytes / 1e6 + " MB，一次可以添加多份。";
  $("#folders").replaceChildren(...found.folders.filter(Boolean).map((folder) => new Option(folder, folder)));
  $("#listing").hidden = empty;
  $("#placeholder").hidden = !empty;
  $("#placeholder").textContent = found.may_change ? "还没有文件。添加之后，就可以到“问答”页提问了。" : "还没有您可以阅读的文件。";
  showCount(found.documents);
  table.fill(found.documents, found.validities);
  stamp = found.state.stamp;
  showState(found.state);
}

function showCount(rows) {
  const wrong = rows.filter((row) => row.problem).length;
  const ready = rows.filter((row) => row.paragraphs > 0);
  const waiting = rows.filter((row) => row.waits).length;
  const said = ["可以查询 " + ready.length + " 份"];
  if (waiting) said.push(waiting + " 份等待收录");
  if (wrong) said.push(wrong + " 份不能收录");
  $("#count").textContent = rows.length ? said.join("，") : "";
}

function showState(state) {
  const count = state.total > 1 ? " " + state.done + "/" + state.total : "";
  const work = (STAGES[state.stage] ?? state.stage) + (state.stage === "读取文件" ? count : "");
  notice("busy", state.busy ? work + " ……　这期间可以照常提问。" : "", "busy");
  notice("error", state.error, "failed");
  const hand = state.waiting && !state.busy && !uploads.busy && !state.error;
  notice("waiting", hand ? "文件夹里有 " + state.waiting + " 个改动还没有收录。" : "", "", ["现在收录", reindex]);
  $("#reindex").disabled = state.busy;
  document.body.dataset.indexing = state.busy ? "busy" : "idle";
  watch(state.busy || uploads.busy ? BUSY_MS : IDLE_MS);
}

function watch(milliseconds) {
  clearTimeout(timer);
  timer = setTimeout(look, milliseconds);
}

async function look() {
  if (!loaded) return load();
  const mine = turn;
  try {
    const state = await api("GET", "/api/documents/state");
    if (mine !== turn) return;
    notice("failed", "");
    const before = document.body.dataset.indexing;
    if (state.stamp !== stamp || (before === "busy" && !state.busy)) load();
    else showState(state);
  } catch (error) {
    if (mine === turn) failed(error);
  }
}

async function reindex() {
  try {
    await api("POST", "/api/documents/reindex");
    announce("开始重新收录");
  } catch (error) {
    notice("error", error.message, "failed");
  }
  look();
}

function accept(files) {
  if (files.length) uploads.add(files, $("#folder").value.trim(), $("#hold").checked);
  watch(BUSY_MS);
}

function hasFiles(event) {
  return page.mayChange && [...event.dataTransfer.types].includes("Files");
}

$("#choose").addEventListener("click", () => $("#files").click());
$("#files").addEventListener("change", (event) => {
  accept([...event.target.files].map((file) => ({ file, under: "" })));
  event.target.value = "";
});
$("#reindex").addEventListener("click", reindex);
$("#open-trash").addEventListener("click", () => openTrash(page));
document.addEventListener("dragover", (event) => {
  if (!hasFiles(event)) return;
  event.preventDefault();
  $("#drop").classList.add("is-over");
});
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) $("#drop").classList.remove("is-over");
});
document.addEventListener("drop", async (event) => {
  if (!hasFiles(event)) return;
  event.preventDefault();
  $("#drop").classList.remove("is-over");
  accept(await droppedFiles(event.dataTransfer));
});
document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
window.addEventListener("beforeunload", (event) => { if (uploads.busy) event.preventDefault(); });
load();
