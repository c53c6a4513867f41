// Taking a paper: answers are saved as they are given; what the server does not have yet stays in the browser.
import { announce, api, button, make } from "./lib.js";
import { askForm } from "./forms.js";
import { draft, keepDraft } from "./quiz-kept.js";
import { isWhole, questionField } from "./quiz-question.js";
import { link, put } from "./study-parts.js";

const SAVE_MS = 500;
const AGAIN_MS = 4000;
const ONE = "policy-quiz-one";
const WARNINGS = [300, 60];

export function showPaper(page, found) {
  const kept = { ...found.answers, ...(draft(found.attempt) ?? {}) };
  const saver = mountSaver(page, found, () => answers());
  const fields = found.questions.map((question, at) => questionField(question, at + 1, kept[question.id] ?? [], () => {
    saver.changed();
    mark();
  }));
  const answers = () => Object.fromEntries(fields.map((field) => [field.id, field.read()]));
  const blank = () => fields.filter((field, at) => !isWhole(found.questions[at], field.read())).map((field) => field.number);
  const done = make("p", "done-count");
  const walk = mountWalk(fields);
  const mark = () => {
    const open = blank();
    done.textContent = `已答 ${fields.length - open.length} / ${fields.length} 题`;
    walk.mark(open);
  };
  const hand = async (isOver) => {
    saver.stop();
    try {
      const result = await api("POST", "/api/quiz/hand", { attempt: found.attempt, answers: answers() });
      keepDraft(found.attempt, null);
      page.handed(result);
    } catch (error) {
      if (isOver || error.status === 400 || error.status === 404) {
        page.reopen(found.attempt, error.message);
        return;
      }
      saver.start();
      throw error;
    }
  };
  const send = button("交卷", "primary hand-in", () => askForm("交卷", asked(blank(), fields.length), "交卷", () => hand(false)));
  const clock = mountClock(found.left, () => hand(true));
  const bar = put("div", "paper-bar panel", done, clock, saver.said, walk.toggle, send);
  const head = put("div", "head", make("h2", "", found.title), make("p", "quiet", factsOf(found)));
  page.show(put("p", "back", link("返回测验列表", "/quiz")), head, bar, walk.list, put("div", "questions", ...fields.map(({ node }) => node)), walk.steps);
  mark();
  walk.show();
  if (draft(found.attempt)) saver.changed();
}

function factsOf(found) {
  return [found.name && `答题人：${found.name}`, `${found.questions.length} 题`, found.practice && "重做错题，不计成绩"].filter(Boolean).join(" · ");
}

function asked(open, all) {
  if (!open.length) return [make("p", "", `${all} 题都答了。交卷以后不能再改。`)];
  const which = open.slice(0, 20).join("、") + (open.length > 20 ? " ……" : "");
  return [make("p", "failed", `还有 ${open.length} 题没有答完：第 ${which} 题。`), make("p", "", "交卷以后不能再改。")];
}

// Saves a moment after the last change, tries again while that fails, and once more as the page is left.
function mountSaver(page, found, answers) {
  const said = make("p", "saved quiet");
  said.setAttribute("role", "status");
  let timer = 0;
  let isOver = false;
  let isPending = false;
  let turn = 0;
  const save = async () => {
    const now = ++turn;
    const given = answers();
    keepDraft(found.attempt, given);
    try {
      await api("POST", "/api/quiz/save", { attempt: found.attempt, answers: given });
      if (now !== turn || isOver) return;
      isPending = false;
      keepDraft(found.attempt, null);
      said.textContent = "已保存";
      said.className = "saved quiet";
    } catch (error) {
      if (isOver || now !== turn) return;
      if (error.status === 400 || error.status === 404) {
        keepDraft(found.attempt, null);
        page.reopen(found.attempt, error.message);
        return;
      }
      said.className = "saved failed";
      said.textContent = "暂时没有存到服务器上，正在重试；答案还在这台电脑上。";
      timer = setTimeout(save, AGAIN_MS);
    }
  };
  const start = () => {
    clearTimeout(timer);
    [isOver, isPending] = [false, true];
    timer = setTimeout(save, SAVE_MS);
  };
  window.addEventListener("pagehide", () => {
    if (!isOver && isPending) keepDraft(found.attempt, answers());
  });
  return {
    said,
    start,
    changed: () => { if (!isOver) start(); },
    stop: () => {
      isOver = true;
      clearTimeout(timer);
    },
  };
}

// What is left of the time; "" where there is no limit. `over` is called when nothing is left.
function mountClock(left, over) {
  const node = make("p", "clock");
  if (left === null) {
    node.hidden = true;
    return node;
  }
  const end = Date.now() + 1000 * left;
  let told = left;
  const tick = () => {
    if (!node.isConnected) {
      clearInterval(timer);
      return;
    }
    const now = Math.max(0, Math.round((end - Date.now()) / 1000));
    node.textContent = `还剩 ${Math.floor(now / 60)}:${String(now % 60).padStart(2, "0")}`;
    node.classList.toggle("is-short", now <= WARNINGS.at(-1));
    for (const mark of WARNINGS) if (now <= mark && told > mark) announce(`还剩 ${mark / 60} 分钟`);
    told = now;
    if (now > 0) return;
    clearInterval(timer);
    announce("时间到，正在交卷。");
    over();
  };
  const timer = setInterval(tick, 500);
  setTimeout(tick); // once it stands on the page
  return node;
}

// All questions below each other, or one at a time; numbers lead to each.
function mountWalk(fields) {
  let at = 0;
  let one = (localStorage.getItem(ONE) ?? String(matchMedia("(max-width: 700px)").matches)) === "true";
  const numbers = fields.map(({ number }, place) => button(String(number), "number", () => go(place)));
  const list = put("nav", "numbers", ...numbers);
  list.setAttribute("aria-label", "题号");
  const toggle = button("", "toggle", () => {
    one = !one;
    localStorage.setItem(ONE, String(one));
    show();
  });
  const [before, next] = [button("上一题", "", () => go(at - 1)), button("下一题", "", () => go(at + 1))];
  const steps = put("div", "steps-bar", before, next);
  function show() {
    fields.forEach(({ node }, place) => { node.hidden = one && place !== at; });
    numbers.forEach((node, place) => node.classList.toggle("is-here", one && place === at));
    toggle.textContent = one ? "全部题目" : "一次一题";
    steps.hidden = !one;
    list.scrollLeft = one ? numbers[at].offsetLeft - list.offsetLeft - list.clientWidth / 2 : 0;
    [before.disabled, next.disabled] = [at === 0, at === fields.length - 1];
  }
  function go(place) {
    at = place;
    show();
    fields[at].node.focus({ preventScroll: true });
    fields[at].node.scrollIntoView({ block: one ? "nearest" : "center" });
  }
  function mark(open) {
    numbers.forEach((node, place) => {
      const isDone = !open.includes(place + 1);
      node.classList.toggle("is-done", isDone);
      node.setAttribute("aria-label", `第 ${place + 1} 题，${isDone ? "已答" : "未答"}`);
    });
  }
  return { list, toggle, steps, show, mark };
}
