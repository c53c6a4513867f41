// One document: what was found in it, what is said of it, and changing that.
import { announce, api, button, make } from "./lib.js";
import { badge, counted, documentChoice, openDialog, sizeOf, warningList } from "./documents-parts.js";
import { inOrder, openComparison } from "./documents-compare.js";
import { sectionList, showSplit } from "./documents-split.js";
import { linkTo } from "./reader-link.js";

const REPLACED = ["已修改", "已废止"];

export async function openDetails(page, id) {
  const row = page.row(id);
  if (!row) return;
  const { dialog, body } = openDialog("sheet", row.title);
  body.append(make("p", "path quiet", row.path + (row.size ? "　" + sizeOf(row.size) : "")));
  body.append(factsOf(page, row));
  if (row.problem) body.append(make("p", "failed", "不能收录：" + row.problem));
  const found = make("div", "found");
  body.append(found);
  if (page.mayChange) body.append(...formOf(page, row, dialog), ...removalOf(page, row, dialog));
  if (row.problem) return;
  found.append(make("p", "quiet", "正在读取 ……"));
  try {
    const said = await api("GET", "/api/documents/details", { id });
    found.replaceChildren(...foundOf(page, row, said));
  } catch (error) {
    found.replaceChildren(make("p", "quiet", row.waits ? "这份文件还在收录，片刻后就能查看。" : error.message));
  }
}

function factsOf(page, row) {
  const line = make("p", "facts");
  line.append(badge(row.validity), make("span", "", [row.date, row.issuer].filter(Boolean).join("　")));
  const successor = page.row(row.replaced_by);
  if (successor) line.append(make("span", "", "已由《" + successor.title + "》替代"));
  return line;
}

function foundOf(page, row, said) {
  const counts = said.counts;
  const summary = counted(counts) + "，约 " + counts.characters + " 字" + (said.pages ? "，" + said.pages + " 页" : "");
  const deeds = make("p", "row-deeds");
  const link = make("a", "button", "打开原文");
  link.href = linkTo({ document: said.id });
  const parts = make("details");
  parts.append(make("summary", "", "这份文件是怎样分段的"));
  parts.addEventListener("toggle", () => { if (parts.open && parts.children.length === 1) showSplit(parts, said.id); });
  deeds.append(link);
  const sections = make("details");
  sections.append(make("summary", "", "章节（" + counts.sections + "）"), sectionList(said));
  const shown = [make("p", "lead", summary), deeds];
  if (said.warnings.length) shown.push(make("h3", "", "提示"), warningList(said.warnings));
  return [...shown, sections, parts, comparisonOf(page, row)];
}

function comparisonOf(page, row) {
  const part = make("details");
  part.append(make("summary", "", "与另一个版本比较"));
  part.addEventListener("toggle", () => {
    if (!part.open || part.children.length > 1) return;
    const others = page.rows().filter((other) => !other.problem && !other.waits);
    const predecessor = others.find((other) => other.replaced_by === row.id);
    const label = make("label", "field", "另一个版本");
    const choice = documentChoice(others, row, row.replaced_by ?? predecessor?.id, "请选择");
    label.append(choice);
    const go = button("比较", "", () => {
      const other = page.row(choice.value);
      if (!other) return choice.focus();
      const [old, latest] = inOrder(other, row);
      openComparison(old.id, latest.id);
    });
    part.append(label, go);
  });
  return part;
}

function field(form, name, label, control) {
  const frame = make("label", "field", label);
  control.name = name;
  frame.append(control);
  form.append(frame);
  return control;
}

function input(value, placeholder) {
  const node = make("input");
  node.type = "text";
  node.value = value ?? "";
  node.maxLength = 200;
  node.placeholder = placeholder ?? "";
  node.autocomplete = "off";
  return node;
}

function formOf(page, row, dialog) {
  const form = make("form", "edit");
  field(form, "title", "标题", input(row.title));
  field(form, "date", "日期", input(row.date, "如 2024-05-01、2024-05 或 2024"));
  field(form, "issuer", "发文单位", input(row.issuer));
  const validity = field(form, "validity", "效力", make("select"));
  validity.append(new Option("未注明", ""), ...page.validities.map((name) => new Option(name, name)));
  validity.value = row.validity ?? "";
  const successor = field(form, "replaced_by", "由哪份文件替代", documentChoice(page.rows(), row, row.replaced_by, "没有"));
  successor.addEventListener("change", () => {
    if (successor.value && !REPLACED.includes(validity.value)) validity.value = "已废止";
  });
  const said = make("p", "said");
  said.setAttribute("role", "alert");
  const save = make("button", "primary", "保存");
  form.append(save, said);
  const shown = new FormData(form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    save.disabled = true;
    said.textContent = "";
    try {
      // Only what was changed here, so that what somebody else changed meanwhile stays.
      const values = Object.fromEntries([...new FormData(form)].filter(([name, value]) => value !== shown.get(name)));
      await api("POST", "/api/documents/describe", { id: row.id, ...values });
      dialog.close();
      announce("已保存");
      page.changed();
    } catch (error) {
      said.textContent = error.message;
      save.disabled = false;
    }
  });
  return [make("h3", "", "文件信息"), form];
}

function removalOf(page, row, dialog) {
  const line = make("p", "removal");
  const said = make("span", "failed");
  const remove = button("移除这份文件", "danger", async () => {
    remove.disabled = true;
    try {
      const { token } = await api("POST", "/api/documents/remove", { id: row.id });
      dialog.addEventListener("close", () => page.removed(row.title, token));
      dialog.close();
    } catch (error) {
      said.textContent = error.message;
      remove.disabled = false;
    }
  });
  line.append(remove, said, make("span", "quiet", "移除后可以从回收站放回。"));
  return [make("h3", "", "移除"), line];
}
