// What was removed or replaced and can still be put back.
import { api, button, make } from "./lib.js";
import { openDialog } from "./documents-parts.js";

export async function openTrash(page) {
  const { body } = openDialog("sheet", "回收站");
  body.append(make("p", "quiet", "正在读取 ……"));
  try {
    const { removed, days } = await api("GET", "/api/documents/removed");
    const list = make("ul", "trash");
    list.append(...removed.map((about) => lineOf(page, about)));
    const said = removed.length ? "移除或被替换的文件保留 " + days + " 天。" : "这里是空的。移除或被替换的文件会保留 " + days + " 天。";
    body.replaceChildren(make("p", "quiet", said), list);
  } catch (error) {
    body.replaceChildren(make("p", "failed", error.message));
  }
}

function lineOf(page, about) {
  const line = make("li");
  const when = new Date(about.at * 1000).toLocaleString("zh-CN", { dateStyle: "medium", timeStyle: "short" });
  line.append(make("span", "name", about.path));
  line.append(make("span", "quiet", when + (about.who ? "　" + about.who : "") + (about.replaced ? "　被替换" : "　移除")));
  const back = button("放回", "small", async () => {
    back.disabled = true;
    try {
      const { path } = await api("POST", "/api/documents/restore", { token: about.token });
      back.replaceWith(make("span", "fine", "已放回“" + path + "”"));
      page.restored(about.token);
    } catch (error) {
      back.replaceWith(make("span", "failed", error.message));
    }
  });
  line.append(back);
  return line;
}
