// A paper that was handed in: its score, what was wrong with the right answer, and where that stands.
import { api, button, make } from "./lib.js";
import { badge, cite, link, placeOf, put, stateBadge } from "./study-parts.js";

// The score is null where points would tell the answers.
export function scoreText(score) {
  if (!score) return "分数还没有公布";
  return `${score.points} / ${score.most} 分` + (score.waiting ? `（其中 ${score.waiting} 分待批阅）` : "");
}

export function showScore(node, score) {
  const text = score ? `${score.points} / ${score.most} 分` : "已交卷";
  node.replaceChildren(make("strong", "", text), score?.waiting ? make("span", "", `其中 ${score.waiting} 分待批阅`) : "");
}

function counts(score) {
  if (score?.right === undefined) return "";
  const parts = [`全对 ${score.right} 题`, `有错 ${score.wrong} 题`];
  if (score.unmarked) parts.push(`待批阅 ${score.unmarked} 题`);
  return parts.join("，") + "。";
}

// `marking` is what the trainer has: a function that gives points to a short answer; `steps` what comes next.
export function resultParts(found, marking = null, steps = "") {
  const facts = [found.name, `${found.handed} 交卷`, `用时 ${Math.max(1, Math.round(found.minutes))} 分钟`, found.practice && "重做错题，不计成绩"];
  const score = make("p", "score");
  showScore(score, found.score);
  const said = [make("p", "quiet", facts.filter(Boolean).join(" · ")), make("p", "", counts(found.score)), found.later && make("p", "notice", found.later)];
  const head = put("div", "panel result-head", score, ...said, steps);
  if (!found.questions.length) return [head];
  return [head, ...listOf(found, marking)];
}

function listOf(found, marking) {
  const shown = found.questions.map((question, at) => ({ question, node: markedQuestion(question, at + 1, marking) }));
  const isOpen = (question) => !question.right;
  const open = shown.filter(({ question }) => isOpen(question));
  const frame = put("div", "marked", ...shown.map(({ node }) => node));
  if (!open.length || open.length === shown.length) return [frame];
  const only = make("input");
  only.type = "checkbox";
  only.checked = !marking;
  const show = () => shown.forEach(({ question, node }) => { node.hidden = only.checked && !isOpen(question); });
  only.addEventListener("change", show);
  show();
  return [put("label", "only", only, ` 只看有错和待批阅的题（${open.length}）`), frame];
}

const VERDICTS = { right: ["全对", "right"], partly: ["部分对", "partly"], wrong: ["错", "wrong"], empty: ["没有答", "wrong"], waiting: ["待批阅", "waiting"] };

function verdictOf({ points, worth, empty }) {
  if (points === null) return VERDICTS.waiting;
  if (points === worth) return VERDICTS.right;
  if (empty) return VERDICTS.empty;
  return points ? VERDICTS.partly : VERDICTS.wrong;
}

function markedQuestion(question, number, marking) {
  const [words, kind] = verdictOf(question);
  const got = question.points === null ? `${question.worth} 分` : `${question.points} / ${question.worth} 分`;
  const head = put("p", "kind", make("b", "", `${number}.`), ` ${question.name}`, badge(words, kind), make("span", "quiet", got));
  const node = put("section", "question is-marked " + kind, head, make("p", "stem", question.stem));
  node.setAttribute("aria-label", `第 ${number} 题，${words}`);
  node.append(...(question.options.length && question.kind !== "order" ? [optionsOf(question)] : givenOf(question)));
  if (question.note) node.append(make("p", "note", question.note));
  node.append(...sourcesOf(question));
  if (marking && question.kind === "short" && !question.empty) node.append(markForm(question, marking));
  return node;
}

function optionsOf({ kind, options }) {
  return put("ul", "options", ...options.map(({ text, letter, right, chosen }) => {
    const item = put("li", right ? "right" : chosen ? "wrong" : "", kind === "judge" ? null : make("span", "letter", letter), make("span", "", text));
    if (right) item.append(make("span", "said right", "✓ 正确答案"));
    if (chosen) item.append(make("span", "said " + (right ? "right" : "wrong"), right ? "已选" : "✗ 所选"));
    return item;
  }));
}

function givenOf({ kind, given, answer, blanks, empty, right }) {
  const joint = kind === "order" ? " → " : "；";
  const mine = put("p", "given", make("span", "label", "回答："));
  if (empty) mine.append(make("span", "quiet", "没有答"));
  else if (kind === "fill") given.forEach((word, at) => mine.append(at ? joint : "", make("span", blanks[at] ? "right" : "wrong", word.trim() || "（空）")));
  else mine.append(make("span", kind === "short" ? "" : right ? "right" : "wrong", given.join(joint)));
  if (kind === "short") return [mine, put("div", "given", make("span", "label", "要点（每点 1 分）："), put("ol", "", ...answer.map((one) => make("li", "", one))))];
  return right ? [mine] : [mine, put("p", "given", make("span", "label", "正确答案："), make("span", "right", answer.join(joint)))];
}

// Where it stands: the sentence with a link that opens it in the reader, other places behind.
function sourcesOf({ source, further }) {
  const words = source.state === "gone" ? make("s", "old", source.text) : make("q", "", source.text);
  const lead = put("p", "from", make("span", "label", "原文："), words, " ", cite(source, `《${source.document}》${placeOf(source)}`), stateBadge(source));
  if (!further.length) return [lead];
  return [lead, put("p", "from", make("span", "label", "另见："), ...further.map((one) => put("span", "", cite(one), " ")))];
}

function markForm(question, marking) {
  const input = make("select");
  input.id = "mark-" + question.number;
  input.append(...[["", "请选择"], ...Array.from({ length: question.worth + 1 }, (_, n) => [n, `${n} 分`])].map(([value, words]) => {
    const option = make("option", "", words);
    option.value = String(value);
    return option;
  }));
  input.value = question.points === null ? "" : String(question.points);
  const label = make("label", "", "评分");
  label.htmlFor = input.id;
  const said = make("span", "said");
  said.setAttribute("role", "status");
  input.addEventListener("change", async () => {
    if (input.value === "") return;
    try {
      await marking(question.number, Number(input.value));
      said.className = "said right";
      said.textContent = "已评分";
    } catch (error) {
      said.className = "said failed";
      said.textContent = error.message;
    }
  });
  return put("p", "mark-form", label, " ", input, " ", said);
}

// What a trainee can do next: what was wrong again, the whole again, back.
export function nextSteps(page, found, line) {
  const deeds = put("p", "deeds");
  if (found.mistakes) {
    const again = button(`重做错题（${found.mistakes}）`, "primary", async () => {
      again.disabled = true;
      try {
        page.begun(await api("POST", "/api/quiz/again", { attempt: found.attempt }));
      } catch (error) {
        again.disabled = false;
        page.notice(error.message, "failed");
      }
    });
    deeds.append(again);
  }
  if (line && line.settings.is_open && (!line.settings.tries || line.used < line.settings.tries)) {
    deeds.append(button("再做一次", "", () => page.ask(line)));
  }
  deeds.append(link("返回测验列表", "/quiz", "button"));
  return deeds;
}
