// The line beside the name, and the copy buttons of all answers. `element`, `props`, `watch` come from Gradio.
const status = element.querySelector(".status");
const line = element.querySelector(".line");

function showStatus() {
  const value = props.value;
  if (!value || typeof value !== "object") return;
  status.dataset.stage = String(value.stage);
  line.textContent = String(value.message);
  line.title = line.textContent;
}

function words(node) {
  return node ? node.textContent.trim().replace(/\s+/g, " ") : "";
}

// An answer as plain text: its statements, then one line a citation with title and place.
function plainText(answer) {
  const lines = [];
  for (const node of answer.querySelectorAll(".lead, .place, .point, .nearest")) {
    const count = node.querySelector(".count");
    lines.push(count ? words(count) + " " + words(node.querySelector(".words")) : words(node));
  }
  const sources = [];
  for (const origin of answer.querySelectorAll(".origin")) {
    for (const source of origin.querySelectorAll(".source")) {
      const [marker, ...place] = words(source).split(" ");
      sources.push(marker + " " + words(origin.querySelector(".title")) + place.join(" "));
    }
  }
  return lines.concat(sources.length ? ["", "出处：", ...sources] : []).join("\n");
}

// navigator.clipboard exists only on https and on this computer; offices often use plain http.
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
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

window.policyHeader?.abort();
window.policyHeader = new AbortController();
document.addEventListener("click", async (event) => {
  const button = event.target instanceof Element ? event.target.closest(".answer button.copy") : null;
  if (!button) return;
  const done = await copyText(plainText(button.closest(".answer")));
  button.textContent = done ? "已复制" : "复制不了，请手工选取";
  setTimeout(() => { button.textContent = "复制"; }, 2000);
}, { signal: window.policyHeader.signal });

watch("value", showStatus);
showStatus();
