// The bar on top of every page: where one can go, and how far the program is.
import { api, make, whenThere } from "./lib.js";

const ROLES = ["reader", "trainer", "manager"];
const PAGES = [
  { path: "/", name: "问答", role: "reader" },
];
const OPENING_MS = 1000;
const IDLE_MS = 30000;
let timer = 0;

function fillNavigation(bar, role) {
  const list = bar.querySelector(".pages");
  if (!list || list.dataset.role === role) return;
  list.dataset.role = role;
  const open = PAGES.filter((page) => ROLES.indexOf(role) >= ROLES.indexOf(page.role));
  list.hidden = open.length < 2;
  list.replaceChildren(...open.map((page) => {
    const link = make("a", "page", page.name);
    link.href = page.path;
    if (page.path === location.pathname) link.setAttribute("aria-current", "page");
    return link;
  }));
}

async function showStatus(bar) {
  clearTimeout(timer);
  let now;
  try {
    now = await api("GET", "/api/status");
  } catch (error) {
    now = { stage: "error", message: error.message };
  }
  if (!bar.isConnected) return;
  const status = bar.querySelector(".status");
  const line = bar.querySelector(".line");
  status.dataset.stage = String(now.stage);
  if (line.textContent !== now.message) line.textContent = line.title = String(now.message);
  if (now.role) fillNavigation(bar, now.role);
  timer = setTimeout(showStatus, now.stage === "ready" ? IDLE_MS : OPENING_MS, bar);
}

whenThere(".bar:has(.status)", showStatus);
