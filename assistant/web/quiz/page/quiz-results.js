// What came of a quiz, for its trainer: scores, every question with its mistakes, papers to be marked.
import { announce, api, button, copyText, make } from "./lib.js";
import { askForm, labelled, select } from "./forms.js";
import { resultParts, scoreText, showScore } from "./quiz-result.js";
import { badge, cite, empty, link, placeOf, put, stateBadge, table } from "./study-parts.js";

export const SHOWN = { handed: "交卷后马上公布", closed: "测验关闭后公布", never: "不公布" };
const percent = (share) => Math.round(100 * share) + "%";

export async function showResults(page, id) {
  const found = await api("GET", "/api/quiz/results", { quiz: id });
  document.title = `${found.title} - 测验成绩`;
  const { handed, going, mean } = found.totals;
  const figures = put("div", "figures", figure("交卷", handed), figure("正在答", going), figure("平均得分率", handed ? percent(mean) : "–"));
  const moved = found.tallies.filter(({ source }) => source.state).length;
  page.show(
    put("p", "back", link("返回测验列表", "/quiz")),
    head(page, found),
    moved ? make("p", "notice failed", `发布以后文件有变动，${moved} 道题的出处已不是现在的原文：请核对；需要时关闭这份测验，重新生成再发布。`) : "",
    figures,
    section("成绩", found.attempts.length ? scores(page, found) : empty("还没有人答题。", "点“复制答题链接”，发给要答题的人；他们在“测验”页也能看到。")),
    section("逐题", handed ? chart(found.tallies) : empty("有人交卷以后，这里显示每道题的对错。")),
  );
}

function section(title, ...parts) {
  const node = put("section", "panel", make("h3", "", title), ...parts);
  node.setAttribute("aria-label", title);
  return node;
}

function figure(name, value) {
  return put("div", "figure-card", make("span", "figure-name", name), make("strong", "", String(value)));
}

function head(page, found) {
  const { settings } = found;
  const facts = [`${found.when} 发布`, `${found.questions} 题`, settings.is_open ? "开放中" : "已关闭"];
  const change = async (values) => {
    try {
      await api("POST", "/api/quiz/change", { quiz: found.id, is_open: settings.is_open, shown: settings.shown, ...values });
      announce("已更改");
      await showResults(page, found.id);
    } catch (error) {
      page.notice(error.message, "failed");
    }
  };
  const toggle = button(settings.is_open ? "关闭测验" : "重新开放", "", () => {
    if (!settings.is_open) return change({ is_open: true });
    return askForm("关闭测验", [make("p", "", "关闭以后不能再答；正在答的按已保存的答案收卷。")], "关闭", () => change({ is_open: false }));
  });
  const shown = select(SHOWN, settings.shown);
  shown.id = "shown";
  shown.addEventListener("change", () => change({ shown: shown.value }));
  const isBegun = found.attempts.length > 0;
  const exported = link("导出成绩", "/quiz/results.xlsx?quiz=" + found.id, "button" + (isBegun ? " primary" : ""));
  const deeds = put("div", "deeds", ...(isBegun ? [exported, shareButton(found, "")] : [shareButton(found, "primary"), exported]), toggle, labelled("公布答案", shown), removeButton(page, found));
  return put("div", "head", make("h2", "", found.title), make("p", "quiet", facts.join(" · ")), deeds);
}

// The address under which trainees take the quiz.
function shareButton(found, className) {
  const share = button("复制答题链接", className, async () => {
    const address = `${location.origin}/quiz?take=${found.id}`;
    const done = await copyText(address);
    share.textContent = done ? "已复制" : address;
    announce(share.textContent);
  });
  share.disabled = !found.settings.is_open;
  return share;
}

export function removeButton(page, one) {
  const node = button("删除", "danger", () => askForm("删除测验", [make("p", "", "测验和全部答卷、成绩都会删除，不能恢复。")], "删除", async () => {
    await api("POST", "/api/quiz/remove", { quiz: one.id });
    page.home("已删除。");
  }));
  node.setAttribute("aria-label", one.title ? `删除测验《${one.title}》` : "删除这份不能打开的测验");
  return node;
}

