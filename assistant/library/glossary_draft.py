"""Proposals as a piece of `glossary.toml`, ready to be pasted; each entry says where its words stand.

Short names and definitions are entries; coined terms, which have neither synonym nor definition yet,
are entries behind `#`, to be filled in. Short names come first: the first word stands for all, and a
short one that a text holds by chance (中办 in 集中办理) is then replaced by itself.
"""

import json
from collections.abc import Iterator, Sequence

from assistant.base.text import drop_controls
from assistant.language.glossary import SOURCE_LIMIT
from assistant.library.term_proposals import Definition, Proposals, Quoted, ShortName, Source

HEADER = "# 词表候选：文件自己说的简称和定义，引号里反复出现的说法。请逐条看过，留下合适的，贴进 glossary.toml。"
NOTHING = "# 没有找到可以写进词表的说法。"
ALSO_SHOWN = 3


def draft(proposals: Proposals) -> str:
    """Return TOML that `load_glossary` reads; comments name the places."""
    groups = _groups(proposals.names)
    by_word = {definition.word: definition for definition in proposals.definitions}
    entries = [_entry(names, by_word) for names in groups]
    grouped = {word for names in groups for name in names for word in (name.full, name.short)}
    entries += [_defined(one) for one in proposals.definitions if one.word not in grouped]
    entries += [_to_fill_in(one) for one in proposals.quoted]
    return "\n\n".join([HEADER, *entries] if entries else [NOTHING]) + "\n"


def _groups(names: Sequence[ShortName]) -> list[list[ShortName]]:
    """Return the names that share words together, each list in the order of `names`."""
    group_of: dict[str, list[ShortName]] = {}
    for name in names:
        first, second = group_of.get(name.full), group_of.get(name.short)
        merged = [*(first or []), *((second or []) if second is not first else []), name]
        group_of.update(dict.fromkeys((word for one in merged for word in (one.full, one.short)), merged))
    return list({id(group): group for group in group_of.values()}.values())


def _entry(names: Sequence[ShortName], by_word: dict[str, Definition]) -> str:
    words = list(dict.fromkeys([name.short for name in names] + [name.full for name in names]))
    lines = [_comment(f"{name.short}：{name.source}") for name in names]
    lines += ["[[term]]", f"words = [{', '.join(map(_string, words))}]"]
    definition = next((by_word[word] for word in words if word in by_word), None)
    return "\n".join([*lines, *(_definition(definition) if definition else ())])


def _defined(definition: Definition) -> str:
    lines = []
    if definition.also:
        more = "等" if len(definition.also) > ALSO_SHOWN else ""
        lines = [_comment(f"另有不同的定义：{'、'.join(map(str, definition.also[:ALSO_SHOWN]))}{more}")]
    return "\n".join([*lines, "[[term]]", f"words = [{_string(definition.word)}]", *_definition(definition)])


def _definition(definition: Definition) -> Iterator[str]:
    yield f"definition = {_string(definition.text)}"
    yield f"source = {_string(_place(definition.source))}"


def _place(source: Source) -> str:
    """Return where something stands, the title cut if it must be."""
    return str(source) if len(str(source)) <= SOURCE_LIMIT else f"…{str(source)[1 - SOURCE_LIMIT :]}"


def _to_fill_in(quoted: Quoted) -> str:
    where = f"“{quoted.word}”：{quoted.documents} 份文件 {quoted.count} 次，如{quoted.source}"
    lines = [where, "[[term]]", f"words = [{_string(quoted.word)}]", 'definition = "请填写"']
    return "\n".join(map(_comment, lines))


def _comment(text: str) -> str:
    return f"# {' '.join(drop_controls(text).split())}"


def _string(text: str) -> str:
    return json.dumps(" ".join(drop_controls(text).split()), ensure_ascii=False)
