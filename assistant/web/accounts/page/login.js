// The log-in page. Where one wanted to go is gone to afterwards, on this host only.
import { api } from "./lib.js";

const form = document.querySelector("#login");
const problem = document.querySelector("#problem");
const button = form.querySelector("button");
const asked = new URLSearchParams(location.search);

function target() {
  let wanted;
  try {
    wanted = new URL(asked.get("next") || "/", location.origin);
  } catch {
    return "/";
  }
  if (wanted.origin !== location.origin || wanted.pathname === "/login") return "/";
  wanted.hash = location.hash;
  return wanted.href; // with its origin: a path may begin with //, which alone would name another host
}

function show(message) {
  problem.textContent = message;
  problem.hidden = !message;
}

if (asked.has("expired")) document.querySelector("#reason").textContent = "登录已过期，请重新登录。";

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  show("");
  button.disabled = true;
  button.textContent = "正在登录 ……";
  try {
    await api("POST", "/api/login", { name: form.elements.name.value, password: form.elements.password.value });
    location.replace(target());
    return;
  } catch (error) {
    show(error.message);
  }
  button.disabled = false;
  button.textContent = "登录";
  form.elements.password.value = "";
  form.elements.password.focus();
});

// Whoever comes by a link from elsewhere may be logged in: the browser holds the cookie back then.
api("GET", "/api/status").then(() => location.replace(target()), () => form.elements.name.focus());
