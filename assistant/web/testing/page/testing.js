// 命中测试: which view is open (from the address after #), the sets, uploads, and the run that is going on.
import { announce, api, button, make } from "./lib.js";
import { mountAsk } from "./testing-ask.js";
import { link, percent, put, table } from "./testing-parts.js";
import { showCompare, showRun } from "./testing-run.js";
import { showSet } from "./testing-set.js";

const WATCH_MS = 400;
const OPENING_MS = 2000;
const UPLOAD_BYTES = 2_000_000;
const $ = (selector) => document.querySelector(selector);
const VIEWS = { set: showSet, run: showRun, compare: showCompare };
let turn = 0;
let watched = "";

let said = ["", ""]; // what the next view says above itself

const page = { settings: null, start, go, notice };

function notice(text, className = "") {
  $("#notice").replaceChildren(...(text ? [make("p", "notice " + className, text)] : []));
}

// Opens the view of an address and says a line above it.
function go(hash, text = "", className = "") {
  said = [text, className];
  if (text) announce(text);
  if (location.hash === hash) show();
  else location.hash = hash;
}

// The view that the address names; the home view where it names none.
async function show() {
  const now = ++turn;
  notice(...said);
  said = ["", ""];
  const [name, value] = location.hash.slice(1).split("=");
  const view = $("#view");
  const open = VIEWS[name];
  $("#home").hidden = Boolean(open);
  view.hidden = !open;
  if (!open) return loadSets();
  view.replaceChildren(make("p", "quiet", "正在读取 ……"));
  let shown;
  try {
    shown = await open(page, decodeURIComponent(value ?? ""));
  } catch (error) {
    shown = [make("p", "failed", error.message)];
  }
  if (now !== turn) return;
  view.replaceChildren(put("p", "back", link("返回问题集", "#")), ...shown);
  view.focus({ preventScroll: true });
  window.scrollTo(0, 0);
}

async function loadSets() {
  let found;
  try {
    found = await api("GET", "/api/testing/sets");
  } catch (error) {
    $("#sets").replaceChildren(make("p", "failed", error.message));
    return;
  }
  $("#sets").replaceChildren(found.sets.length ? setsTable(found.sets) : emptySets());
}

function emptySets() {
  return put("div", "empty", make("p", "", "还没有问题集。"), make("p", "quiet", "先下载模板，在里面写几个问题，再上传。"));
}

function setsTable(sets) {
  const heads = [["名称", "text"], ["问题", "figure"], ["有应引原文", "figure"], ["不该回答", "figure"], ["最近一次", ""], ["符合期望", ""]];
  const rows = sets.map((one) => [
    link(one.name, "#set=" + one.id),
    one.questions,
    one.with_texts,
    one.silent,
    one.last ? one.last.when : "还没有测过",
    one.last?.judged ? `${percent(one.last.right / one.last.judged)}（${one.last.right}/${one.last.judged}）` : "",
  ]);
  return table("保留的问题集", heads, rows);
}

function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(String(reader.result).split(",")[1] ?? ""));
    reader.addEventListener("error", () => reject(new Error("这个文件读不了：请关掉打开它的程序后再试。")));
    reader.readAsDataURL(file);
  });
}

async function upload(file) {
  const place = $("#uploaded");
  place.hidden = false;
  place.replaceChildren(make("p", "quiet", `正在读取“${file.name}” ……`));
  let shown;
  try {
    if (file.size > UPLOAD_BYTES) throw new Error("表格文件超过 2 MB：请分成几个文件上传。");
    shown = uploaded(file.name, await api("POST", "/api/testing/upload", { name: file.name, data: await base64(file) }));
  } catch (error) {
    shown = [make("p", "failed", `“${file.name}”没有上传：${error.message}`)];
  }
  place.replaceChildren(...shown);
  place.focus({ preventScroll: true });
  announce(shown[0].textContent);
  loadSets();
}

function uploaded(name, found) {
  const bad = found.problems.length;
  const said = `“${name}”已保存：${found.set.questions} 个问题可以测试` + (bad ? `，${bad} 行没有收入。` : "。");
  const open = link("打开这组问题", "#set=" + found.set.id, "button primary");
  return [
    make("p", "done", said),
    problems("没有收入的行，改好后重新上传：", found.problems, "failed"),
    problems("可以测试，但请核对：", found.doubts, "doubted"),
    put("p", "", open, " ", button("收起", "", () => { $("#uploaded").hidden = true; })),
  ].filter(Boolean);
}

function problems(title, found, className) {
  if (!found.length) return null;
  const items = found.map(({ line, message }) => put("li", "", make("b", "", `第 ${line} 行　`), message));
  return put("div", "problems " + className, make("p", "", title), put("ul", "", ...items));
}

async function start(set, settings) {
  notice("");
  try {
    watch(await api("POST", "/api/testing/run", { set, settings }));
  } catch (error) {
    notice(error.message, "failed");
  }
}

// Follows a job until it is over, then opens what it brought.
async function watch(job) {
  if (watched === job.id) return;
  watched = job.id;
  $("#job").hidden = false;
  $("#job-stop").disabled = false;
  $("#job-stop").onclick = () => stop(job.id);
  while (!job.over) {
    showProgress(job);
    await new Promise((done) => { setTimeout(done, WATCH_MS); });
    try {
      job = await api("GET", "/api/testing/job", { job: job.id });
    } catch (error) {
      if (error.status) job = { ...job, over: true, stage: "failed", message: error.message };
      else $("#job-said").textContent = error.message;
    }
  }
  watched = "";
  $("#job").hidden = true;
  ended(job);
}

function showProgress(job) {
  const bar = $("#job-bar");
  if (job.total) Object.assign(bar, { max: job.total, value: job.done });
  else bar.removeAttribute("value");
  $("#job-said").textContent = job.total ? `${job.label}：${job.done} / ${job.total}` : "排队等候 ……";
}

function ended(job) {
  if (job.stage === "failed") go(location.hash, job.message, "failed");
  else if (job.stage === "stopped") go(location.hash, "已停止，没有测完的这一次不保留。");
  else {
    announce("测试完成");
    go(job.results.length > 1 ? "#compare=" + job.results.join(",") : "#run=" + job.results[0]);
  }
}

async function stop(id) {
  $("#job-stop").disabled = true;
  try {
    await api("POST", "/api/testing/stop", { job: id });
  } catch (error) {
    notice(error.message, "failed");
  }
}

function mountUpload() {
  const [input, drop] = [$("#file"), $("#drop")];
  $("#choose").addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    if (input.files[0]) upload(input.files[0]);
    input.value = "";
  });
  for (const name of ["dragover", "dragleave", "drop"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.toggle("is-over", name === "dragover");
      if (name === "drop" && event.dataTransfer.files[0]) upload(event.dataTransfer.files[0]);
    });
  }
}

// Settings and the run that goes on come first; while there is none to ask, the page says so and tries again.
async function open() {
  let found;
  try {
    found = await api("GET", "/api/testing/sets");
  } catch (error) {
    notice(error.message, "failed");
    $("#sets").replaceChildren();
    if (error.status !== 403) setTimeout(open, OPENING_MS);
    return;
  }
  notice("");
  page.settings = found.settings;
  mountAsk(found.settings);
  mountUpload();
  window.addEventListener("hashchange", show);
  if (found.job) watch(found.job);
  show();
}

open();
