// Small pieces that every view of 命中测试 is made of.
import { button, make } from "./lib.js";

export const percent = (share) => (100 * share).toFixed(1).replace(/\.0$/, "") + "%";
export const NOWHERE = "没找到";

// An element with children; text becomes text.
export function put(tag, className, ...children) {
  const node = make(tag, className);
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export function link(text, href, className = "") {
  const node = make("a", className, text);
  node.href = href;
  return node;
}

// A table: heads are [text, className]; rows are rows of nodes or texts. Narrow windows show a card a row, or,
// where there are only figures, the table as it is. Rows beyond `most` are shown when asked for.
export function table(caption, heads, rows, { most = Infinity, figures = false } = {}) {
  const node = make("table", figures ? "" : "cards");
  node.append(make("caption", "unseen", caption));
  const line = make("tr");
  for (const [text, className] of heads) {
    const cell = make("th", className || "", text);
    cell.scope = "col";
    line.append(cell);
  }
  node.append(put("thead", "", line));
  const body = make("tbody");
  rows.forEach((row, number) => {
    const tr = make("tr", row.className || "");
    tr.hidden = number >= most;
    (row.cells ?? row).forEach((value, at) => {
      const cell = make("td", heads[at][1] || "");
      cell.dataset.label = heads[at][0];
      cell.append(value instanceof Node ? value : String(value ?? ""));
      tr.append(cell);
    });
    body.append(tr);
  });
  node.append(body);
  return put("div", "", put("div", "wide", node), rows.length > most ? rest(body, rows.length - most) : null);
}

function rest(body, count) {
  const more = button(`显示其余 ${count} 行`, "more", () => {
    const hidden = [...body.querySelectorAll("tr[hidden]")];
    hidden.forEach((tr) => { tr.hidden = false; });
    hidden[0].tabIndex = -1;
    hidden[0].focus();
    more.remove();
  });
  return more;
}

// A share with a bar that is as long as it.
export function meter(share, text, className = "") {
  const node = make("span", "meter " + className);
  const bar = make("span", "meter-bar");
  const filled = make("span", "meter-filled");
  filled.style.width = Math.round(100 * Math.max(0, Math.min(1, share))) + "%";
  bar.setAttribute("aria-hidden", "true");
  bar.append(filled);
  node.append(make("span", "meter-text", text), bar);
  return node;
}

export function badge(text, kind) {
  return make("span", "badge " + kind, text);
}

export function ranksText(ranks) {
  return ranks.map((rank) => (rank === null ? NOWHERE : String(rank))).join("、");
}

const TRIAL = [
  { name: "dense_weight", label: "按意思找的份量", hint: "0 只看字词，1 只看意思" },
  { name: "answer_threshold", label: "作答的把握", hint: "越大越谨慎，宁可不答" },
];

// Two numbers that can be tried; `read` gives them as the server wants them.
export function trialFields(settings, suffix) {
  const inputs = TRIAL.map(({ name, label, hint }) => {
    const input = make("input");
    Object.assign(input, { type: "number", min: 0, max: 1, step: 0.05, value: settings[name], required: true });
    input.id = name + suffix;
    input.name = name;
    const said = make("span", "quiet", hint + "；现用 " + settings[name]);
    said.id = input.id + "-hint";
    input.setAttribute("aria-describedby", said.id);
    const title = make("label", "", label);
    title.htmlFor = input.id;
    return { name, input, node: put("div", "field", title, input, said) };
  });
  return {
    nodes: inputs.map(({ node }) => node),
    read: () => Object.fromEntries(inputs.map(({ name, input }) => [name, Number(input.value)])),
  };
}
