"""A check of papers that shares nothing with what makes and proves them: every fault of a paper, in words.

It reads the questions as a marker would: puts the answers in, looks the words up in the texts, and lays every two
questions side by side.
"""

import re
from calendar import monthrange
from collections import Counter
from collections.abc import Iterator, Sequence

from assistant.study.pack import BLANK, LETTERS, RIGHT, WRONG, Item, ItemKind
from assistant.study.source.texts import Text

CHOICE = "（　）"
WORDED = {ItemKind.FILL, ItemKind.SINGLE}
N = "[一二三四五六七八九十百千零〇]+"
MARKS = (f"第{N}章", f"第{N}节", f"第{N}条", f"第{N}，", f"{N}、", f"（{N}）", "[0-9]+[.．、]")
ONES = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {"两": 2, "零": 0}
COUNTED = "[个类项条张种级]"
SAYINGS = re.compile(
    "[一二三四五六七八九十百千万两]天打鱼|天晒网|分部署|分落实|分谋划|分建设|年之计|[百千]年大计|千方|百计|心一意|级抓|茬接着|锤接着"
)
AMOUNT = re.compile(
    "([0-9]+(?:[.][0-9]+)?|[一二两三四五六七八九十]{1,3})(个月|个?[年日天周时分元人次家户件名项条类％%倍])(?!级)"
)
NUMBER = re.compile("[0-9.,万亿一二两三四五六七八九十百千]+")


def faults(items: Sequence[Item], texts: Sequence[Text]) -> list[str]:
    """Return what is wrong with the questions of a paper, each fault with the stem that has it."""
    whole = {text.record.id: text.text for text in texts}
    found = [f"{fault}: {item.stem}" for item in items for fault in _own_faults(item, whole)]
    for n, one in enumerate(items):
        for other in items[n + 1 :]:
            found += [f"{fault}: {one.stem} | {other.stem}" for fault in _shared_faults(one, other)]
    return [*found, *_one_sided(items)]


def _one_sided(items: Sequence[Item]) -> Iterator[str]:
    """Yield where whoever guesses one answer for all questions of a kind is mostly right."""
    judged = Counter(item.answer for item in items if item.kind is ItemKind.JUDGE)
    if judged.total() > 2 and max(judged.values()) > max(0.6 * judged.total(), 2):
        yield "most statements are of one answer"
    single = Counter(item.answer for item in items if item.kind is ItemKind.SINGLE)
    numbers = sum(all(NUMBER.fullmatch(o) for o in i.options) for i in items if i.kind is ItemKind.SINGLE)
    if single.total() > 4 and max(single.values()) > single.total() / 2 + numbers:
        yield "most right options have one letter"


def _own_faults(item: Item, whole: dict[str, str]) -> Iterator[str]:
    text = whole[item.source.document_id]
    for quote in (item.source, *item.further):
        if whole[quote.document_id][quote.start : quote.end] != quote.text:
            yield "not verbatim"
    if len(set(item.options)) < len(item.options):
        yield "an option twice"
    yield from _form_faults(item)
    yield from _number_faults(item, text)
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
        yield from _part_faults(right, wrong, _part(stem, text))
        return
    if stem.startswith("下列说法中"):
        yield from _stated_faults(item, text, whole)
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


def _part_faults(right: Sequence[str], wrong: Sequence[str], part: str) -> Iterator[str]:
    if any(option not in part for option in right) or any(option in part for option in wrong):
        yield "wrong key"


def _stated_faults(item: Item, text: str, whole: dict[str, str]) -> Iterator[str]:
    right = [item.options[LETTERS.index(letter)] for letter in item.answer]
    wrong = [option for option in item.options if option not in right]
    if any(option not in text for option in right):
        yield "wrong key"
    if any(option in one for option in wrong for one in whole.values()):
        yield "a wrong option is right"
    originals = re.findall("原文是：(.+?)。(?=原文是|$)", item.note)
    if len(originals) != len(wrong) or any(one not in text for one in originals):
        yield "the note does not quote"


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


def _form_faults(item: Item) -> Iterator[str]:
    """Yield what tells the right options from the wrong ones by their looks."""
    if item.kind not in (ItemKind.SINGLE, ItemKind.MULTIPLE) or all(NUMBER.fullmatch(one) for one in item.options):
        return
    right = [item.options[LETTERS.index(letter)] for letter in item.answer]
    wrong = [option for option in item.options if option not in right]
    marks = [lambda one: one[-1] == "的", lambda one: one[0] if one[0] in "对由按在以将把为从" else ""]
    marks += [lambda one: one[:2], lambda one: one[-2:]] if len(right) > 1 else []
    if max(map(len, item.options)) < 10:
        marks.append(lambda one: any(mark in one for mark in "、，“”（）"))
    for mark in marks:
        kinds = {mark(one) for one in right}
        if len(kinds) == 1 and not any(mark(one) in kinds for one in wrong):
            yield "the right options are known by their form"
    if min(map(len, right)) > 1.6 * max(map(len, wrong)) or min(map(len, wrong)) > 1.6 * max(map(len, right)):
        yield "the right options are known by their length"
    if any(one.count(a) != one.count(b) for one in item.options for a, b in ("“”", "（）", "《》")):
        yield "an option with a bracket that does not pair"
    if any(a in b or b in a for a in right for b in wrong):
        yield "an option holds another"


