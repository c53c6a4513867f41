// Charts as SVG: bars side by side, and lines over runs. Each says its figures in words to screen readers.
const SPACE = "http://www.w3.org/2000/svg";

function draw(tag, attributes, text) {
  const node = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text !== undefined) node.textContent = text;
  return node;
}

// Narrow windows get a narrower picture, so that its words stay readable.
const wide = () => Math.max(340, Math.min(720, document.documentElement.clientWidth - 48));

function picture(width, height, said) {
  const svg = draw("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", class: "chart", "aria-label": said });
  return svg;
}

export function legend(names) {
  const list = document.createElement("ul");
  list.className = "legend";
  names.forEach(({ key, name }) => {
    const item = document.createElement("li");
    const mark = document.createElement("span");
    mark.className = "key series-" + key;
    item.append(mark, name);
    list.append(item);
  });
  return list;
}

// Groups of bars: `groups` are names, `series` are {key, name, values} with a count a group.
export function bars(title, groups, series) {
  const [width, height, left, bottom, top] = [wide(), 240, 8, 28, 20];
  const most = Math.max(1, ...series.flatMap((one) => one.values));
  const said = title + "。" + series.map((s) => s.name + "：" + groups.map((g, n) => `${g} ${s.values[n]}`).join("，")).join("；");
  const svg = picture(width, height, said);
  const step = (width - 2 * left) / groups.length;
  const bar = Math.min(26, (step * 0.8) / series.length);
  const floor = height - bottom;
  svg.append(draw("line", { x1: left, x2: width - left, y1: floor, y2: floor, class: "axis" }));
  groups.forEach((group, n) => {
    const begin = left + n * step + (step - bar * series.length) / 2;
    series.forEach(({ key, values }, at) => {
      const tall = ((floor - top) * values[n]) / most;
      const x = begin + at * bar;
      svg.append(draw("rect", { x: x + 1, y: floor - tall, width: bar - 2, height: tall, class: "bar-fill series-" + key }));
      if (values[n]) svg.append(draw("text", { x: x + bar / 2, y: floor - tall - 5, class: "value" }, String(values[n])));
    });
    svg.append(draw("text", { x: left + (n + 0.5) * step, y: height - 8, class: "name" }, group));
  });
  return svg;
}

// Lines of shares, 0 to 1, over runs: `series` are {key, name, values}; a value may be null.
export function lines(title, names, series) {
  const [width, height, left, right, top, bottom] = [wide(), 240, 44, 8, 16, 30];
  const percent = (value) => Math.round(100 * value) + "%";
  const said = title + "。" + series
    .map((s) => s.name + "：" + names.map((name, n) => (s.values[n] === null ? "" : `${name} ${percent(s.values[n])}`)).filter(Boolean).join("，"))
    .join("；");
  const svg = picture(width, height, said);
  const x = (n) => left + ((width - left - right) * (n + 0.5)) / names.length;
  const y = (value) => top + (height - top - bottom) * (1 - value);
  for (const share of [0, 0.5, 1]) {
    svg.append(draw("line", { x1: left, x2: width - right, y1: y(share), y2: y(share), class: share ? "grid" : "axis" }));
    svg.append(draw("text", { x: left - 6, y: y(share) + 4, class: "scale" }, percent(share)));
  }
  for (const { key, values } of series) {
    const points = values.map((value, n) => [n, value]).filter(([, value]) => value !== null);
    const path = points.map(([n, value], at) => `${at ? "L" : "M"}${x(n).toFixed(1)} ${y(value).toFixed(1)}`).join(" ");
    if (path) svg.append(draw("path", { d: path, class: "curve series-" + key }));
    for (const [n, value] of points) {
      const dot = draw("circle", { cx: x(n), cy: y(value), r: 4, class: "point-fill series-" + key });
      dot.append(draw("title", {}, `${names[n]} ${percent(value)}`));
      svg.append(dot);
    }
  }
  const every = Math.ceil((names.length * 110) / width);
  names.forEach((name, n) => {
    if (n % every === 0) svg.append(draw("text", { x: x(n), y: height - 8, class: "name" }, name));
  });
  return svg;
}
