// One pack: its name and deeds, what became of its sources, and its parts as tabs.
import { announce, api, button, make } from "./lib.js";
import { askForm } from "./forms.js";
import { showCards, showPlan } from "./study-cards.js";
import { showFormulations, showRemarks } from "./study-formulations.js";
import { mountItems } from "./study-items.js";
import { showOutline } from "./study-outline.js";
import { publishButton } from "./quiz-publish.js";
import { labelled, link, put } from "./study-parts.js";

const AGAIN_LOSES = "题目会重新出，改过、删去和调整过的都不再保留。";

export function showPack(page, found, view) {
  const pack = { ...found.pack, ...found };
  document.title = `${pack.title} - 学习材料`;
  const items = mountItems(page, pack, () => showCount());
  const tabs = [
    { key: "outline", name: "提纲", count: null, make: () => showOutline(pack) },
    { key: "formulations", name: "提法", count: pack.formulations.length, make: () => showFormulations(pack, page.form.names.formulations) },
    { key: "remarks", name: "用语", count: pack.remarks.length, make: () => showRemarks(pack, page.form.names.remarks) },
    { key: "items", name: "试题", count: pack.items.length, make: () => items.node },
    { key: "cards", name: "卡片", count: pack.cards.length, make: () => showCards(pack) },
    { key: "plan", name: "课程计划", count: null, make: () => showPlan(pack) },
  ];
  const head = header(page, pack, items);
  const bar = tabBar(page, tabs);
  const showCount = () => { bar.querySelector("#tab-items .count").textContent = pack.items.length; };
  view.replaceChildren(put("p", "back", link("返回学习材料", "/study")), head, ...banners(page, pack), bar, make("div", "tab-panel"));
  bar.open(tabs.some(({ key }) => key === page.asked.get("tab")) ? page.asked.get("tab") : "outline");
}

function header(page, pack, items) {
  const title = make("h2", "", pack.title);
  const { brief } = pack;
  const documents = pack.documents.map((one) => `《${one.title}》`);
  const facts = [
    `${pack.made} 生成`,
    documents.slice(0, 3).join("、") + (documents.length > 3 ? ` 等 ${documents.length} 份文件` : ""),
    brief.topic && `主题：${brief.topic}`,
    brief.audience && `对象：${brief.audience}`,
    `${brief.minutes} 分钟`,
  ].filter(Boolean);
  const deeds = put("div", "deeds",
    exportMenu(page, pack),
    button("换一批题", "", () => confirmAgain(page, pack, true)),
    button("改名", "", () => rename(page, pack, title)),
    publishButton(pack.id, pack.title, () => {
      const doubtful = items.doubtful();
      return doubtful ? `有 ${doubtful} 道题标了红字，可能答案不对或互相透露：请先核对。` : "";
    }));
  return put("div", "head", title, make("p", "quiet", facts.join(" · ")), deeds);
}

// What the trainer must know first: sources that changed, and what the material was too thin for.
function banners(page, pack) {
  const shown = [];
  if (pack.moved || pack.gone) {
    const said = [pack.gone && `${pack.gone} 处文字已不是现在的原文`, pack.moved && `${pack.moved} 处的位置变了`].filter(Boolean).join("，");
    shown.push(put("div", "notice changed", make("p", "", `做好以后文件有变动：${said}。受影响的地方都有标记；导出以前请重新生成。`),
      button("按现在的文件重新生成", "primary", () => confirmAgain(page, pack, false))));
  }
  if (pack.notes.length) {
    shown.push(put("div", "notice notes", make("p", "", "请注意："), put("ul", "", ...pack.notes.map((note) => make("li", "", note)))));
  }
  return shown;
}

