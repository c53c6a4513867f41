// Two versions of a document, paragraph by paragraph.
import { announce, api, button, make } from "./lib.js";
import { openDialog } from "./documents-parts.js";

const NAMES = { same: "没有变化", changed: "有改动", added: "新增", removed: "删去", moved: "移动了位置" };
const TAGS = { both: "span", old: "del", new: "ins" };

// Two rows of the table, the old one first: by what replaced it, its date, the year in its title, else as given.
export function inOrder(one, other) {
  if (one.replaced_by === other.id) return [one, other];
  if (other.replaced_by === one.id) return [other, one];
  for (const said of [(row) => row.date ?? "", (row) => yearIn(row.title)]) {
    const [first, second] = [said(one), said(other)];
    if (first && second && first !== second) return first < second ? [one, other] : [other, one];
  }
  return [one, other];
}

function yearIn(title) {
  return (title.match(/(?<!\d)(?:19|20)\d{2}(?!\d)/g) ?? []).sort().at(-1) ?? "";
}

export function openComparison(old, latest) {
  const { body } = openDialog("full", "比较两个版本");
  compare(body, old, latest);
}

async function compare(body, old, latest) {
  body.replaceChildren(make("p", "quiet", "正在比较 ……"));
  try {
    show(body, await api("GET", "/api/documents/compare", { old, new: latest }));
  } catch (error) {
    body.replaceChildren(make("p", "failed", error.message));
  }
}

// Takes the old one for the new one and the other way round.
function swap(body, found) {
  return button("对调", "small swap", async () => {
    body.focus();
    await compare(body, found.new.id, found.old.id);
    body.querySelector(".swap")?.focus();
    announce("已对调");
  });
}

function nameOf(facts) {
  return "《" + facts.title + "》" + (facts.date ? "（" + facts.date + "）" : "");
}

function show(body, found) {
  const names = make("p", "versions");
  names.append(make("span", "", "旧：" + nameOf(found.old)), make("span", "", "新：" + nameOf(found.new)), swap(body, found));
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
