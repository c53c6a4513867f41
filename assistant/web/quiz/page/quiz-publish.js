// The button that makes a quiz of a pack's questions, for the page 学习材料.
import { api, button, make } from "./lib.js";
import { askForm, labelled, select } from "./forms.js";

const ARRANGEMENTS = { each: "每人不同（题目和选项打乱）", two: "两种卷子轮着发（A、B）", same: "所有人一样" };
const SHOWN = { handed: "交卷后马上公布", closed: "测验关闭后公布", never: "不公布" };

function number(value, most, id) {
  return Object.assign(make("input"), { type: "number", min: 0, max: most, step: 1, value, required: true, id });
}

// `title` is what the quiz is called unless the trainer says otherwise.
// `doubts` returns in words what is doubtful about the questions as they are now.
export function publishButton(packId, title = "", doubts = () => "") {
  return button("发布测验", "", () => {
    const name = Object.assign(make("input"), { maxLength: 60, value: title, required: true, id: "quiz-title" });
    const [arrangement, shown] = [select(ARRANGEMENTS, "each"), select(SHOWN, "handed")];
    const [minutes, tries] = [number(0, 600, "quiz-minutes"), number(1, 100, "quiz-tries")];
    const parts = [
      make("p", "quiet", "把这份材料现在的试题发布成在线测验（讨论题不上线，简答题由您批阅）。以后改材料不影响已发布的测验。"),
      doubts() && make("p", "failed", doubts()),
      labelled("测验名称", name), labelled("卷子", arrangement), labelled("限时（分钟，0 为不限）", minutes),
      labelled("每人可做几次（0 为不限）", tries), labelled("公布答案", shown),
    ];
    askForm("发布测验", parts.filter(Boolean), "发布", async () => {
      const settings = { arrangement: arrangement.value, minutes: Number(minutes.value), tries: Number(tries.value), shown: shown.value, is_open: true };
      const { quiz } = await api("POST", "/api/quiz/publish", { pack: packId, title: name.value, settings });
      location.href = "/quiz?results=" + quiz;
    });
  });
}
