// One question set: run it with one or two settings, and all its runs over time.
import { announce, api, button, make } from "./lib.js";
import { legend, lines } from "./testing-charts.js";
import { link, percent, put, table, trialFields } from "./testing-parts.js";

const K = 5;
const SERIES = [
  { key: "right", name: "符合期望的比例" },
  { key: "fused", name: `召回率@${K}：应引原文在前 ${K} 段里的比例` },
];

export async function showSet(page, id) {
  const set = await api("GET", "/api/testing/set", { set: id });
  const facts = `${set.questions} 个问题，${set.with_texts} 个写了应引原文，${set.silent} 个不该回答；${set.when} 上传。`;
  return [
    put("div", "head", make("h2", "", set.name), make("p", "quiet", facts)),
    runForm(page, set),
    history(page, set),
    put("p", "deeds", deleting(page, set)),
  ];
}

function runForm(page, set) {
  const first = trialFields(page.settings, "-a");
  const second = trialFields(page.settings, "-b");
  const two = make("input");
  Object.assign(two, { type: "checkbox", id: "two" });
  const beside = put("fieldset", "trial", make("legend", "", "另一种设置"), ...second.nodes);
  beside.hidden = beside.disabled = true;
  two.addEventListener("change", () => { beside.hidden = beside.disabled = !two.checked; });
  const label = put("label", "check", two, " 同时用另一种设置再测一次，比较两次的结果");
  const form = put("form", "", put("fieldset", "trial", make("legend", "", "设置"), ...first.nodes), label, beside, make("button", "primary", "开始测试"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    page.start(set.id, two.checked ? [first.read(), second.read()] : [first.read()]);
  });
  return put("section", "panel", make("h3", "", "测一次"), form);
}

function history(page, set) {
  const title = make("h3", "", "历次结果");
  if (!set.history.length) return put("section", "panel", title, make("p", "quiet empty", "还没有测过。"));
  const chosen = new Set();
  const compare = button("比较选中的两次", "", () => page.go("#compare=" + [...chosen].join(",")));
  compare.disabled = true;
  const choose = (run) => {
    const box = make("input");
    box.type = "checkbox";
    box.setAttribute("aria-label", `选中 ${run.when} 的一次来比较`);
    box.addEventListener("change", () => {
      if (box.checked) chosen.add(run.id);
      else chosen.delete(run.id);
      compare.disabled = chosen.size !== 2;
    });
    return box;
  };
  const heads = [["选", ""], ["时间", ""], ["按意思的份量", "figure"], ["作答的把握", "figure"], ["文件", "figure"], ["符合期望", "figure"],
    [`召回率@${K}`, "figure"], ["MRR", "figure"], ["", ""]];
  const rows = [...set.history].reverse().map((run) => [
    choose(run),
    put("span", "", link(run.when, "#run=" + run.id), run.other_index ? make("span", "quiet", "（文件已有变化）") : null),
    run.dense_weight,
    run.answer_threshold,
    run.documents,
    run.judged ? `${percent(run.right / run.judged)}（${run.right}/${run.judged}）` : "",
    run.texts ? percent(run.recall.fused[run.ks.indexOf(K)]) : "",
    run.texts ? run.mrr.fused.toFixed(3) : "",
    put("span", "row-deeds", link("下载", "/testing/result.xlsx?run=" + run.id, "button"), removing(page, run)),
  ]);
  const deeds = set.history.length > 1 ? put("p", "", compare) : null;
  return put("section", "panel", title, chart(set.history), table("历次结果", heads, rows), deeds);
}

function chart(runs) {
  if (runs.length < 2) return null;
  const values = {
    right: runs.map((run) => (run.judged ? run.right / run.judged : null)),
    fused: runs.map((run) => (run.texts ? run.recall.fused[run.ks.indexOf(K)] : null)),
  };
  const series = SERIES.map((one) => ({ ...one, values: values[one.key] }));
  return put("figure", "", lines("历次结果", runs.map((run) => run.when.slice(5)), series), legend(SERIES));
}

function removing(page, run) {
  return confirmed("删除", "再按一次删除", async () => {
    await api("POST", "/api/testing/remove", { run: run.id });
    page.go(location.hash, `已删除 ${run.when} 的一次结果。`);
  }, page);
}

function deleting(page, set) {
  return confirmed("删除这组问题和全部结果", "再按一次，全部删除", async () => {
    await api("POST", "/api/testing/remove", { set: set.id });
    page.go("#", `已删除“${set.name}”。`);
  }, page);
}

// A button that asks once more before it does what cannot be undone.
function confirmed(text, again, deed, page) {
  const node = button(text, "danger", async () => {
    if (node.dataset.asked !== "yes") {
      node.dataset.asked = "yes";
      node.textContent = again;
      announce(again);
      return;
    }
    node.disabled = true;
    await deed().catch((error) => { page.notice(error.message, "failed"); node.disabled = false; });
  });
  node.addEventListener("blur", () => { node.dataset.asked = ""; node.textContent = text; });
  return node;
}