function scores(page, found) {
  const named = found.attempts.some((one) => one.account && one.account !== one.name);
  const heads = [["姓名", "text"], ["交卷", ""], ["用时", "figure"], ["得分", "figure"], ["", ""]];
  const rows = found.attempts.map((one) => {
    const who = one.name + (named && one.account ? `（${one.account}）` : "");
    if (!one.handed) return [who, "正在答", "", "", put("span", "row-deeds", removePaper(page, found, one))];
    const open = link(one.score.waiting ? "批阅" : "看答卷", `/quiz?results=${found.id}&paper=${one.number}`, "button");
    open.setAttribute("aria-label", `${open.textContent}：${one.name}`);
    const got = put("span", "", scoreText({ ...one.score, waiting: 0 }), one.score.waiting ? badge(`待批阅 ${one.score.unmarked} 题`, "waiting") : "");
    return [who, one.handed, `${Math.max(1, Math.round(one.minutes))} 分钟`, got, put("span", "row-deeds", open, removePaper(page, found, one))];
  });
  return table("各人的成绩", heads, rows);
}

function removePaper(page, found, one) {
  const node = button("删除", "danger", () => askForm("删除答卷", [make("p", "", `${one.name} 的这份答卷和成绩会删除，不能恢复。`)], "删除", async () => {
    await api("POST", "/api/quiz/remove", { quiz: found.id, number: one.number });
    announce("已删除");
    await showResults(page, found.id);
  }));
  node.setAttribute("aria-label", `删除答卷：${one.name}`);
  return node;
}

// A bar a question: how much of its points was got; opened, how many gave which answer.
function chart(tallies) {
  const order = select({ number: "按题号", share: "错得多的在前" }, "number");
  const list = make("ol", "tallies");
  const show = () => {
    const sorted = order.value === "number" ? tallies : [...tallies].sort((one, other) => (one.share ?? 2) - (other.share ?? 2));
    list.replaceChildren(...sorted.map(tallyOf));
  };
  order.addEventListener("change", show);
  show();
  return put("div", "", labelled("排列", order), list);
}

function tallyOf(one) {
  const text = one.share === null ? "待批阅" : `得分率 ${percent(one.share)}，全对 ${one.right} / ${one.papers}`;
  const fold = make("details");
  fold.append(put("summary", "", put("span", "tally-head", make("b", "", `${one.number}.`), ` ${one.kind}　`, make("span", "tally-stem", one.stem)), meter(one.share ?? 0, text)));
  const most = Math.max(1, one.papers);
  const rows = one.choices.map(({ text: said, count, is_right: right }) => put("li", right ? "right" : count ? "wrong" : "",
    put("span", "choice-text", right ? "✓ " : "", said), meter(count / most, `${count} 人`)));
  if (one.empty) rows.push(put("li", "", make("span", "choice-text quiet", "没有答"), meter(one.empty / most, `${one.empty} 人`)));
  fold.append(put("ul", "choices", ...rows), make("p", "given", "正确答案：" + one.answer.join("；")),
    put("p", "from", make("span", "label", "原文："), make("q", "", one.source.text), " ", cite(one.source, `《${one.source.document}》${placeOf(one.source)}`), stateBadge(one.source)));
  return put("li", "", fold);
}

function meter(share, text) {
  const filled = make("span", "meter-filled");
  filled.style.width = percent(Math.max(0, Math.min(1, share)));
  const bar = put("span", "meter-bar", filled);
  bar.setAttribute("aria-hidden", "true");
  return put("span", "meter", bar, make("span", "meter-text", text));
}

// One paper, with its short answers to be marked.
export async function showMarking(page, id, number) {
  const found = await api("GET", "/api/quiz/paper", { quiz: id, number });
  const marking = async (question, points) => {
    const now = await api("POST", "/api/quiz/mark", { quiz: id, number: Number(number), question, points });
    showScore(document.querySelector(".score"), now.score);
  };
  page.show(put("p", "back", link("返回成绩", "/quiz?results=" + id)), put("div", "head", make("h2", "", `${found.title}：${found.name} 的答卷`)), ...resultParts(found, marking));
}
