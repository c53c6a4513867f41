// 提纲: what the documents say in their own order, a summary of one page, and the mind map.
import { api, button, make } from "./lib.js";
import { cite, empty, put, stateBadge, wordsOf } from "./study-parts.js";

const SPACE = "http://www.w3.org/2000/svg";
const DRAWN = {
  svg: ["viewBox", "width", "height"], g: ["transform"], path: ["d"], rect: ["x", "y", "width", "height", "rx", "ry"],
  line: ["x1", "y1", "x2", "y2"], circle: ["cx", "cy", "r"], text: ["x", "y", "dy"], tspan: ["x", "y", "dy"], title: [], a: [],
};
const LOOKS = ["class", "fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width", "stroke-linecap", "stroke-dasharray", "opacity", "font-size", "font-weight", "font-family", "text-anchor", "dominant-baseline"];

export function showOutline(pack) {
  if (!pack.outlines.some((one) => one.points.length)) return empty("没有可用的提纲。", "所选的文件太短，或者没有可以分层的内容。");
  const summary = pack.summary.length ? put("section", "panel", make("h3", "", "一页摘要"), points(pack.summary)) : null;
  const trees = pack.outlines.map((one) => put("section", "panel", documentTitle(one),
    one.points.length ? points(one.points) : make("p", "quiet", "这份文件没有可以分层的内容。"),
    one.left_out ? make("p", "quiet", `另有 ${one.left_out} 项没有列入提纲。`) : null));
  return put("div", "outline", summary, ...trees, mindMap(pack));
}

function documentTitle(one) {
  return put("h3", "", `《${one.title}》`, one.date ? make("span", "quiet", one.date) : null);
}

function points(list) {
  return put("ul", "points", ...list.map(point));
}

function point(one) {
  const [first] = one.quotes;
  const body = put("div", "point", one.label ? make("b", "mark", one.label) : null, make("span", "words", wordsOf(one.quotes)),
    ...one.quotes.slice(0, 1).map((quote) => cite(quote, "", "answer-cite")),
    one.quotes.map(stateBadge).find(Boolean) ?? null);
  const node = put("li", "answer", body);
  if (one.children.length) node.append(points(one.children));
  node.classList.toggle("is-plain", !first);
  return node;
}

// The server's picture is made again here of what a picture needs and nothing else: no style, no script, no
// address but places of documents.
function mindMap(pack) {
  const place = make("div", "map");
  const show = button("显示思维导图", "", async () => {
    show.disabled = true;
    place.replaceChildren(make("p", "quiet", "正在画图 ……"));
    try {
      const { svg } = await api("GET", "/api/study/map", { pack: pack.id });
      place.replaceChildren(svg ? picture(svg) : make("p", "quiet", "没有可以画的提纲。"));
    } catch (error) {
      place.replaceChildren(make("p", "failed", error.message));
    }
    show.disabled = false;
  });
  return put("section", "panel mind", make("h3", "", "思维导图"), make("p", "quiet", "点图里的任何一处，打开它的出处。"), show, place);
}

function picture(text) {
  const plain = text.replace(/<style>[^<]*<\/style>/g, ""); // study.css has its colours
  const parsed = new DOMParser().parseFromString(plain, "image/svg+xml");
  if (parsed.querySelector("parsererror")) return make("p", "failed", "这张图画不出来：请重新生成。");
  const drawn = redrawn(parsed.documentElement);
  drawn.setAttribute("role", "group");
  drawn.setAttribute("aria-label", "思维导图");
  const frame = put("div", "map-frame", drawn);
  frame.tabIndex = 0;
  frame.setAttribute("role", "region");
  frame.setAttribute("aria-label", "思维导图，可以滚动");
  return frame;
}

export function redrawn(node) {
  const made = document.createElementNS(SPACE, node.localName);
  for (const name of [...(DRAWN[node.localName] ?? []), ...LOOKS]) {
    const value = node.getAttribute(name);
    if (value !== null && !/url\(/i.test(value)) made.setAttribute(name, value);
  }
  const href = node.getAttribute("href") ?? "";
  if (node.localName === "a" && /^#cite-/.test(href)) made.setAttribute("href", href);
  for (const child of node.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) made.append(child.data);
    else if (child.nodeType === Node.ELEMENT_NODE && child.localName in DRAWN) made.append(redrawn(child));
  }
  return made;
}
