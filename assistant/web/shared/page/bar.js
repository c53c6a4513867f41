// The bar on top of every page: where one can go, and how far the program is.
import { api, make, whenThere } from "./lib.js";
import { UNREACHED, showWho } from "./session.js";

const ROLES = ["reader", "trainer", "manager"];
const PAGES = [
  { path: "/", name: "问答", role: "reader" },
  { path: "/documents", name: "文件", role: "reader" },
  { path: "/testing", name: "命中测试", role: "trainer" },
  { path: "/study", name: "学习材料", role: "trainer" },
  { path: "/quiz", name: "测验", role: "reader" },
  { path: "/users", name: "用户", role: "manager", needs: "users" },
];
const OPENING_MS = 1000;
const FAILED_MS = 3000;
const IDLE_MS = 10000;
let timer = 0;
let asking = false;

function mayOpen(page, now) {
  return ROLES.indexOf(now.role) >= ROLES.indexOf(page.role) && (!page.needs || now[page.needs]);
}

function fillNavigation(bar, now) {
  const list = bar.querySelector(".pages");
  const open = PAGES.filter((page) => mayOpen(page, now));
  const paths = open.map((page) => page.path).join(" ");
  if (!list || list.dataset.open === paths) return;
  list.dataset.open = paths;
  list.hidden = open.length < 2;
  list.replaceChildren(...open.map((page) => {
    const link = make("a", "page", page.name);
    link.href = page.path;
    if (page.path === location.pathname) link.setAttribute("aria-current", "page");
    return link;
  }));
  const current = list.querySelector("[aria-current]");
  if (current) list.scrollLeft = current.offsetLeft - list.offsetLeft; // where not all fit: the whole word
}

async function statusNow() {
  asking = true;
  try {
    return await api("GET", "/api/status");
  } catch (error) {
    return { stage: "error", message: error.message };
  } finally {
    asking = false;
  }
}

async function showStatus(bar) {
  clearTimeout(timer);
  const now = await statusNow();
  if (!bar.isConnected) return;
  const status = bar.querySelector(".status");
  const line = bar.querySelector(".line");
  status.dataset.stage = String(now.stage);
  if (line.textContent !== now.message) line.textContent = line.title = String(now.message);
  showWho(bar, now);
  if (now.role) {
    document.documentElement.dataset.role = now.role; // what is for trainers only is shown by it
    fillNavigation(bar, now);
  }
  timer = setTimeout(showStatus, { ready: IDLE_MS, error: FAILED_MS }[now.stage] ?? OPENING_MS, bar);
}

// Something else noticed that the service is gone, or that the network came or went.
for (const sign of [UNREACHED, "offline", "online"]) {
  window.addEventListener(sign, () => {
    const bar = document.querySelector(".bar:has(.status)");
    if (bar && !asking) showStatus(bar);
  });
}

whenThere(".bar:has(.status)", showStatus);
