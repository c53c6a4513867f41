// 卡片 and 课程计划.
import { make } from "./lib.js";
import { cite, empty, growing, link, placeOf, put, stateBadge } from "./study-parts.js";

const STEP = 30;

export function showCards(pack) {
  if (!pack.cards.length) return empty("没有卡片。", "卡片由提法和试题做成，所选的文件里可用的太少。");
  const card = (one) => put("article", "card answer", make("p", "front", one.front), make("p", "back", one.back),
    put("p", "from", ...one.quotes.slice(0, 4).flatMap((quote) => [cite(quote, `《${quote.document}》${placeOf(quote)}`), stateBadge(quote)])));
  return put("section", "panel", make("h3", "", `卡片（${pack.cards.length}）`), growing(pack.cards, STEP, card, make("div", "deck")));
}

const clock = (minutes) => `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;

export function showPlan(pack) {
  if (!pack.plan.length) return empty("没有课程计划。", "所选的内容太少，排不出导入、精读、讨论、测验。");
  const steps = pack.plan.map((step) => put("li", "stage",
    put("p", "time", make("b", "", `${clock(step.start)}–${clock(step.start + step.minutes)}`), make("span", "quiet", `${step.minutes} 分钟`)),
    put("div", "", make("h4", "", step.name), make("p", "", step.what), readings(step.readings), questions(pack, step.items))));
  return put("section", "panel", make("h3", "", "课程计划"), put("ol", "plan", ...steps));
}

function readings(list) {
  if (!list.length) return null;
  const line = (one) => {
    const span = one.first === one.last ? `第${one.first}段` : `第${one.first}至${one.last}段`;
    const said = [`《${one.document}》`, one.section, span].filter(Boolean).join(" ");
    const at = one.start === undefined ? "" : `-${one.start}-${one.end}`;
    return put("li", "", link(said, `#open-${encodeURIComponent(one.document_id)}${at}`), make("span", "quiet", ` ${one.characters} 字`));
  };
  return put("div", "readings", make("p", "quiet", "阅读："), put("ul", "places", ...list.map(line)));
}

function questions(pack, ids) {
  const found = ids.map((id) => pack.items.find((item) => item.id === id)).filter(Boolean);
  if (!found.length) return null;
  const fold = put("details", "", make("summary", "", `用到的题（${found.length}）`), put("ol", "", ...found.map((item) => make("li", "", item.stem))));
  return fold;
}
