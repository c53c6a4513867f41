"""A check of papers that shares nothing with what makes and proves them: every fault of a paper, in words.

It reads the questions as a marker would: puts the answers in, looks the words up in the texts, and lays every two
questions side by side.
"""

import re
from collections.abc import Iterator, Sequence

from assistant.study.pack import BLANK, LETTERS, RIGHT, WRONG, Item, ItemKind
from assistant.study.texts import Text

CHOICE = "（　）"
WORDED = {ItemKind.FILL, ItemKind.SINGLE}
N = "[一二三四五六七八九十百千零〇]+"
MARKS = (f"第{N}章", f"第{N}节", f"第{N}条", f"第{N}，", f"{N}、", f"（{N}）", "[0-9]+[.．、]")
NUMBER = re.compile("[0-9.,万亿一二两三四五六七八九十百千]+")


def faults(items: Sequence[Item], texts: Sequence[Text]) -> list[str]:
    """Return what is wrong with the questions of a paper, each fault with the stem that has it."""
    whole = {text.record.id: text.text for text in texts}
    found = [f"{fault}: {item.stem}" for item in items for fault in _own_faults(item, whole)]
    for n, one in enumerate(items):
        for other in items[n + 1 :]:
            found += [f"{fault}: {one.stem} | {other.stem}" for fault in _shared_faults(one, other)]
    return found


def _own_faults(item: Item, whole: dict[str, str]) -> Iterator[str]:
    text = whole[item.source.document_id]
    for quote in (item.source, *item.further):
        if whole[quote.document_id][quote.start : quote.end] != quote.text:
            yield "not verbatim"
    if len(set(item.options)) < len(item.options):
        yield "an option twice"
    if item.kind is ItemKind.FILL:
        yield from _fill_faults(item, text)
    elif item.kind in (ItemKind.SINGLE, ItemKind.MULTIPLE):
        yield from _choice_faults(item, text, whole)
    elif item.kind is ItemKind.JUDGE:
        yield from _judge_faults(item, text, whole)
    elif item.kind is ItemKind.ORDER:
        places = [text.find(item.options[LETTERS.index(letter)], item.source.start) for letter in item.answer]
        if places != sorted(places) or -1 in places or len(places) != len(item.options):
            yield "wrong order"
    elif any(all(answer not in one for one in whole.values()) for answer in item.answer):
        yield "answer not in the source"


def _fill_faults(item: Item, text: str) -> Iterator[str]:
    stem = _bare(item)
    filled = stem
    for answer in item.answer:
        filled = filled.replace(BLANK, answer, 1)
    if filled not in text and filled[:-1] not in text:
        yield "wrong key"
    if any(_holds(stem, answer) for answer in item.answer):
        yield "answer in its own stem"


def _choice_faults(item: Item, text: str, whole: dict[str, str]) -> Iterator[str]:
    stem, right = _bare(item), [item.options[LETTERS.index(letter)] for letter in item.answer]
    wrong = [option for option in item.options if option not in right]
    if not wrong or (item.kind is ItemKind.SINGLE) is (len(right) > 1):
        yield "wrong number of right options"
    if stem.startswith("下列内容中"):
        part = _part(stem, text)
        if any(option not in part for option in right) or any(option in part for option in wrong):
            yield "wrong key"
        return
    before, behind = stem.split(CHOICE)
    behind = behind.rstrip("。.")
    if item.kind is ItemKind.SINGLE:
        if before + right[0] + behind not in text:
            yield "wrong key"
        if any(before + option + behind in one for option in wrong for one in whole.values()):
            yield "a wrong option is right"
        if any(option in right[0] or right[0] in option for option in wrong if not NUMBER.fullmatch(option)):
            yield "an option holds another"
        return
    if any(option not in item.source.text for option in right):
        yield "wrong key"
    if any(option in item.source.text for option in wrong):
        yield "a wrong option is right"


def _part(stem: str, text: str) -> str:
    """Return the part of a document that a stem names, up to the next mark of its kind or one above it."""
    name = re.search("》[“「](.+)[”」]部分", stem)
    if name is None:
        return ""
    words = re.escape(name.group(1))
    head = re.search(f"(?:^|\n)#*\\s*({words}|(?:{'|'.join(MARKS)})[\\s，、　]*{words})", text)
    if head is None:
        return ""
    start = head.start(1)
    kinds = [mark for mark in MARKS if re.search(f"(?:^|\n){mark}", text)]
    kinds.sort(key=lambda mark: re.search(f"(?:^|\n){mark}", text).start())  # type: ignore[union-attr]
    own = next((n for n, mark in enumerate(kinds) if re.match(mark, head.group(1))), len(kinds) - 1)
    marks = "|".join((*kinds[: own + 1], "同志们", "附件"))
    following = re.search(f"\n(?:{marks})", text[start + 1 :])
    return text[start : start + 1 + following.start()] if following else text[start:]


def _judge_faults(item: Item, text: str, whole: dict[str, str]) -> Iterator[str]:
    stem = _bare(item)
    said = stem in text or stem[:-1] in text
    if item.answer == (RIGHT,) and not said:
        yield "called right, but not said"
    if item.answer == (WRONG,) and any(stem[:-1] in one for one in whole.values()):
        yield "called wrong, but said"
    if item.answer == (WRONG,):
        original = re.search("原文是：(.+)。$", item.note)
        if original is None or original.group(1) not in text:
            yield "the note does not quote"


def _shared_faults(one: Item, other: Item) -> Iterator[str]:
    if one.stem == other.stem:
        yield "the same stem"
    if any(a[0] == b[0] and a[1] < b[2] and b[1] < a[2] for a in one.tested for b in other.tested):
        yield "the same fact"
    if one.kind in WORDED and other.kind in WORDED:
        if {w for w in _words(one) if not NUMBER.fullmatch(w)} & set(_words(other)):
            yield "the same answer"
    for asked, teller in ((one, other), (other, one)):
        for word in _words(asked) if asked.kind in WORDED else ():
            if not NUMBER.fullmatch(word) and word in _bare(teller):
                yield f"leak of {word}"


def _words(item: Item) -> list[str]:
    if item.kind is ItemKind.SINGLE:
        return [item.options[LETTERS.index(letter)] for letter in item.answer]
    return list(item.answer)


def _bare(item: Item) -> str:
    return re.sub("^根据《[^》]*》，", "", item.stem)


def _holds(stem: str, answer: str) -> bool:
    digits = "[0-9.]" if answer[0].isdigit() else "[一二两三四五六七八九十百千]"
    pattern = f"(?<!{digits}){re.escape(answer)}(?!{digits})" if NUMBER.fullmatch(answer) else re.escape(answer)
    return bool(re.search(pattern, stem))
