"""What the page 学习材料 sends, checked: briefs, ids, the words of a question. No pack and no quote is ever sent."""

from collections.abc import Sequence
from typing import Any

from assistant.answering.scope import CHOSEN_MOST
from assistant.base.errors import SettingsError
from assistant.base.text import drop_controls
from assistant.study.pack import KIND_NAMES, TOPIC_LIMIT, Brief, Difficulty, ItemKind
from assistant.study.pack_store import TITLE_LIMIT, parse_title
from assistant.study.paper.editing import Wording
from assistant.web.endpoint import BAD_REQUEST

ID_LIMIT = 200
COUNT_MOST, ITEMS_MOST = 100, 200
MINUTES_LEAST, MINUTES_MOST = 10, 600
SEED_MOST = 999_999
SECTIONS_MOST = 2_000
STEM_LIMIT, PART_LIMIT, PARTS_MOST = 2_000, 1_000, 20
NOTHING_CHOSEN = "请选择至少一份文件，或写一个主题。"


def brief_of(said: object) -> Brief:
    """Return the brief that a browser sends; raises `SettingsError` for anything that is none."""
    if not isinstance(said, dict):
        raise SettingsError(BAD_REQUEST)
    documents = _texts(said.get("documents"), CHOSEN_MOST, ID_LIMIT)
    topic = _words(said.get("topic", ""), TOPIC_LIMIT, f"主题最多 {TOPIC_LIMIT} 个字：请改短一些。")
    if not documents and not topic:
        raise SettingsError(NOTHING_CHOSEN)
    too_long = f"最多 {TITLE_LIMIT} 个字：请改短一些。"
    return Brief(
        documents=tuple(dict.fromkeys(documents)),
        sections=_sections(said.get("sections", []), documents),
        topic=topic,
        title=_words(said.get("title", ""), TITLE_LIMIT, f"材料的名称{too_long}"),
        audience=_words(said.get("audience", ""), TITLE_LIMIT, f"学习对象{too_long}"),
        minutes=_number(said.get("minutes"), MINUTES_LEAST, MINUTES_MOST, "时长"),
        counts=_counts(said.get("counts")),
        difficulty=_difficulty(said.get("difficulty")),
        seed=_number(said.get("seed", 1), 1, SEED_MOST, "组题号"),
    )


def title_of(said: dict[str, Any]) -> str:
    """Return a title that a browser sends; raises `SettingsError`."""
    return parse_title(said.get("title"))


def wording_of(said: object) -> Wording:
    """Return the words of a question that a browser sends; raises `SettingsError`."""
    if not isinstance(said, dict):
        raise SettingsError(BAD_REQUEST)
    stem = _words(said.get("stem"), STEM_LIMIT, f"题干最多 {STEM_LIMIT} 个字：请改短一些。")
    note = _words(said.get("note", ""), PART_LIMIT, f"说明最多 {PART_LIMIT} 个字：请改短一些。")
    options, answer = (_texts(said.get(name), PARTS_MOST, PART_LIMIT, True) for name in ("options", "answer"))
    return Wording(stem, options, answer, note)


def identity_of(body: dict[str, Any], key: str) -> str:
    """Return an id that a browser sends; raises `SettingsError` for anything that is none."""
    value = body.get(key)
    if not isinstance(value, str) or not 0 < len(value) <= ID_LIMIT:
        raise SettingsError(BAD_REQUEST)
    return value


def whole_number(body: dict[str, Any], key: str) -> int:
    """Return a number from 0 on that a browser sends; raises `SettingsError`."""
    value = body.get(key)
    if type(value) is not int or not 0 <= value < 1 << 31:
        raise SettingsError(BAD_REQUEST)
    return value


def _words(said: object, limit: int, problem: str) -> str:
    text = drop_controls(said).strip() if isinstance(said, str) else None
    if text is None:
        raise SettingsError(BAD_REQUEST)
    if len(text) > limit:
        raise SettingsError(problem)
    return text


def _texts(said: object, most: int, limit: int, clean: bool = False) -> tuple[str, ...]:
    if not isinstance(said, list) or len(said) > most:
        raise SettingsError(BAD_REQUEST)
    if not all(isinstance(one, str) and len(one) <= limit for one in said):
        raise SettingsError(BAD_REQUEST)
    return tuple(drop_controls(one).strip() if clean else one for one in said)


def _sections(said: object, documents: Sequence[str]) -> tuple[tuple[str, int], ...]:
    if not isinstance(said, list) or len(said) > SECTIONS_MOST:
        raise SettingsError(BAD_REQUEST)
    pairs = [pair for pair in said if isinstance(pair, list) and len(pair) == 2]
    fine = [(d, n) for d, n in pairs if isinstance(d, str) and d in documents and type(n) is int and n >= 0]
    if len(fine) < len(said):
        raise SettingsError(BAD_REQUEST)
    return tuple(dict.fromkeys(fine))


def _counts(said: object) -> dict[ItemKind, int]:
    if not isinstance(said, dict) or not said.keys() <= set(ItemKind):
        raise SettingsError(BAD_REQUEST)
    counts = {kind: _number(said.get(kind, 0), 0, COUNT_MOST, KIND_NAMES[kind]) for kind in ItemKind}
    if sum(counts.values()) > ITEMS_MOST:
        raise SettingsError(f"一份材料最多 {ITEMS_MOST} 道题：请少要一些。")
    return counts


def _difficulty(said: object) -> Difficulty:
    try:
        return Difficulty(said)  # type: ignore[arg-type]
    except ValueError:
        raise SettingsError(BAD_REQUEST) from None


def _number(said: object, low: int, high: int, name: str) -> int:
    if type(said) is not int or not low <= said <= high:
        raise SettingsError(f"“{name}”请填 {low} 到 {high} 之间的整数。")
    return said
