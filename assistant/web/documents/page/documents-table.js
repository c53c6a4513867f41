// The table of documents: found, filtered and sorted here, a hundred rows at a time.
import { button, make } from "./lib.js";
import { badge } from "./documents-parts.js";

const PAGE_ROWS = 100;
const CONDITIONS = {
  "": () => true,
  提示: (row) => row.warnings > 0,
  不能收录: (row) => row.problem !== "",
  等待收录: (row) => row.waits,
};
const CONDITION_NAMES = { "": "全部", 提示: "有提示的", 不能收录: "不能收录的", 等待收录: "等待收录的" };
const COLUMNS = [
  { key: "title", name: "标题" },
  { key: "date", name: "日期", className: "narrow-off" },
  { key: "issuer", name: "发文单位", className: "narrow-off" },
  { key: "validity", name: "效力" },
  { key: "paragraphs", name: "段数", className: "figure narrow-off" },
  { key: "warnings", name: "提示", className: "figure narrow-off" },
];
const ORDER = ["现行有效", "尚未生效", "已修改", "已废止"];

function compare(one, other, key) {
  if (key === "paragraphs" || key === "warnings") return one[key] - other[key];
  if (key === "validity") return ORDER.indexOf(one.validity) - ORDER.indexOf(other.validity);
  const [a, b] = [one[key] ?? "", other[key] ?? ""];
  if (!a !== !b) return a ? -1 : 1;
  return a.localeCompare(b, "zh-CN", { numeric: true });
}

function warningCount(row) {
  const count = make("span", "", row.warnings + " 条");
  count.title = row.warnings + " 条提示，点标题查看：" + row.warning;
  return count;
}

export class Table {
  constructor(open) {
    this.open = open;
    this.all = [];
    this.byId = new Map();
    this.key = "title";
    this.down = false;
    this.page = 0;
    this.find = document.querySelector("#find");
    this.validity = document.querySelector("#validity");
    this.condition = document.querySelector("#condition");
    for (const control of [this.find, this.validity, this.condition]) {
      control.addEventListener("input", () => { this.page = 0; this.show(); });
    }
    for (const [value, name] of Object.entries(CONDITION_NAMES)) this.condition.append(new Option(name, value));
    this.showColumns();
  }

  fill(rows, validities) {
    this.all = rows;
    this.byId = new Map(rows.map((row) => [row.id, row]));
    if (!this.validity.options.length) {
      this.validity.append(new Option("全部", "全部"), ...validities.map((name) => new Option(name, name)), new Option("未注明", ""));
    }
    this.show();
  }

  chosen() {
    const words = this.find.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const validity = this.validity.value;
    return this.all.filter((row) => {
      const text = [row.title, row.path, row.issuer, row.date].join("\n").toLowerCase();
      const fits = validity === "全部" || (row.validity ?? "") === validity;
      return fits && CONDITIONS[this.condition.value](row) && words.every((word) => text.includes(word));
    });
  }

  show() {
    const rows = this.chosen().sort((one, other) => compare(one, other, this.key) || compare(one, other, "path"));
    if (this.down) rows.reverse();
    const pages = Math.max(1, Math.ceil(rows.length / PAGE_ROWS));
    this.page = Math.min(this.page, pages - 1);
    const from = this.page * PAGE_ROWS;
    const focused = document.activeElement?.closest?.("#rows tr")?.dataset.id;
    document.querySelector("#rows").replaceChildren(...rows.slice(from, from + PAGE_ROWS).map((row) => this.row(row)));
    if (focused) document.querySelector(`#rows tr[data-id="${focused}"] button`)?.focus();
    const said = rows.length === this.all.length ? "" : "找到 " + rows.length + " 份";
    document.querySelector("#shown").textContent = rows.length ? said : "没有符合的文件";
    this.showPager(pages);
  }

  row(row) {
    const line = make("tr", row.problem ? "has-problem" : "");
    line.dataset.id = row.id;
    const title = make("td", "title");
    title.append(button(row.title, "open", () => this.open(row.id)));
    title.append(make("span", "path quiet", row.path));
    title.append(make("span", "facts quiet", [row.date, row.issuer].filter(Boolean).join("　")));
    if (row.problem) title.append(make("span", "problem", "不能收录：" + row.problem));
    else if (row.waits) title.append(make("span", "waits", "等待收录"));
    const successor = this.byId.get(row.replaced_by);
    if (successor) title.append(make("span", "quiet", "已由《" + successor.title + "》替代"));
    if (row.warning) title.append(make("span", "warned", "提示：" + row.warning));
    const validity = make("td", "validity");
    validity.append(badge(row.validity));
    const known = row.problem === "" && row.paragraphs > 0;
    const warnings = make("td", "figure narrow-off");
    if (row.warnings) warnings.append(warningCount(row));
    line.append(
      title,
      make("td", "narrow-off date", row.date ?? ""),
      make("td", "narrow-off", row.issuer ?? ""),
      validity,
      make("td", "figure narrow-off", known ? String(row.paragraphs) : ""),
      warnings,
    );
    return line;
  }

  showColumns() {
    document.querySelector("#columns").replaceChildren(...COLUMNS.map((column) => {
      const head = make("th", column.className ?? "");
      head.scope = "col";
      const sorted = this.key === column.key;
      if (sorted) head.setAttribute("aria-sort", this.down ? "descending" : "ascending");
      head.append(button(column.name + (sorted ? (this.down ? " ↓" : " ↑") : ""), "sort", () => this.sort(column.key)));
      return head;
    }));
  }

  sort(key) {
    this.down = this.key === key && !this.down;
    this.key = key;
    this.page = 0;
    this.showColumns();
    document.querySelectorAll("#columns button")[COLUMNS.findIndex((column) => column.key === key)].focus();
    this.show();
  }

  showPager(pages) {
    const pager = document.querySelector("#pager");
    pager.hidden = pages < 2;
    const turn = (by) => {
      this.page += by;
      this.show();
      document.querySelector("#listing").scrollIntoView();
    };
    const [back, on] = [button("上一页", "", () => turn(-1)), button("下一页", "", () => turn(1))];
    back.disabled = this.page === 0;
    on.disabled = this.page === pages - 1;
    pager.replaceChildren(back, make("span", "quiet", "第 " + (this.page + 1) + " 页，共 " + pages + " 页"), on);
  }
}
