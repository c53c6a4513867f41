// One's own account: what it may do, and another password.
import { api } from "./lib.js";

const form = document.querySelector("#password-form");
const [before, fresh, again] = ["old", "new", "again"].map((name) => form.querySelector("#" + name));
const button = form.querySelector("button");

function show(selector, message) {
  const line = form.querySelector(selector);
  line.textContent = message;
  line.hidden = !message;
}

async function change() {
  show("#problem", "");
  show("#done", "");
  if (fresh.value !== again.value) {
    show("#problem", "两次输入的新密码不一样：请再输一次。");
    again.focus();
    return;
  }
  button.disabled = true;
  try {
    await api("POST", "/api/password", { old: before.value, new: fresh.value });
    form.reset();
    show("#done", "密码已修改。");
  } catch (error) {
    show("#problem", error.message);
  }
  button.disabled = false;
}

async function showWho() {
  const who = await api("GET", "/api/account");
  document.querySelector("#name").textContent = who.name;
  document.querySelector("#role").textContent = who.role;
  document.querySelector("#folders").textContent = who.folders === null ? "全部文件" : who.folders.join("、") || "还没有分到文件夹，请联系管理员";
  document.querySelector("#username").value = who.name;
  form.hidden = !who.password;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  change();
});
showWho().catch((error) => show("#problem", error.message));
