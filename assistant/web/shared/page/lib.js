// What every script of ours needs. Data only ever becomes text of an element, never HTML.
export const OFFLINE = "连接不上服务：请检查网络后再试一次。";

export function make(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

export function button(words, className, deed) {
  const node = make("button", className, words);
  node.type = "button";
  if (deed) node.addEventListener("click", deed);
  return node;
}

export function words(node) {
  return node ? node.textContent.trim().replace(/\s+/g, " ") : "";
}

// What the server answers; throws an Error whose message is a line for people.
export async function api(method, path, body) {
  const query = method === "GET" && body ? "?" + new URLSearchParams(body) : "";
  const options = { method, credentials: "same-origin" };
  if (method === "POST") {
    options.headers = { "Content-Type": "application/json" };
    options.body = JSON.stringify(body ?? {});
  }
  let response;
  try {
    response = await fetch(path + query, options);
  } catch {
    throw new Error(OFFLINE);
  }
  const said = await response.json().catch(() => null);
  if (response.ok && said !== null) return said;
  const error = new Error(said?.error || said?.detail || "程序出错，没有完成：请刷新页面后再试。");
  error.status = response.status;
  throw error;
}

// Says a line to screen readers without showing it.
export function announce(text) {
  let region = document.querySelector("#announcer");
  if (!region) {
    region = make("div", "unseen");
    region.id = "announcer";
    region.setAttribute("role", "status");
    document.body.append(region);
  }
  region.textContent = "";
  requestAnimationFrame(() => { region.textContent = text; });
}

// navigator.clipboard exists only on https and on this computer; offices often use plain http.
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = make("textarea");
    area.value = text;
    area.style.position = "fixed";
    area.style.opacity = "0";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

// Calls `found` with the first element that fits, now or as soon as there is one, and again for each that replaces it.
export function whenThere(selector, found) {
  let last = null;
  const look = () => {
    const node = document.querySelector(selector);
    if (!node || node === last) return;
    last = node;
    found(node);
  };
  new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true });
  look();
}
