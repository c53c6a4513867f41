// One question laid open: where each way of searching puts a passage, and why a sentence was quoted or not.
import { announce, api, make } from "./lib.js";
import { badge, meter, percent, put, table, trialFields } from "./testing-parts.js";

const $ = (selector) => document.querySelector(selector);
const SCORES = "得分从 0 到 1。按字词：与问题相同的字词有多少、多少见；按意思：整段话与问题的意思有多近；合起来：两者按份量相加，决定先读哪些段落。";
const FIRST = 8; // rows shown at once
let asked = 0;

export function mountAsk(settings) {
  const trial = trialFields(settings, "-ask");
  $("#ask-trial").replaceChildren(...trial.nodes);
  $("#ask").addEventListener("submit", (event) => {
    event.preventDefault();
    ask({ question: $("#question").value, ...trial.read() });
  });
}

async function ask(body) {
  const turn = ++asked;
  const place = $("#explained");
  place.setAttribute("aria-busy", "true");
  $("#ask-send").disabled = true;
  place.replaceChildren(make("p", "quiet", "正在查找 ……"));
  let shown;
  try {
    shown = explanation(await api("POST", "/api/testing/explain", body));
  } catch (error) {
    shown = [make("p", "failed", error.message)];
  }
  if (turn !== asked) return;
  place.replaceChildren(...shown);
  place.removeAttribute("aria-busy");
  $("#ask-send").disabled = false;
  announce(shown[0].textContent);
}

function explanation(found) {
  const verdict = put("p", "verdict", badge(found.verdict, found.status), " " + found.how);
  return [verdict, understood(found), answer(found), passages(found), sentences(found)].filter(Boolean);
}

function understood(found) {
  const list = put("ul", "words", ...found.words.map(({ word, share }) => put("li", "", word + " ", make("b", "", percent(share)))));
  const said = "问的是：" + found.kind + "。查找的词和各自的份量：";
  return put("div", "understood", make("p", "quiet", said), found.words.length ? list : make("p", "quiet", "（没有）"));
}

function answer(found) {
  if (!found.citations.length) return null;
  const items = found.citations.map((c) => put("li", "", make("b", "", `[${c.marker}] `), c.quote, make("span", "quiet", " " + c.place)));
  return put("details", "fold", make("summary", "", `引出的原文（${found.citations.length} 处）`), put("ol", "quotes", ...items));
}

function source(row) {
  const place = make("span", "place", `《${row.title}》第${row.paragraph}段`);
  return put("div", "piece", make("span", "", row.text), place);
}

function rankCell(row, way) {
  const [rank, score] = [row.ranks[way.key], row.scores[way.key]];
  if (rank === null || rank === undefined) return make("span", "quiet", "没找到");
  return meter(score, `第 ${rank}　${score.toFixed(2)}`, "series-" + way.key);
}

function passages(found) {
  if (!found.passages.length) return null;
  const heads = [["段落", "text"], ...found.ways.map((way) => [way.name, "rank"]), ["读过", ""]];
  const rows = found.passages.map((row) => ({
    className: row.read ? "" : "is-aside",
    cells: [source(row), ...found.ways.map((way) => rankCell(row, way)), row.read ? "是" : "否"],
  }));
  return put("section", "part", make("h4", "", "各种找法把哪些段落排在前面"), make("p", "quiet", SCORES), table("各种找法的名次和得分", heads, rows, { most: FIRST }));
}

function sentences(found) {
  if (!found.sentences.length) return null;
  const heads = [["句子", "text"], ["说到问题的", "rank"], ["所问的内容", ""], ["得分", "figure"], ["结果和理由", "reason"]];
  const rows = found.sentences.map((row) => ({
    className: row.marker === null ? "" : "is-quoted",
    cells: [source(row), meter(row.coverage, percent(row.coverage)), row.gives, row.worth.toFixed(2), row.reason],
  }));
  const more = found.judged > found.sentences.length ? `，下面是最好的 ${found.sentences.length} 句` : "";
  const said = `读过的段落里共有 ${found.judged} 句${more}。得分由说到问题的多少、意思有多近、有没有给出所问的内容合成。`;
  return put("section", "part", make("h4", "", "读过的句子，为什么引用或不引用"), make("p", "quiet", said), table("各句的得分和理由", heads, rows, { most: FIRST }));
}
