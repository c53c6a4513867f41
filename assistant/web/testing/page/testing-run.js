// One run question by question, and two runs side by side.
import { api, make } from "./lib.js";
import { bars, legend } from "./testing-charts.js";
import { badge, link, percent, put, ranksText, table } from "./testing-parts.js";

const LEARN = "召回率@k：应引原文有多少在前 k 段里。MRR：名次的倒数取平均，都排第一是 1，没找到算 0。";
const SHOWN = 200;

export async function showRun(page, id) {
  const run = await api("GET", "/api/testing/result", { run: id });
  const made = table("这一次的设置", [["项目", ""], ["值", ""]], run.made_with, { figures: true });
  const deeds = put("p", "deeds", link("下载结果表（.xlsx）", "/testing/result.xlsx?run=" + id, "button primary"), " ", link("这组问题", "#set=" + run.set, "button"));
  const changed = run.line.other_index ? make("p", "notice", "测过以后文件有了变化，现在再测结果可能不同。") : null;
  return [
    put("div", "head", make("h2", "", run.name), make("p", "quiet", `${run.line.when} 的结果`), deeds),
    changed,
    totals(run.line),
    ranking(run.line),
    questions(run),
    put("details", "fold panel", make("summary", "", "这一次的设置"), made),
  ].filter(Boolean);
}

function figure(name, value, said) {
  return put("div", "figure-card", make("span", "figure-name", name), make("strong", "", value), make("span", "quiet", said));
}

function totals(line) {
  const cards = [];
  if (line.judged) cards.push(figure("符合期望", percent(line.right / line.judged), `${line.judged} 个写明期望的问题里 ${line.right} 个`));
  if (line.texts) {
    const at = line.ks.indexOf(5);
    cards.push(figure("召回率@5", percent(line.recall.fused[at]), `${line.texts} 处应引原文，多少在前 5 段里`));
    cards.push(figure("MRR", line.mrr.fused.toFixed(3), "名次的倒数取平均，1 最好"));
  }
  const counts = line.verdicts.filter(({ count }) => count).map(({ key, name, count }) => put("li", "", badge(name, key), ` ${count}`));
  const statuses = line.statuses.map(({ name, count }) => `${name} ${count}`).join("，");
  return put("section", "panel", make("h3", "", "总的结果"), put("div", "figures", ...cards), put("ul", "counts", ...counts),
    make("p", "quiet", `共 ${line.questions} 个问题：${statuses}。`));
}

function ranking(line) {
  if (!line.texts) return null;
  const series = line.ways.map((way) => ({ ...way, values: line.bands.counts[way.key] }));
  const bands = line.bands.names.map((name) => name.replace(/第 | 段/g, ""));
  const heads = [["", ""], ...line.ways.map((way) => [way.name, "figure"])];
  const rows = line.ks.map((k, at) => [`召回率@${k}`, ...line.ways.map((way) => percent(line.recall[way.key][at]))]);
  rows.push(["MRR", ...line.ways.map((way) => line.mrr[way.key].toFixed(3))]);
  const absent = line.absent ? make("p", "failed", `有 ${line.absent} 处应引原文在文件里找不到，都算没找到：请核对问题集。`) : null;
  return put("section", "panel", make("h3", "", "应引原文排在第几段"), put("figure", "", bars("应引原文排在第几段（各有几处）", bands, series), legend(line.ways)),
    absent, make("p", "quiet", LEARN), table("各种找法的召回率", heads, rows, { figures: true }));
}

function questions(run) {
  const select = make("select");
  select.id = "which";
  const wrong = run.outcomes.filter((o) => o.judged && !o.right);
  const chosen = { all: ["全部", run.outcomes], wrong: ["与期望不符的", wrong], right: ["符合期望的", run.outcomes.filter((o) => o.right)] };
  for (const [key, [name, found]] of Object.entries(chosen)) {
    const option = make("option", "", `${name}（${found.length}）`);
    option.value = key;
    select.append(option);
  }
  select.value = wrong.length ? "wrong" : "all";
  const place = make("div");
  const fill = () => place.replaceChildren(...listed(chosen[select.value][1], run.line.ways));
  select.addEventListener("change", fill);
  fill();
  const label = make("label", "", "显示 ");
  label.append(select);
  return put("section", "panel", put("div", "tools", make("h3", "", "逐个问题"), label), place);
}

