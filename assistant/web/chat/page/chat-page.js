// The page of questions: puts life into what Gradio has drawn.
import "./bar.js";
import "./chat.js";
import "./draft.js";
import "./editing.js";
import "./feedback.js";
import "./sending.js";
import "./suggestions.js";
import "./tools.js";
import { mountReader } from "./reader.js";
import { whenThere } from "./lib.js";

whenThere("#reader .reader", mountReader);
whenThere("#header .bar", () => document.querySelector("#shell")?.remove());
