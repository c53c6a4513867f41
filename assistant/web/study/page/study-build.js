// The form for a new pack: which documents or sections, which topic, for whom, how long, how many questions.
import { api, make } from "./lib.js";
import { mountChoice } from "./study-choose.js";
import { input, labelled, put } from "./study-parts.js";

function select(id, options) {
  const node = make("select");
  node.id = id;
  for (const { key, name } of options) {
    const option = make("option", "", name);
    option.value = key;
    node.append(option);
  }
  return node;
}

function counts(form) {
  const fields = form.kinds.map(({ key, name, count }) => ({
    key,
    node: input("count-" + key, "number", { min: 0, max: form.limits.count, step: 1, value: count, required: true }),
    name,
  }));
  const sum = () => fields.reduce((all, { node }) => all + (Number(node.value) || 0), 0);
  const total = make("span", "quiet");
  const say = () => { total.textContent = `共 ${sum()} 道`; };
  fields.forEach(({ node }) => node.addEventListener("input", say));
  say();
  const set = put("fieldset", "counts", make("legend", "", "试题"), ...fields.map(({ node, name }) => labelled(name, node)), total);
  return { set, total: sum, read: () => Object.fromEntries(fields.map(({ key, node }) => [key, Number(node.value)])) };
}

// Returns the form; what the address names (?documents=a,b&topic=…) is filled in.
export function buildForm(page, form) {
  const { limits, minutes } = form;
  const topic = input("topic", "text", { maxLength: limits.topic, placeholder: "可不填，例如：巡视整改", value: page.asked.get("topic")?.slice(0, limits.topic) ?? "" });
  const title = input("title", "text", { maxLength: limits.title, placeholder: "可不填" });
  const audience = input("audience", "text", { maxLength: limits.title, placeholder: "可不填，例如：新任干部" });
  const length = input("minutes", "number", { min: minutes.least, max: minutes.most, step: 1, value: minutes.usual, required: true });
  const difficulty = select("difficulty", form.difficulties);
  const seed = input("seed", "number", { min: 1, max: 999999, step: 1, value: 1, required: true });
  const asked = counts(form);
  const choice = mountChoice(limits.documents, (page.asked.get("documents") ?? "").split(",").filter(Boolean));
  const said = make("p", "failed form-said");
  said.setAttribute("role", "alert");
  const send = make("button", "primary", "生成学习材料");
  const summary = make("summary");
  const sum = () => { summary.textContent = `试题和难度：${asked.total()} 道，${difficulty.selectedOptions[0].textContent}`; };
  const node = put("form", "build",
    put("fieldset", "choosing", make("legend", "", "用哪些文件"), choice.node),
    labelled("主题", topic, "写了主题，就只用与它有关的内容；不选文件时，从全部文件里找。"),
    put("div", "fields", labelled("材料的名称", title), labelled("学习对象", audience), labelled("时长（分钟）", length)),
    put("details", "tuning", summary, asked.set,
      put("div", "fields", labelled("难度", difficulty), labelled("组题号", seed, "同样的文件和组题号，出同样的题；换一个号，换一批题。"))),
    put("div", "deeds", send, said, choice.said));
  node.addEventListener("input", () => {
    said.textContent = "";
    sum();
  });
  sum();
  node.addEventListener("invalid", (event) => { event.target.closest("details")?.setAttribute("open", ""); }, true);
  node.addEventListener("submit", async (event) => {
    event.preventDefault();
    said.textContent = "";
    send.disabled = true;
    try {
      const brief = {
        ...choice.read(),
        topic: topic.value.trim(), title: title.value.trim(), audience: audience.value.trim(),
        minutes: Number(length.value), counts: asked.read(), difficulty: difficulty.value, seed: Number(seed.value),
      };
      page.watch(await api("POST", "/api/study/build", brief));
    } catch (error) {
      said.textContent = error.message;
    }
    send.disabled = false;
  });
  return node;
}
