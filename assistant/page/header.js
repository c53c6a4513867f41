// The line beside the name. `element`, `props`, `watch` come from Gradio.
const status = element.querySelector(".status");
const line = element.querySelector(".line");

function showStatus() {
  const value = props.value;
  if (!value || typeof value !== "object") return;
  status.dataset.stage = String(value.stage);
  line.textContent = String(value.message);
  line.title = line.textContent;
}

watch("value", showStatus);
showStatus();
