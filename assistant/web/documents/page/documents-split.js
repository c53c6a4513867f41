// How a document was or would be cut: paragraphs, and in them the pieces that are looked for.
import { api, button, make } from "./lib.js";
import { counted, openDialog, warningList } from "./documents-parts.js";

function paragraphOf(paragraph) {
  const block = make("div", "cut");
  const place = [paragraph.section, "第" + paragraph.number + "段"].filter(Boolean).join("　");
  block.append(make("p", "place", place));
  block.append(...paragraph.passages.map((text) => make("p", "passage", text)));
  return block;
}

const EXPLAINED = "查找时，一段话会再分成小块（下面每个框是一块），回答时引用其中的句子。";

// Shows the paragraphs of an indexed document in `body`, more of them on demand.
export async function showSplit(body, id) {
  const list = make("div", "cuts");
  body.append(make("p", "quiet", EXPLAINED), list);
  const more = async (first) => {
    const found = await api("GET", "/api/documents/split", { id, from: String(first) });
    list.append(...found.paragraphs.map(paragraphOf));
    const next = first + found.paragraphs.length;
    if (next > found.total) return;
    const on = button("再看 " + Math.min(found.total - next + 1, found.paragraphs.length) + " 段", "", async () => {
      on.disabled = true;
      const last = list.lastElementChild;
      await more(next).then(() => on.remove(), (error) => { on.replaceWith(make("p", "failed", error.message)); });
      last.nextElementSibling?.scrollIntoView({ block: "nearest" });
    });
    body.append(on);
  };
  try {
    await more(1);
  } catch (error) {
    list.append(make("p", "failed", error.message));
  }
}

export function sectionList(found) {
  if (!found.sections.length) return make("p", "quiet", "没有章节标记，按段落收录。");
  const list = make("ol", "sections");
  for (const section of found.sections) {
    const line = make("li", "level-" + Math.min(section.level, 4), section.name);
    line.append(make("span", "quiet", "第" + section.paragraph + "段"));
    list.append(line);
  }
  const left = found.counts.sections - found.sections.length;
  if (left > 0) list.append(make("li", "quiet", "还有 " + left + " 个章节"));
  return list;
}

// Shows what would be found in a file that is not added yet.
export function showPreview(found, add) {
  const { dialog, body } = openDialog("sheet", "预览：" + found.title);
  body.append(make("p", "lead", "将收录为“" + found.path + "”，" + counted(found.counts) + "。"));
  if (found.warnings.length) body.append(make("h3", "", "提示"), warningList(found.warnings));
  body.append(make("h3", "", "章节"), sectionList(found));
  body.append(make("h3", "", "怎样分段"), make("p", "quiet", EXPLAINED), ...found.paragraphs.map(paragraphOf));
  const left = found.total - found.paragraphs.length;
  if (left > 0) body.append(make("p", "quiet", "以下还有 " + left + " 段，添加后可以全部查看。"));
  const deeds = make("div", "dialog-deeds");
  deeds.append(
    button("添加这份文件", "primary", () => { dialog.close(); add(); }),
    button("先不添加", "", () => dialog.close()),
  );
  dialog.append(deeds);
}
