// Files dropped or chosen: sent one a request, a few at a time, each with its progress and what came of it.
import { OFFLINE, button, make } from "./lib.js";
import { counted, sizeOf, warningList } from "./documents-parts.js";
import { showPreview } from "./documents-split.js";

const AT_ONCE = 3;
const RETRY_MS = 1500;
const BUSY = 429;

function send(path, query, file, progress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path + "?" + new URLSearchParams(query));
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => progress(event.loaded / (event.total || 1)));
    request.addEventListener("error", () => reject(new Error(OFFLINE)));
    request.addEventListener("load", () => {
      const said = request.response;
      if (request.status === 200 && said) return resolve(said);
      const error = new Error(said?.error ?? said?.detail ?? "没有添加成功：请再试一次。");
      error.status = request.status;
      reject(error);
    });
    request.send(file);
  });
}

async function sent(path, query, file, progress) {
  for (;;) {
    try {
      return await send(path, query, file, progress);
    } catch (error) {
      if (error.status !== BUSY) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

// The files in what was dropped, folders opened, each with the folder it lay in.
export async function droppedFiles(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.some((entry) => entry.isDirectory)) return [...transfer.files].map((file) => ({ file, under: "" }));
  const found = [];
  for (const entry of entries) await collect(entry, "", found);
  return found;
}

async function collect(entry, under, found) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    found.push({ file, under });
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return;
    for (const inner of some) await collect(inner, under + entry.name + "/", found);
  }
}

export class Uploads {
  constructor(page) {
    this.page = page; // { maxBytes, opened(id), changed(), undo(token, line) }
    this.waiting = [];
    this.running = 0;
    this.items = [];
    this.list = document.querySelector("#uploads-list");
    document.querySelector("#add-all").addEventListener("click", () => this.addAll());
    document.querySelector("#uploads-clear").addEventListener("click", () => this.clear());
  }

  get busy() {
    return this.running > 0 || this.waiting.length > 0;
  }

  add(files, folder, hold) {
    document.querySelector("#uploads").hidden = false;
    for (const { file, under } of files) this.addOne(file, [folder, under].filter(Boolean).join("/"), hold);
    this.say();
    this.next();
  }

  addOne(file, folder, hold) {
    const item = { file, folder, state: "waiting", line: make("li") };
    const name = make("span", "name", (folder ? folder.replace(/\/$/, "") + "/" : "") + file.name);
    item.bar = make("progress");
    item.bar.max = 1;
    item.bar.value = 0;
    item.bar.setAttribute("aria-label", file.name);
    item.result = make("span", "result");
    item.line.append(name, make("span", "size quiet", sizeOf(file.size)), item.bar, item.result);
    this.list.append(item.line);
    this.items.push(item);
    if (file.size > this.page.maxBytes) this.failed(item, "文件超过 " + this.page.maxBytes / 1e6 + " MB 的上限，请拆成几份。");
    else if (hold) this.hold(item);
    else this.waiting.push(item);
  }

  hold(item) {
    item.state = "held";
    item.bar.hidden = true;
    this.offer(item, "", [
      ["看怎样分段", () => this.preview(item)],
      ["添加", () => this.start(item)],
      ["不添加", () => this.leave(item)],
    ]);
  }

  // Shows a line and what can be done next in an item's place.
  offer(item, text, deeds, className = "") {
    const found = text ? [make("span", className, text)] : [];
    const hadFocus = item.line.contains(document.activeElement);
    item.result.replaceChildren(...found, ...deeds.map(([name, act]) => button(name, "small", act)));
    if (hadFocus) (item.result.querySelector("button") ?? this.list).focus();
  }

  start(item, clash = "ask") {
    item.clash = clash;
    item.state = "waiting";
    item.bar.hidden = false;
    item.bar.value = 0;
    this.offer(item, "", []);
    this.waiting.push(item);
    this.say();
    this.next();
  }

  addAll() {
    for (const item of this.items.filter((one) => one.state === "held")) this.start(item);
  }

  leave(item) {
    item.state = "left";
    this.offer(item, "没有添加", []);
    this.say();
  }

  next() {
    while (this.running < AT_ONCE && this.waiting.length) this.run(this.waiting.shift());
  }

  async run(item) {
    this.running += 1;
    item.state = "running";
    try {
      const query = { name: item.file.name, folder: item.folder, clash: item.clash ?? "ask" };
      const said = await sent("/api/documents/add", query, item.file, (part) => { item.bar.value = part; });
      this.done(item, said);
    } catch (error) {
      this.failed(item, error.message);
    }
    this.running -= 1;
    this.say();
    this.next();
    if (!this.busy) this.page.changed();
  }

  done(item, said) {
    item.bar.hidden = true;
    item.state = said.outcome;
    if (said.outcome === "clash") {
      this.offer(item, "同名文件“" + said.path + "”已经在了：", [
        ["用这份替换", () => this.start(item, "replace")],
        ["两份都留", () => this.start(item, "keep")],
        ["不添加", () => this.leave(item)],
      ], "asked");
      return;
    }
    if (said.outcome === "same") {
      this.offer(item, "内容与“" + said.path + "”完全相同，没有重复添加", []);
      return;
    }
    const deeds = [["查看", () => this.page.opened(said.id)]];
    if (said.token) deeds.push(["撤销替换", () => this.page.undo(said.token)]);
    this.offer(item, (said.token ? "已替换：" : "已添加：") + counted(said), deeds, "fine");
    if (said.warnings.length) item.result.append(warningList(said.warnings));
  }

  failed(item, message) {
    item.state = "failed";
    item.bar.hidden = true;
    item.line.classList.add("is-failed");
    this.offer(item, message, [], "failed");
  }

  async preview(item) {
    this.offer(item, "正在读取 ……", []);
    try {
      const query = { name: item.file.name, folder: item.folder };
      const found = await sent("/api/documents/preview", query, item.file, () => {});
      this.hold(item);
      item.result.querySelector("button").focus();
      showPreview(found, () => this.start(item));
    } catch (error) {
      this.failed(item, error.message);
      this.say();
    }
  }

  say() {
    const count = (...states) => this.items.filter((item) => states.includes(item.state)).length;
    const total = this.items.length;
    const added = count("added", "replaced");
    const said = this.busy ? ["正在添加 " + (total - count("waiting", "running")) + "/" + total] : [];
    if (added) said.push("已添加 " + added + " 份");
    if (count("same")) said.push(count("same") + " 份已经在了");
    if (count("clash")) said.push(count("clash") + " 份同名，请选择怎样处理");
    if (count("held")) said.push(count("held") + " 份等您确认");
    if (count("failed")) said.push(count("failed") + " 份不能添加，原因见下");
    document.querySelector("#uploads-said").textContent = said.join("，");
    document.querySelector("#add-all").hidden = count("held") < 2;
    document.querySelector("#uploads-clear").hidden = this.busy;
  }

  clear() {
    this.items = [];
    this.list.replaceChildren();
    document.querySelector("#uploads").hidden = true;
    document.querySelector("#choose").focus();
  }
}
