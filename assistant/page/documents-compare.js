// Two versions of a document, paragraph by paragraph.
import { api, make } from "./lib.js";
import { openDialog } from "./documents-parts.js";

const NAMES = { same: "没有变化", changed: "有改动", added: "新增", removed: "删去", moved: "移动了位置" };
const TAGS = { both: "span", old: "del", new: "ins" };

export async function openComparison(old, latest) {
  const { body } = openDialog("full", "比较两个版本");
  body.append(make("p", "quiet", "正在比较 ……"));
  try {
    show(body, await api("GET", "/api/documents/compare", { old, new: latest }));
  } catch (error) {
    body.replaceChildren(make("p", "failed", error.message));
  }
}

function nameOf(facts) {
  return "《" + facts.title + "》" + (facts.date ? "（" + facts.date + "）" : "");
}

function show(body, found) {
  const names = make("p", "versions");
  names.append(make("span", "", "旧：" + nameOf(found.old)), make("span", "", "新：" + nameOf(found.new)));
  const changes = Object.keys(NAMES).filter((change) => change !== "same" && found.counts[change]);
  const said = changes.map((change) => NAMES[change] + " " + found.counts[change] + " 段").join("，");
  body.replaceChildren(names, make("p", "lead", said ? said + "，没有变化 " + found.counts.same + " 段。" : "两份文件的文字完全相同。"));
  const list = make("div", "compared");
  if (found.whole && changes.length) body.append(toggle(list));
  if (!found.whole) body.append(make("p", "quiet", "文件较长，只列出有变化的段落。"));
  list.append(...found.rows.map(rowOf));
  body.append(list);
  if (found.left_out) body.append(make("p", "quiet", "还有 " + found.left_out + " 处没有列出。"));
}

function toggle(list) {
  const label = make("label", "check");
  const box = make("input");
  box.type = "checkbox";
  box.checked = true;
  box.addEventListener("change", () => list.classList.toggle("only-changes", box.checked));
  list.classList.add("only-changes");
  label.append(box, " 只看有变化的段落");
  return label;
}

function rowOf(row) {
  const line = make("div", "compared-row is-" + row.change);
  const place = make("p", "place");
  if (row.old) place.append(make("span", "", "旧第" + row.old + "段"));
  if (row.new) place.append(make("span", "", "新第" + row.new + "段"));
  place.append(make("span", "change", NAMES[row.change]));
  const text = make("p", "text");
  text.append(...row.pieces.map(([kind, words]) => make(TAGS[kind], "", words)));
  line.append(place, text);
  return line;
}
