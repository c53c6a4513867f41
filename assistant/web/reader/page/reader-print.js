// A document, or the part of it that is read, on paper: put on a sheet of its own that only the printer sees.
import { announce, api, make } from "./lib.js";
import { titled } from "./reader-frame.js";
import { remark } from "./reader-link.js";
import { paragraphOf } from "./reader-text.js";

const AT_ONCE = 600;

export function mountPrint(frame, signal, text, sectionAt, marks) {
  const { prints, tools, notice } = frame;
  const whole = titled("打印全文", "print-whole", "整份文件");
  const part = titled("打印这一部分", "print-part", "正在看的这一部分");
  prints.append(whole, part);
  let turn = 0;

  async function paragraphs(source, first, last) {
    const found = [];
    const { document: identity } = source;
    for (let next = first; next <= last; next = found[found.length - 1].number + 1) {
      const count = Math.min(AT_ONCE, last - next + 1);
      const more = await api("POST", "/api/source/paragraphs", { document: identity, first: next, count, cited: marks() });
      if (more.version !== source.version || !more.paragraphs.length) throw new Error("文件刚刚更新过：请重新打开后再打印。");
      found.push(...more.paragraphs);
      tools.print.textContent = Math.round((100 * (next - first)) / (last - first + 1)) + "%";
    }
    return found;
  }

  function sheetOf(source, section, found) {
    const sheet = make("div", "print-sheet");
    sheet.id = "print-sheet";
    sheet.append(make("h1", "", source.title), make("p", "print-facts", source.facts.join(" · ") + remark(source)));
    if (section) {
      sheet.append(make("p", "print-facts", `第 ${section.first} 至 ${section.last} 段，共 ${source.total} 段`));
    }
    const words = (piece) => document.createTextNode(piece.text);
    sheet.append(...found.map((paragraph) => paragraphOf(paragraph, words, () => make("mark", "cited"))));
    return sheet;
  }

  async function print(section) {
    const source = text.source();
    const mine = ++turn;
    if (!source) return;
    toggle(false);
    announce("正在准备打印");
    try {
      const found = await paragraphs(source, section?.first ?? 1, section?.last ?? source.total);
      if (mine !== turn) return;
      document.querySelector("#print-sheet")?.remove();
      document.body.append(sheetOf(source, section, found));
      document.documentElement.classList.add("prints-source");
      window.print();
    } catch (error) {
      notice.textContent = error.message;
      notice.hidden = false;
    } finally {
      tools.print.textContent = "打印";
    }
  }

  function toggle(open) {
    prints.hidden = !open;
    tools.print.setAttribute("aria-expanded", String(open));
    return open;
  }

  function section() {
    return sectionAt(text.reading());
  }

  tools.print.addEventListener("click", () => {
    part.hidden = section() === null;
    if (toggle(prints.hidden)) whole.focus({ preventScroll: true });
  }, { signal });
  whole.addEventListener("click", () => print(null), { signal });
  part.addEventListener("click", () => print(section()), { signal });
  document.addEventListener("pointerdown", (event) => {
    if (!prints.contains(event.target) && event.target !== tools.print) toggle(false);
  }, { signal });
  window.addEventListener("afterprint", () => {
    document.documentElement.classList.remove("prints-source");
    document.querySelector("#print-sheet")?.remove();
  }, { signal });
  return { close: () => !prints.hidden && !toggle(false) };
}
