// What the browser keeps of quizzes: which papers are its own where there are no accounts, the name that was
// given, and answers that the server does not have yet.
const PAPERS = "policy-quiz-papers";
const NAME = "policy-quiz-name";
const DRAFT = "policy-quiz-draft-";
const MOST = 200;

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function write(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // a full or forbidden storage: the server has what was saved
  }
}

export function papers() {
  const found = read(PAPERS);
  return Array.isArray(found) ? found.filter((one) => /^[0-9a-f]{32}$/.test(one)).slice(-MOST) : [];
}

export function keepPaper(id) {
  write(PAPERS, [...papers().filter((one) => one !== id), id].slice(-MOST));
}

export const lastName = () => String(read(NAME) ?? "").slice(0, 40);
export const keepName = (name) => write(NAME, name);

// Answers of a paper that were not saved, {question id: [texts]}; null for none.
export function draft(id) {
  const found = read(DRAFT + id);
  const fits = found && typeof found === "object" && Object.values(found).every((one) => Array.isArray(one));
  return fits ? found : null;
}

export const keepDraft = (id, answers) => write(DRAFT + id, answers);
