// 测验: the list of quizzes, taking one, its result, and the results of all for its trainer.
import { announce, api, button, make } from "./lib.js";
import { keepName, keepPaper, lastName, papers } from "./quiz-kept.js";
import { nextSteps, resultParts, scoreText } from "./quiz-result.js";
import { removeButton, showMarking, showResults } from "./quiz-results.js";
import { showPaper } from "./quiz-take.js";
import { mountReader } from "./reader.js";
import { badge, empty, link, put } from "./study-parts.js";

const OPENING_MS = 2000;
const $ = (selector) => document.querySelector(selector);
let list = null;

const page = { ask, begun, handed, home, notice, reopen, show };

function notice(text, className = "") {
  $("#notice").replaceChildren(...(text ? [make("p", "notice " + className, text)] : []));
  if (text) announce(text);
}

function show(...nodes) {
  $("#view").replaceChildren(...nodes.filter(Boolean));
}

const load = async () => { list = await api("POST", "/api/quiz/listed", { attempts: papers() }); };
const lineOf = (id) => list.quizzes.find((one) => one.id === id);
const addressOf = (found) => `/quiz?take=${found.quiz}&paper=${found.number}`;

async function home(said = "") {
  history.replaceState(null, "", "/quiz");
  await load();
  showList();
  notice(said);
}

function showList() {
  document.title = "测验 - 政策问答助手";
  const head = put("div", "head", make("h2", "", "测验"), make("p", "quiet", "答完交卷就有分数，错题能点开原文，还可以重做。"));
  const lines = list.quizzes.map(rowOf);
  show(head, lines.length ? put("ul", "quizzes", ...lines) : put("div", "panel", ...nothing()));
}

function nothing() {
  if (!list.trainer) return [empty("现在没有测验。", "培训员发布以后会出现在这里。")];
  return [empty("还没有测验。", "在“学习材料”里打开一份材料，点“发布测验”。"), put("p", "empty", link("去学习材料", "/study", "button"))];
}

export function factsOf({ questions, settings }) {
  return [
    `${questions} 题`,
    settings.minutes ? `限时 ${settings.minutes} 分钟` : "不限时",
    settings.tries ? `可做 ${settings.tries} 次` : "次数不限",
  ].join(" · ");
}

function rowOf(one) {
  if (one.lost) {
    const said = `这份测验的文件有 ${one.lost} 份已经移走或没有对您开放，不能打开（${one.when} 发布）`;
    return put("li", "panel quiz", make("p", "quiet", said), put("p", "deeds", removeButton(page, one)));
  }
  const going = one.attempts.find((paper) => !paper.handed);
  const done = one.attempts.filter((paper) => paper.handed);
  const state = !one.settings.is_open ? badge("已关闭", "") : going ? badge("没有答完", "waiting") : done.length ? badge("已交卷", "right") : null;
  const title = put("h3", "", one.title, state);
  return put("li", "panel quiz", title, make("p", "quiet", `${factsOf(one)} · ${one.when} 发布`), ownPapers(one, done), deedsOf(one, going));
}

function ownPapers(one, done) {
  if (!done.length) return null;
  const lines = done.slice(-5).map((paper) => put("li", "",
    link(`${paper.handed}　${scoreText(paper.score)}`, addressOf({ quiz: one.id, number: paper.number })), paper.practice ? "（重做错题）" : ""));
  const node = put("ul", "papers", ...lines);
  node.setAttribute("aria-label", "我的答卷");
  return node;
}

function deedsOf(one, going) {
  const deeds = put("p", "deeds");
  const canStart = one.settings.is_open && (!one.settings.tries || one.used < one.settings.tries);
  if (going) deeds.append(link("继续答题", addressOf({ quiz: one.id, number: going.number }), "button primary"));
  else if (canStart) deeds.append(link(one.used ? "再做一次" : "开始答题", "/quiz?take=" + one.id, "button primary"));
  if (one.mine) deeds.append(link("成绩", "/quiz?results=" + one.id, "button"), removeButton(page, one));
  for (const node of deeds.querySelectorAll("a")) node.setAttribute("aria-label", `${node.textContent}：${one.title}`);
  return deeds;
}