def _number_faults(item: Item, text: str) -> Iterator[str]:
    """Yield what cannot be asked, or cannot be, of numbers."""
    if item.kind in WORDED:
        stem, answers = _bare(item), _words(item)
        gap = BLANK if item.kind is ItemKind.FILL else CHOICE
        for n, answer in enumerate(answers):
            if NUMBER.fullmatch(answer):
                behind = stem.split(gap)[n + 1]
                around = text[max(item.tested[n][1] - 3, 0) : item.tested[n][2] + 5]
                if SAYINGS.search(around) and not answer[0].isdigit():
                    yield "a numeral of a saying"
                lists = {part.count("、") + 1 for part in re.split("[，。；：]", stem)}
                if re.match(COUNTED, behind) and _value(answer) > 1 and _value(answer) in lists:
                    yield "the stem lets the answer be counted"
    for option in item.options if item.kind is ItemKind.SINGLE else ():
        if NUMBER.fullmatch(option) or re.search("[0-9]月", option):
            yield from _impossible(_bare(item).replace(CHOICE, option), text)
    if item.kind is ItemKind.JUDGE and item.answer == (WRONG,):
        yield from _impossible(_bare(item), text)
        yield from _still_true(item)


def _impossible(said: str, text: str) -> Iterator[str]:
    for share in re.finditer("([0-9]+(?:[.][0-9]+)?)[%％]", said):
        if float(share.group(1)) > 100 and share.group() not in text:
            yield "more than all"
    for day in re.finditer("(?<![0-9])([0-9]+)日(?:前|起)", said):
        if not 1 <= int(day.group(1)) <= 31 and day.group() not in text:
            yield "no such day"
    for month, day in re.findall("(?<![0-9])([0-9]+)月([0-9]+)日", said):
        known = f"{month}月{day}日" in text
        if not known and not (1 <= int(month) <= 12 and 1 <= int(day) <= monthrange(2023, int(month))[1]):
            yield "no such day"
    for low, unit, high, unit_ in re.findall("([0-9]+)(.)以上([0-9]+)(.)以下", said):
        if unit == unit_ and int(low) >= int(high):
            yield "a range upside down"
    if re.search("(?<![0-9.])0[个项条次人家%]", said):
        yield "none of it"


def _still_true(item: Item) -> Iterator[str]:
    """Yield where whoever keeps the true limit keeps the false one as well."""
    said, source = _bare(item), item.note
    for limit, worse in (("不超过", 1), ("不得超过", 1), ("不低于", -1), ("不少于", -1), ("至少", -1)):
        pairs = zip(
            re.findall(f"{limit}[^0-9，。]{{0,6}}([0-9.]+)", source),
            re.findall(f"{limit}[^0-9，。]{{0,6}}([0-9.]+)", said),
            strict=False,
        )
        if any((float(false) - float(true)) * worse > 0 for true, false in pairs):
            yield "the changed limit holds as well"


def _value(words: str) -> float:
    """Return a number up to 99, in digits or characters."""
    if words[0].isdigit():
        return float(re.match("[0-9.]+", words.replace(",", "")).group())  # type: ignore[union-attr]
    tens, _, ones = words.rpartition("十")
    return (ONES.get(tens[-1:], 1) * 10 if "十" in words else 0) + ONES.get(ones[-1:], 0)


def _amounts(words: str) -> set[tuple[float, str]]:
    return {(_value(m.group(1)), m.group(2).replace("个日", "日")) for m in AMOUNT.finditer(words)}


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
            if NUMBER.fullmatch(word) and word in _told_amounts(asked, teller):
                yield f"leak of {word}"


def _told_amounts(asked: Item, teller: Item) -> set[str]:
    """Return the numbers asked for that another question shows with the same unit."""
    parts = _bare(asked).split(BLANK if asked.kind is ItemKind.FILL else CHOICE)
    known = _amounts(_bare(teller)).union(*map(_amounts, teller.options))
    found = ((word, AMOUNT.match(word + parts[n + 1])) for n, word in enumerate(_words(asked)))
    return {word for word, amount in found if amount and _amounts(amount.group()) & known}


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
