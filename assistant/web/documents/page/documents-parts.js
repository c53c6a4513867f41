// What the parts of the documents page share: dialogs, names for figures and facts, the choice of another document.
import { button, make } from "./lib.js";

export const BADGES = { 现行有效: "valid", 已修改: "amended", 已废止: "repealed", 尚未生效: "coming" };

export function badge(validity) {
  return validity ? make("span", "badge " + (BADGES[validity] ?? ""), validity) : make("span", "quiet", "未注明");
}

// A dialog over the page; it is gone when it is closed, and the keyboard is back where it was.
export function openDialog(className, name) {
  const dialog = make("dialog", className);
  const title = make("h2", "", name);
  title.id = "dialog-title";
  const bar = make("div", "dialog-bar");
  bar.append(title, button("关闭", "", () => dialog.close()));
  const body = make("div", "dialog-body");
  body.tabIndex = 0;
  body.setAttribute("role", "group");
  body.setAttribute("aria-labelledby", title.id);
  dialog.setAttribute("aria-labelledby", title.id);
  dialog.append(bar, body);
  const opener = document.activeElement;
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (opener?.isConnected) opener.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  return { dialog, body, title };
}

export function warningList(warnings) {
  const list = make("ul", "warnings");
  list.append(...warnings.map((warning) => make("li", "", warning)));
  return list;
}

export function counted(found) {
  return (found.sections ? found.sections + " 个章节，" : "") + found.paragraphs + " 段";
}

export function sizeOf(bytes) {
  if (bytes >= 1e6) return (bytes / 1e6).toFixed(1) + " MB";
  return Math.max(1, Math.round(bytes / 1e3)) + " KB";
}

function pairs(text) {
  return new Set([...text].slice(1).map((character, n) => [...text][n] + character));
}

function alike(one, other) {
  const [mine, others] = [pairs(one), pairs(other)];
  const common = [...mine].filter((pair) => others.has(pair)).length;
  return (2 * common) / (mine.size + others.size || 1);
}

function option(row) {
  const node = make("option", "", row.title + (row.date ? "（" + row.date + "）" : "") + " - " + row.path);
  node.value = row.id;
  return node;
}

// A select of all other documents, those with a similar title first.
export function documentChoice(rows, own, chosen, none) {
  const select = make("select");
  const others = rows.filter((row) => row.id !== own.id);
  const near = others.map((row) => [alike(row.title, own.title), row]).filter(([likeness]) => likeness > 0.4);
  near.sort((one, other) => other[0] - one[0]);
  const first = make("option", "", none);
  first.value = "";
  const groups = [["标题相近", near.slice(0, 5).map(([, row]) => row)]];
  const listed = new Set(groups[0][1]);
  const rest = others.filter((row) => !listed.has(row));
  groups.push(["全部文件", rest.sort((one, other) => one.title.localeCompare(other.title, "zh-CN"))]);
  select.append(first, ...groups.filter(([, members]) => members.length).map(([name, members]) => {
    const group = make("optgroup");
    group.label = name;
    group.append(...members.map(option));
    return group;
  }));
  select.value = chosen ?? "";
  return select;
}