function confirmAgain(page, pack, next) {
  const touched = pack.items.some((item) => item.edited) || pack.removed.length > 0;
  const parts = [make("p", "", next ? "用下一个组题号重新出一批题。" : "用同样的要求，按现在的文件重新生成。"), make("p", touched ? "failed" : "quiet", AGAIN_LOSES)];
  askForm(next ? "换一批题" : "重新生成", parts, "生成", async () => {
    page.watch(await api("POST", "/api/study/again", { pack: pack.id, revision: pack.revision, next }));
  });
}

function rename(page, pack, title) {
  const field = make("input");
  Object.assign(field, { id: "new-title", maxLength: page.form.limits.title, value: pack.title, required: true });
  askForm("改名", [labelled("材料的名称", field)], "保存", async () => {
    const done = await api("POST", "/api/study/rename", { pack: pack.id, title: field.value });
    Object.assign(pack, done);
    title.textContent = done.title;
    document.title = `${done.title} - 学习材料`;
    announce("已改名");
  });
}

function nameIn(response) {
  const found = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get("content-disposition") ?? "");
  return found ? decodeURIComponent(found[1]) : "学习材料";
}

async function exportAs(asked, said) {
  said.textContent = "正在导出 ……";
  said.className = "said";
  try {
    const response = await fetch("/study/export?" + new URLSearchParams(asked), { credentials: "same-origin" });
    if (!response.ok) throw new Error((await response.text()) || "没有导出：请稍后再试。");
    const file = link("", URL.createObjectURL(await response.blob()));
    file.download = nameIn(response);
    file.click();
    setTimeout(() => URL.revokeObjectURL(file.href), 10000);
    said.textContent = "已导出";
  } catch (error) {
    said.className = "said failed";
    said.textContent = error instanceof TypeError ? "连接不上服务：请检查网络后再试一次。" : error.message;
  }
}

function exportMenu(page, pack) {
  const said = make("span", "said");
  said.setAttribute("role", "status");
  const menu = make("details", "menu");
  const head = make("summary", "button primary", "导出");
  const shut = () => {
    menu.open = false;
    head.focus();
  };
  const second = make("input");
  second.type = "checkbox";
  const versions = put("label", "versions", second, " 导出 B 卷（题目和选项换了顺序）");
  const choices = page.form.formats.map(({ key, name }) => button(name, "choice", () => {
    shut();
    exportAs({ pack: pack.id, format: key, version: second.checked ? "B" : "A" }, said);
  }));
  menu.append(head, put("div", "choices", ...choices, versions));
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    event.stopPropagation();
    shut();
  });
  document.addEventListener("pointerdown", (event) => { if (!menu.contains(event.target)) menu.open = false; });
  return put("span", "exporting", menu, said);
}

// Tabs: arrows lead from one to the next; the address remembers which one is open.
function tabBar(page, tabs) {
  const bar = make("div", "tabs");
  bar.setAttribute("role", "tablist");
  bar.setAttribute("aria-label", "材料的各部分");
  const made = new Map();
  tabs.forEach(({ key, name, count }) => {
    const tab = button(name, "tab", () => bar.open(key));
    tab.id = "tab-" + key;
    tab.setAttribute("role", "tab");
    if (count !== null) tab.append(make("span", "count", String(count)));
    bar.append(tab);
  });
  bar.open = (key) => {
    const panel = document.querySelector(".tab-panel");
    for (const tab of bar.children) {
      const isOpen = tab.id === "tab-" + key;
      tab.setAttribute("aria-selected", String(isOpen));
      tab.tabIndex = isOpen ? 0 : -1;
    }
    if (!made.has(key)) made.set(key, tabs.find((tab) => tab.key === key).make());
    panel.id = "panel-" + key;
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", "tab-" + key);
    panel.replaceChildren(made.get(key));
    page.asked.set("tab", key);
    history.replaceState(null, "", "/study?" + page.asked + location.hash);
  };
  bar.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const at = [...bar.children].indexOf(event.target);
    if (!by || at < 0) return;
    event.preventDefault();
    const next = bar.children[(at + by + tabs.length) % tabs.length];
    next.click();
    next.focus();
  });
  return bar;
}
