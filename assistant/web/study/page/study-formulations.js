// 提法 and 用语: how documents put things, how often, when; and what a reader of the source may stumble over.
import { make } from "./lib.js";
import { cite, empty, growing, placeOf, put, quoted, rowOf, stateBadge, table } from "./study-parts.js";

const SPACE = "http://www.w3.org/2000/svg";
const STEP = 40;
const PLACES = 2;
const CHARTED = 15;

const HEADS = [["提法", "text"], ["类别", "short"], ["次数", "figure"], ["文件", "short"], ["出处", "text"], ["文件里的解释", "text"]];

export function showFormulations(pack, names) {
  const found = pack.formulations;
  if (!found.length) return empty("没有找出重要提法。", "所选的文件里没有加引号、带数字或反复出现的提法。");
  const frame = table("重要提法", HEADS, []);
  const rows = growing(found, STEP, (one) => row(pack, one, names), frame.querySelector("tbody"), frame);
  return put("div", "", put("section", "panel formulations", make("h3", "", `重要提法（${found.length}）`), rows),
    pack.trends.columns.length ? chart(pack.trends) : null);
}

function documentsOf(one) {
  return new Set(one.places.map((place) => place.document_id));
}

function yearsOf(pack, one) {
  const dates = new Map(pack.documents.map(({ id, date }) => [id, date]));
  return [...new Set([...documentsOf(one)].map((id) => dates.get(id)?.slice(0, 4)).filter(Boolean))].sort();
}

function row(pack, one, names) {
  const members = one.members.length
    ? put("details", "", make("summary", "", `${one.members.length} 项`), put("ul", "members", ...one.members.map((quote) => put("li", "", quoted(quote, false)))))
    : null;
  const documents = put("span", "", `${documentsOf(one).size} 份`, make("span", "quiet", yearsOf(pack, one).map((year) => ` ${year}`).join("")));
  const explained = one.explained ? quoted(one.explained) : make("span", "quiet", "没有解释");
  const made = rowOf(HEADS, [put("div", "", make("b", "", one.text), members), names[one.kind] ?? one.kind, one.places.length, documents, places(one), explained]);
  made.classList.add("answer");
  return made;
}

function places(one) {
  const many = documentsOf(one).size > 1;
  const item = (place) => put("li", "", cite(place, (many ? `《${place.document}》` : "") + placeOf(place)), stateBadge(place));
  const list = put("ul", "places", ...one.places.slice(0, PLACES).map(item));
  const rest = one.places.slice(PLACES);
  if (!rest.length) return list;
  const fold = put("details", "", make("summary", "", `其余 ${rest.length} 处`));
  fold.addEventListener("toggle", () => {
    if (fold.open && fold.children.length === 1) fold.append(put("ul", "places", ...rest.map(item)));
  });
  return put("div", "", list, fold);
}

function draw(tag, attributes, text) {
  const node = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text !== undefined) node.textContent = text;
  return node;
}

// How often each document or year says the first formulations, by date: a circle as large as the count.
function chart({ columns, rows }) {
  const chosen = rows.slice(0, CHARTED);
  const nameOf = ({ title, date }) => (title ? `${date} ${title}` : date);
  const heads = [["提法", "text"], ...columns.map((column) => [nameOf(column), "figure"])];
  const figures = put("details", "fold", make("summary", "", "看数字"), table("提法的次数", heads, chosen.map(({ text, counts }) => [text, ...counts])));
  const what = columns[0].title ? "这份文件里" : "这一年";
  return put("section", "panel", make("h3", "", "提法的变化"), make("p", "quiet", `圆越大，${what}说得越多；按日期从左到右。`),
    put("div", "wide", picture(chosen, columns)), figures);
}

const short = (text, most) => (text.length > most ? text.slice(0, most - 1) + "…" : text);

function picture(chosen, columns) {
  const [left, top, step, line] = [190, 44, 72, 30];
  const [width, height] = [left + step * columns.length + 12, top + line * chosen.length + 8];
  const most = Math.max(1, ...chosen.flatMap(({ counts }) => counts));
  const said = chosen.map(({ text, counts }) => text + "：" + columns.map(({ date }, n) => `${date} ${counts[n]}`).join("，")).join("；");
  const svg = draw("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", class: "trend", "aria-label": "提法的变化。" + said });
  columns.forEach(({ date, title }, n) => {
    const name = draw("text", { x: left + step * (n + 0.5), y: 28, class: "date" }, date);
    if (title) name.append(draw("title", {}, `《${title}》`));
    svg.append(name);
  });
  chosen.forEach(({ text, counts }, at) => {
    const y = top + line * (at + 0.5);
    const name = draw("text", { x: left - 12, y: y + 5, class: "name" }, short(text, 12));
    name.append(draw("title", {}, text));
    svg.append(draw("line", { x1: left, x2: width - 12, y1: y, y2: y, class: "grid" }), name);
    counts.forEach((count, n) => {
      if (!count) return;
      const radius = 4 + 9 * Math.sqrt(count / most);
      const x = left + step * (n + 0.5);
      svg.append(draw("circle", { cx: x, cy: y, r: radius, class: "dot" }), draw("text", { x: x + radius + 4, y: y + 4, class: "value" }, String(count)));
    });
  });
  return svg;
}

export function showRemarks(pack, names) {
  const found = pack.remarks;
  if (!found.length) return empty("没有发现需要留意的用语。", "没有前后写法不一、疑似多字漏字、标点不成对的地方。");
  const list = make("div", "remarks");
  const make1 = (one) => put("article", "remark answer", put("p", "", put("span", "badge kind", names[one.kind] ?? one.kind), " ", one.note),
    put("ul", "places", ...one.places.slice(0, 20).map((place) => put("li", "", quoted(place)))),
    one.places.length > 20 ? make("p", "quiet", `还有 ${one.places.length - 20} 处没有列出。`) : null);
  return put("section", "panel", make("h3", "", `用语（${found.length}）`),
    make("p", "quiet", "以下是读原文时可能会停下来的地方，供核对；原文如此，没有改动。"), growing(found, STEP, make1, list));
}
