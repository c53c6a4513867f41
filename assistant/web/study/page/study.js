// 学习材料: the list of packs, the form for a new one, one pack; and the building that goes on.
import { announce, api, button, make } from "./lib.js";
import { mountReader } from "./reader.js";
import { buildForm } from "./study-build.js";
import { showPack } from "./study-pack.js";
import { badge, empty, link, put, table } from "./study-parts.js";

const WATCH_MS = 300;
const OPENING_MS = 2000;
const $ = (selector) => document.querySelector(selector);
const asked = new URLSearchParams(location.search);
let watched = "";

const page = { form: null, notice, watch, asked };

function notice(text, className = "", ...more) {
  const line = text ? [put("p", "notice " + className, text, ...more)] : [];
  $("#notice").replaceChildren(...line);
  if (text) announce(text);
}

function show(...nodes) {
  $("#view").replaceChildren(...nodes);
}

// The list of packs with the form; the form is open where there is nothing else, or where it is asked for.
function home(found) {
  document.body.classList.add("is-home");
  const isOpen = !found.packs.length || asked.has("new");
  const head = put("div", "head", make("h2", "", "学习材料"), make("p", "quiet",
    "从文件里整理出提纲、重要提法、试题、卡片和课程计划，每一条都能点开出处。做好以后可以改，可以导出。"));
  const fold = put("details", "panel fold", make("summary", "", "新建一份学习材料"), buildForm(page, found.form));
  fold.id = "new";
  fold.open = isOpen;
  const list = put("section", "panel", make("h3", "", "做好的材料"), packList(found.packs));
  list.setAttribute("aria-label", "做好的材料");
  show(head, fold, list);
  if (found.packs.length) markOutdated(list);
}

// Which packs quote what their documents do not say any more takes longer to find out: it is said behind their names.
async function markOutdated(list) {
  const { packs } = await api("GET", "/api/study/packs", { state: 1 }).catch(() => ({ packs: [] }));
  for (const { id } of packs.filter((one) => one.outdated)) {
    list.querySelector(`a[href="/study?pack=${CSS.escape(id)}"]`)?.after(" ", badge("已过时", "gone", "做好以后文件有变动：请打开后重新生成。"));
  }
}

function packList(packs) {
  if (!packs.length) return empty("还没有学习材料。", "在上面选好文件或写一个主题，点“生成学习材料”，几秒钟就好。");
  const heads = [["名称", "text"], ["试题", "figure"], ["最近改动", ""], ["", ""]];
  const list = table("做好的学习材料", heads, packs.map((one) => [title(one), one.lost ? "" : one.items, one.changed, deeds(one)]));
  list.classList.add("packs");
  return list;
}

function title(one) {
  if (!one.lost) return link(one.title, "/study?pack=" + one.id);
  return make("span", "quiet", `这份材料的文件有 ${one.lost} 份已经移走或没有对您开放，不能打开`);
}

function deeds(one) {
  const remove = button("删除", "danger", () => removePack(one));
  remove.setAttribute("aria-label", one.title ? `删除《${one.title}》` : "删除这份不能打开的材料");
  return put("span", "row-deeds", remove);
}

async function removePack(one) {
  try {
    await api("POST", "/api/study/remove", { pack: one.id });
    await open();
  } catch (error) {
    notice(error.message, "failed");
    return;
  }
  const back = button("撤销", "", async () => {
    try {
      await api("POST", "/api/study/restore", { pack: one.id });
      notice("已恢复。");
      await open();
    } catch (error) {
      notice(error.message, "failed");
    }
  });
  notice(one.title ? `已删除《${one.title}》。` : "已删除。", "", " ", back);
  back.focus();
}

// Follows a job until it is over, then opens the pack that it made, or offers to where another one is being looked at.
async function watch(job) {
  if (watched === job.id) return;
  watched = job.id;
  notice("");
  $("#job").hidden = false;
  $("#job-stop").disabled = false;
  $("#job-stop").onclick = () => stop(job.id);
  $("#job").scrollIntoView({ block: "nearest" });
  document.body.classList.add("is-building");
  while (!job.over) {
    showProgress(job);
    await new Promise((done) => { setTimeout(done, WATCH_MS); });
    try {
      job = await api("GET", "/api/study/job", { job: job.id });
    } catch (error) {
      if (error.status) job = { ...job, over: true, stage: "failed", message: error.message };
      else $("#job-said").textContent = error.message;
    }
  }
  watched = "";
  $("#job").hidden = true;
  document.body.classList.remove("is-building");
  ended(job);
}

function showProgress(job) {
  const bar = $("#job-bar");
  if (job.total) Object.assign(bar, { max: job.total, value: job.done });
  else bar.removeAttribute("value");
  const said = job.label ? `${job.label}（${job.done} / ${job.total}）` : "排队等候 ……";
  if ($("#job-said").textContent !== said) $("#job-said").textContent = said;
}

function ended(job) {
  if (job.stage === "done") {
    const address = "/study?pack=" + encodeURIComponent(job.results[0]);
    announce("已生成。");
    if ([null, job.results[0]].includes(asked.get("pack"))) location.href = address;
    else notice("新的学习材料已生成。", "", " ", link("打开", address));
  } else if (job.stage === "stopped") {
    notice("已停止，没有生成。");
  } else {
    notice(job.message, "failed");
  }
}

async function stop(id) {
  $("#job-stop").disabled = true;
  try {
    await api("POST", "/api/study/stop", { job: id });
  } catch (error) {
    notice(error.message, "failed");
  }
}

// What can be asked for and the building that goes on come first; while there is none to ask, the page tries again.
async function open() {
  let found;
  try {
    found = await api("GET", "/api/study/packs");
  } catch (error) {
    show(make("p", "failed", error.message));
    if (error.status !== 403) setTimeout(open, OPENING_MS);
    return;
  }
  page.form = found.form;
  if (found.job) watch(found.job);
  const id = asked.get("pack");
  if (!id) {
    home(found);
    return;
  }
  try {
    showPack(page, await api("GET", "/api/study/pack", { pack: id }), $("#view"));
  } catch (error) {
    show(put("div", "panel lost", make("p", "failed", error.message), put("p", "", link("返回学习材料", "/study", "button"))));
  }
}

mountReader($("#source .reader"));
open();
