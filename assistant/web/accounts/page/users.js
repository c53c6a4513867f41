// The page of users, for managers who see everything.
import { announce, api, button, make } from "./lib.js";
import { askForm, check, labelled, lines, radio, select } from "./forms.js";

const problem = document.querySelector("#problem");
let state = { users: [], groups: [], roles: {} };

function row(cells) {
  const line = make("tr");
  for (const cell of cells) {
    const field = make("td");
    field.append(cell);
    line.append(field);
  }
  return line;
}

function deeds(...buttons) {
  const frame = make("div", "deeds");
  frame.append(...buttons);
  return frame;
}

function sight(user) {
  if (user.groups === null) return "全部文件";
  return user.groups.length ? "分组：" + user.groups.join("、") : "没有文件";
}

function stateOf(user) {
  if (user.locked) return make("span", "locked", "已锁定，还有 " + Math.ceil(user.locked / 60) + " 分钟");
  return make("span", "", user.password ? "正常" : "没有密码，经统一登录进来");
}

function userRow(user) {
  const buttons = [button("修改", "", () => editUser(user))];
  if (user.locked) buttons.push(button("解锁", "", () => act("users/unlock", { name: user.name }, "已解锁 " + user.name)));
  if (!user.oneself) {
    buttons.push(button("改密码", "", () => changePassword(user)), button("删除", "danger", () => removeUser(user)));
  }
  buttons.forEach((node) => node.setAttribute("aria-label", node.textContent + " " + user.name));
  const name = user.name + (user.oneself ? "（我）" : "");
  return row([name, state.roles[user.role], sight(user), stateOf(user), deeds(...buttons)]);
}

function groupRow(group) {
  const buttons = [button("修改", "", () => editGroup(group)), button("删除", "danger", () => removeGroup(group))];
  buttons.forEach((node) => node.setAttribute("aria-label", node.textContent + "分组 " + group.name));
  return row([group.name, group.folders.map((folder) => folder || "（全部）").join("、"), deeds(...buttons)]);
}

function noteRow(note) {
  return row([note.at.slice(0, 19).replace("T", " "), note.who, note.action, note.subject, note.from]);
}

function fill(selector, rows, nothing) {
  const body = document.querySelector(selector);
  const names = [...body.closest("table").querySelectorAll("th")].map((head) => head.textContent);
  rows.forEach((line) => [...line.cells].forEach((cell, n) => { cell.dataset.name = names[n]; }));
  body.replaceChildren(...(rows.length ? rows : [row([make("span", "quiet", nothing)])]));
}

function show(found) {
  state = found;
  fill("#user-rows", found.users.map(userRow), "还没有用户");
  fill("#group-rows", found.groups.map(groupRow), "还没有分组：所有人都能看全部文件");
}

function tell(message) {
  problem.textContent = message;
  problem.hidden = !message;
}

async function showNotes() {
  try {
    fill("#note-rows", (await api("GET", "/api/audit")).map(noteRow), "还没有记录");
  } catch (error) {
    tell(error.message);
  }
}

async function send(path, body, done) {
  show(await api("POST", "/api/" + path, body));
  announce(done);
  await showNotes();
}

async function act(path, body, done) {
  tell("");
  try {
    await send(path, body, done);
  } catch (error) {
    tell(error.message);
  }
}

// Role, and all documents or those of some groups.
function rights(user) {
  const role = select(state.roles, user.role);
  const all = radio("sight", "全部文件", user.groups === null);
  const some = radio("sight", "只看这些分组的文件", user.groups !== null);
  const boxes = state.groups.map((group) => check(group.name, (user.groups || []).includes(group.name)));
  const frame = make("fieldset");
  frame.append(make("legend", "", "能看的文件"), all.label, some.label);
  boxes.forEach((box) => {
    box.label.classList.add("indented");
    box.input.addEventListener("change", () => { some.input.checked = true; });
    frame.append(box.label);
  });
  if (!boxes.length) frame.append(make("p", "quiet", "还没有分组，可以先添加。"));
  const chosen = () => state.groups.map((group) => group.name).filter((_, n) => boxes[n].input.checked);
  return {
    parts: [labelled("角色", role), frame],
    value: () => ({ role: role.value, groups: all.input.checked ? null : chosen() }),
  };
}

function passwordField() {
  const input = make("input");
  Object.assign(input, { type: "password", required: true, minLength: 10, maxLength: 200, autocomplete: "new-password" });
  return input;
}

function addUser() {
  const name = Object.assign(make("input"), { required: true, maxLength: 40, autocomplete: "off" });
  const password = passwordField();
  const given = rights({ role: "reader", groups: null });
  const parts = [labelled("用户名", name), labelled("初始密码（至少 10 个字符，他登录后可以自己改）", password), ...given.parts];
  askForm("添加用户", parts, "添加", () =>
    send("users/add", { name: name.value, password: password.value, ...given.value() }, "已添加 " + name.value));
}

function editUser(user) {
  const given = rights(user);
  askForm("修改 " + user.name, given.parts, "保存", () =>
    send("users/set", { name: user.name, ...given.value() }, "已修改 " + user.name));
}

function changePassword(user) {
  const password = passwordField();
  const note = make("p", "quiet", "改好以后，" + user.name + " 在各处的登录马上失效。");
  askForm("改 " + user.name + " 的密码", [labelled("新密码（至少 10 个字符）", password), note], "修改", () =>
    send("users/password", { name: user.name, password: password.value }, "已改密码"));
}

function removeUser(user) {
  const note = make("p", "", "删除后 " + user.name + " 马上不能再用。文件不受影响。");
  askForm("删除用户 " + user.name + "？", [note], "删除", () =>
    send("users/remove", { name: user.name }, "已删除 " + user.name));
}

function editGroup(group) {
  const name = Object.assign(make("input"), { required: true, maxLength: 40, value: group?.name || "", readOnly: Boolean(group) });
  const folders = Object.assign(make("textarea"), { rows: 4, required: true, value: (group?.folders || []).join("\n") });
  const parts = [labelled("分组名", name), labelled("文件夹（一行一个，如 人事 或 通知/人事；/ 是全部）", folders)];
  askForm(group ? "修改分组" : "添加分组", parts, "保存", () =>
    send("groups/set", { name: name.value, folders: lines(folders.value) }, "已保存分组"));
}

function removeGroup(group) {
  askForm("删除分组 " + group.name + "？", [make("p", "", "里面没有人时才能删除。文件不受影响。")], "删除", () =>
    send("groups/remove", { name: group.name }, "已删除分组"));
}

// Who may not manage users sees why, and the way back; nothing else.
async function open() {
  try {
    show(await api("GET", "/api/users"));
  } catch (error) {
    tell(error.message);
    document.querySelector("#back").hidden = false;
    return;
  }
  document.querySelectorAll("#users .panel").forEach((panel) => { panel.hidden = false; });
  await showNotes();
}

document.querySelector("#add-user").addEventListener("click", addUser);
document.querySelector("#add-group").addEventListener("click", () => editGroup(null));
document.querySelector("#renew").addEventListener("click", showNotes);
open();