// Before a paper: what it is, and, without accounts, whose it will be.
function ask(line) {
  notice("");
  const form = make("form", "panel begin");
  const name = Object.assign(make("input"), { id: "name", maxLength: 40, required: true, value: lastName(), autocomplete: "name" });
  const label = make("label", "", "姓名");
  label.htmlFor = name.id;
  const said = make("p", "failed");
  said.setAttribute("role", "alert");
  const start = make("button", "primary", "开始答题");
  const hint = line.settings.minutes ? "点“开始答题”后开始计时，时间到了自动交卷。" : "答案会随时保存，关掉页面后可以接着答。";
  form.append(...[make("p", "", factsOf(line)), make("p", "quiet", hint), list.named ? null : put("p", "field", label, name), said, start].filter(Boolean));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    start.disabled = true;
    try {
      const found = await api("POST", "/api/quiz/start", { quiz: line.id, name: name.value });
      if (!list.named) keepName(name.value);
      begun(found);
    } catch (error) {
      said.textContent = error.message;
    }
    start.disabled = false;
  });
  show(put("p", "back", link("返回测验列表", "/quiz")), put("div", "head", make("h2", "", line.title)), form);
}

function begun(found) {
  if (!list.named) keepPaper(found.attempt);
  history.pushState(null, "", addressOf(found));
  open(found);
}

function open(found) {
  document.title = `${found.title} - 测验`;
  notice("");
  if (found.over) result(found);
  else showPaper(page, found);
  window.scrollTo(0, 0);
}

async function handed(found) {
  await load().catch(() => null);
  open(found);
  announce(`已交卷，${scoreText(found.score)}`);
}

function result(found) {
  const head = put("div", "head", make("h2", "", found.title + "：结果"));
  show(put("p", "back", link("返回测验列表", "/quiz")), head, ...resultParts(found, null, nextSteps(page, found, lineOf(found.quiz))), found.questions.length > 1 ? put("p", "back", link("返回测验列表", "/quiz")) : "");
  head.querySelector("h2").tabIndex = -1;
  head.querySelector("h2").focus({ preventScroll: true });
}

// Shows a paper as the server has it, and why it is not as it was on the page.
async function reopen(attempt, said) {
  try {
    const found = await api("POST", "/api/quiz/attempt", { attempt });
    await load().catch(() => null);
    open(found);
    notice(said, "failed");
  } catch (error) {
    failed(error.message);
  }
}

function failed(message) {
  show(put("div", "panel", make("p", "failed", message), put("p", "", link("返回测验列表", "/quiz", "button"))));
}

async function take(id, number) {
  const line = lineOf(id);
  if (!line || line.lost) return failed("没有这份测验，可能已经删除或关闭：请回到测验列表。");
  const own = line.attempts.find((paper) => (number ? String(paper.number) === number : !paper.handed && !paper.practice));
  if (own) return open(await api("POST", "/api/quiz/attempt", { attempt: own.id }));
  if (number) return failed("这里没有这份答卷：请用当时答题的浏览器打开，或回到测验列表。");
  return ask(line);
}

// While there is nothing to ask, the page says so and tries again.
async function start() {
  const asked = new URLSearchParams(location.search);
  try {
    await load();
    if (asked.has("results") && asked.has("paper")) await showMarking(page, asked.get("results"), asked.get("paper"));
    else if (asked.has("results")) await showResults(page, asked.get("results"));
    else if (asked.has("take")) await take(asked.get("take"), asked.get("paper"));
    else showList();
  } catch (error) {
    failed(error.message);
    if (!list && error.status !== 403) setTimeout(start, OPENING_MS);
  }
}

window.addEventListener("popstate", () => { if (!location.hash) start(); });
mountReader($("#source .reader"));
start();
