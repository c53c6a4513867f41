// Whoever is logged in: their name and the way out in the bar, and what happens when a session ends in the
// middle of work: a form over the page, which stays as it is underneath; what was being sent is sent again.
import { announce, api, make } from "./lib.js";

export const UNREACHED = "policy-unreached";
export const JOINED = "policy-joined"; // a question is on its way
const JOIN = "/gradio_api/queue/join";
const NEVER_AGAIN = ["/api/login", "/api/logout"];
let known = "";
let dialog = null;
let renewed = null;

// Every request of the page goes through here, Gradio's too.
const plainFetch = window.fetch.bind(window);
window.fetch = async (...given) => {
  const address = given[0] instanceof Request ? given[0].url : String(given[0]);
  if (new URL(address, location.href).pathname === JOIN) window.dispatchEvent(new Event(JOINED));
  const send = () => plainFetch(...given.map((part) => (part instanceof Request ? part.clone() : part))).catch(unreached);
  let response = await send();
  while (response.status === 401 && isOwn(response.url)) {
    await askAgain();
    response = await send();
  }
  return response;
};

// A request that the service did not take; the bar looks at once what is the matter.
function unreached(error) {
  if (error.name !== "AbortError") window.dispatchEvent(new Event(UNREACHED));
  throw error;
}

function isOwn(address) {
  const url = new URL(address);
  return url.origin === location.origin && !NEVER_AGAIN.includes(url.pathname);
}

export function showWho(bar, status) {
  if (status.name === undefined || status.name === bar.dataset.who) return;
  bar.dataset.who = known = status.name;
  bar.querySelector(".who")?.remove();
  if (!known) return;
  const who = make("div", "who");
  const account = make("a", "page", known);
  account.href = "/account";
  account.title = "我的账号";
  if (location.pathname === "/account") account.setAttribute("aria-current", "page");
  const out = make("button", "out", "退出");
  out.type = "button";
  out.addEventListener("click", logOut);
  who.append(account, out);
  bar.append(who);
}

async function logOut() {
  try {
    await api("POST", "/api/logout");
  } catch (error) {
    if (error.status !== 401) {
      announce(error.message);
      return;
    }
  }
  location.href = "/login";
}

function field(form, name, words, options) {
  const label = make("label", "", words);
  const input = Object.assign(make("input"), { name, id: "again-" + name, required: true }, options);
  label.htmlFor = input.id;
  form.append(label, input);
  return input;
}

// Resolves when somebody has logged in again; all who wait share one form.
function askAgain() {
  renewed ??= new Promise((done) => openForm(done));
  return renewed;
}

function openForm(done) {
  dialog = make("dialog", "again");
  const form = make("form");
  const title = make("h2", "", "登录已过期");
  title.id = "again-title";
  dialog.setAttribute("aria-labelledby", title.id);
  form.append(title, make("p", "", "重新登录后接着用，页面上的内容和正在写的文字都还在。"));
  const name = field(form, "name", "用户名", { value: known, autocomplete: "username" });
  const password = field(form, "password", "密码", { type: "password", autocomplete: "current-password" });
  const problem = make("p", "problem");
  problem.setAttribute("role", "alert");
  problem.hidden = true;
  const button = make("button", "primary", "登录");
  form.append(problem, button);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      await api("POST", "/api/login", { name: name.value, password: password.value });
      goOn(name.value, done);
    } catch (error) {
      problem.textContent = error.message;
      problem.hidden = false;
      password.value = "";
      password.focus();
    }
    button.disabled = false;
  });
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.append(form);
  document.body.append(dialog);
  dialog.showModal();
  (known ? password : name).focus();
}

// What stands on the page is of whoever was here before: for somebody else it is loaded anew.
function goOn(name, done) {
  if (known && name.trim() !== known) {
    location.reload();
    return;
  }
  dialog.close();
  dialog.remove();
  renewed = null;
  announce("已重新登录。");
  done();
}