function listed(outcomes, ways) {
  if (!outcomes.length) return [make("p", "quiet empty", "没有这样的问题。")];
  const heads = [["行", "figure"], ["问题", "text"], ["结果", ""], ["应引原文", "text"], ...ways.map((way) => [way.name + "的名次", ""]), ["引文", "text"]];
  const rows = outcomes.slice(0, SHOWN).map((o) => [
    o.line,
    o.question,
    put("span", "", badge(o.verdict, o.kind), make("span", "quiet", " " + o.status)),
    put("div", "", ...o.expected.map((text, n) => expected(o, text, n))),
    ...ways.map((way) => ranksText(o.ranks[way.key])),
    quotes(o),
  ]);
  const more = outcomes.length > SHOWN ? [make("p", "quiet", `只显示前 ${SHOWN} 个，全部请看下载的结果表。`)] : [];
  return [table("逐个问题的结果", heads, rows), ...more];
}

function expected(o, text, n) {
  const said = o.absent[n] ? "文件里没有" : o.quoted[n] ? "已引到" : "没引到";
  return put("p", "expected", text, make("span", o.quoted[n] ? "quiet" : "failed", ` （${said}）`));
}

function quotes(o) {
  if (!o.cited.length) return make("span", "quiet", "（没有引文）");
  const items = o.cited.map((c) => put("li", "", c.quote, make("span", "place", `《${c.title}》第${c.paragraph}段`)));
  return put("details", "", make("summary", "", `${o.cited.length} 处`), put("ol", "quotes", ...items));
}

export async function showCompare(page, ids) {
  const [first, second] = ids.split(",");
  const found = await api("GET", "/api/testing/compare", { first, second: second ?? "" });
  const [a, b] = found.runs;
  return [
    put("div", "head", make("h2", "", found.name), make("p", "quiet", "两次结果比较")),
    a.index === b.index ? null : make("p", "notice", "两次之间文件有了变化，差别不都是设置造成的。"),
    sideBySide(a, b),
    changes(found.changed, b.ways),
  ].filter(Boolean);
}

function sideBySide(a, b) {
  const heads = [["", ""], ["前一种", "figure"], ["后一种", "figure"], ["变化", "figure"]];
  const share = (run) => (run.judged ? run.right / run.judged : null);
  const rows = [
    ["时间", a.when.slice(5), b.when.slice(5), ""],
    ["按意思找的份量", a.dense_weight, b.dense_weight, ""],
    ["作答的把握", a.answer_threshold, b.answer_threshold, ""],
    row("符合期望", share(a), share(b), percent, true),
    ...(a.texts ? a.ks.map((k, at) => row(`召回率@${k}`, a.recall.fused[at], b.recall.fused[at], percent, true)) : []),
    ...(a.texts ? [row("MRR", a.mrr.fused, b.mrr.fused, (value) => value.toFixed(3), true)] : []),
    ...a.verdicts.map((v, n) => (v.count || b.verdicts[n].count ? row(v.name, v.count, b.verdicts[n].count, String) : null)),
    ...a.statuses.map((s, n) => row(s.name, s.count, b.statuses[n].count, String)),
  ].filter(Boolean);
  return put("section", "panel", make("h3", "", "总的结果"), make("p", "quiet", LEARN), table("两次的总结果", heads, rows, { figures: true }));
}

// A figure of both runs and how it changed; `better` says that more is better.
function row(name, before, after, written, better = false) {
  if (before === null || after === null) return null;
  const change = after - before;
  const said = Math.abs(change) < 1e-9 ? "不变" : (change > 0 ? "+" : "−") + written(Math.abs(change)).replace("%", " 个百分点");
  const kind = said === "不变" || !better ? "quiet" : change > 0 ? "better" : "failed";
  return [name, written(before), written(after), make("span", kind, said)];
}

function changes(pairs, ways) {
  const title = make("h3", "", `结果有变化的问题（${pairs.length}）`);
  if (!pairs.length) return put("section", "panel", title, make("p", "quiet empty", "每个问题的结果都一样。"));
  const heads = [["行", "figure"], ["问题", "text"], ["前一种", ""], ["后一种", ""], ["名次（合起来）", ""], ["引文", ""]];
  const rows = pairs.slice(0, SHOWN).map(({ before, after }) => [
    after.line,
    after.question,
    put("span", "", badge(before.verdict, before.kind), make("span", "quiet", " " + before.status)),
    put("span", "", badge(after.verdict, after.kind), make("span", "quiet", " " + after.status)),
    arrow(ranksText(before.ranks.fused), ranksText(after.ranks.fused)),
    put("div", "", quotes(before), quotes(after)),
  ]);
  return put("section", "panel", title, table("结果有变化的问题", heads, rows));
}

const arrow = (before, after) => (before === after ? before : `${before} → ${after}`);
