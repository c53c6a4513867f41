"""Slogans by their form: words in quotation marks, and counted ones (两个维护, 三会一课, 五位一体)."""

import re
from collections.abc import Iterator

from assistant.base.text import HAN
from assistant.language.numerals import numeral
from assistant.study.source.word_boundaries import GOVERNING, RUN, BoundedText, Rarity

_QUOTED = re.compile('“([^“”\n]{2,30})”|‘([^‘’\n]{2,30})’|「([^「」\n]{2,30})」|『([^『』\n]{2,30})』|"([^"\n]{2,30})"')
_MAXIM = re.compile(f"“([{HAN}]{{7,16}}|[{HAN}]{{4,8}}，[{HAN}]{{4,8}})[。！]”")
_NO_SLOGAN = re.compile(
    "[.,]$|[。；：！？;:!?《》（）()\\[\\]…]|^[0-9A-Za-z.\\-]{1,3}$|^[0-9.,%年月日]+$|某|^[0-9]+[·.][0-9]+$|^第[一二三四五六七八九十百0-9]+[条款项章节]"
)
_CALLED = re.compile("(?:简称|统称|合称|改为|修改为|删去|增加|标明|注明|字样[为是]?)[为是：:]?$")
_NAME_OF = re.compile("(?:微信|政务)?(?:小程序|公众号|平台|[Aa][Pp][Pp]|网站|软件|系统|热线|栏目|字样|一词|商标|字)")
LONGEST, LONGEST_SERIES = 16, 30

_NUMBER = "一二两三四五六七八九十"
_COUNTED = re.compile(f"(?<![{_NUMBER}百千万亿几多每第])([二两三四五六七八九十]+)个(?=[{HAN}]{{2}})")
_DOUBLE = re.compile(f"(?<![{_NUMBER}百千万零〇0-9第])[{_NUMBER}双][^\\W\\d{_NUMBER}][{_NUMBER}双][^\\W\\d{_NUMBER}]")
_UNITS = frozenset(
    "年月日天时分秒周季度次回人名位家所座条项款章节编号级层楼米里亩元角吨成倍届期批种类点个只件份间辆台套处"
)
_SHAPE = re.compile(
    f"[二两三四五六七八九十双多]+(?:[个大项条张种类色道不有严讲学提好要]|坚持|位一体).+|{_DOUBLE.pattern}.*"
)
_NAMED = re.compile(
    f"(?<![{_NUMBER}百千万亿第])([二两三四五六七八九十]+[个项大][{HAN}]{{2,3}}?)(?=重要思想|战略布局|总体布局)"
    f"|中央[一二三四五六七八九十]+项[{HAN}]{{2}}精神"
)
_HELD = re.compile("(?:做到|增强|坚定|坚持|践行|紧扣|聚焦|围绕|树牢|拥护|领悟|捍卫|把握|贯彻|牢记|强化)$")
_CALLS = re.compile(f"[^{HAN}]|[的等和与及为]|制度?|机制|要求|原则|体系|工作|活动|责任|模式|格局|$")
_AFTER = re.compile(f"[^{HAN}]|[的等和与及为是在之]")
RARE_WORD = 9.5
RARELY_COUNTED, SELDOM_COUNTED, FREQUENT = 12.0, 8.0, 6.5


def is_counted(words: str) -> bool:
    """Say whether quoted words count something: 两个维护, 四个聚焦, 三会一课."""
    return bool(_SHAPE.fullmatch(words))


def count_of(words: str) -> int:
    """Return how many things a counted slogan has, 0 where its number is not one of the small ones."""
    found = re.match(f"([{_NUMBER}])(?![{_NUMBER}])", words)
    return (numeral(found[1]) or 0) if found else 0


def quoted(cut: BoundedText, rarity: Rarity) -> Iterator[tuple[int, int]]:
    """Yield what stands in quotation marks and is no sentence, title, abbreviation, cited wording or name of an app."""
    for match in _MAXIM.finditer(cut.read):
        yield match.span(1)
    for match in _QUOTED.finditer(cut.read):
        start, end = match.span(match.lastindex or 0)
        words, before = cut.read[start:end], cut.read[max(0, start - 8) : start - 1]
        if _NO_SLOGAN.search(words) or _CALLED.search(before) or _NAME_OF.match(cut.read, end + 1):
            continue
        if words == words.strip() and _short(words) and not (len(words) == 2 and _is_usual(cut, words, rarity)):
            yield start, end


def _is_usual(cut: BoundedText, words: str, rarity: Rarity) -> bool:
    """Say whether two characters are an ordinary word in quotation marks, said so once: “马上”."""
    return rarity.mean(words) < RARE_WORD and cut.read.count(words) == 1


def _short(words: str) -> bool:
    if words.isascii():
        return False  # those are in `latin`
    parts = re.split("[，,]", words)
    if len(parts) > 1:
        sizes = [len(part) for part in parts]
        return len(parts) < 5 and max(sizes) <= min(min(sizes) + (len(parts) > 2), LONGEST // 2)
    return len(words) <= (LONGEST_SERIES if "、" in words else LONGEST)


def counted(cut: BoundedText, rarity: Rarity, known: set[str]) -> Iterator[tuple[int, int]]:
    """Yield counted slogans without quotation marks: what is hardly ever counted with 个 is no plain number.

    `known` are slogans that stand in quotation marks elsewhere.
    """
    for match in _COUNTED.finditer(cut.read):
        end = _end(cut, match.end())
        words = cut.read[match.start() : end]
        held = bool(_HELD.search(cut.read[match.start() - 2 : match.start()]))
        if end and words not in known and _stands_out(cut, match.end(), end, rarity, held):
            yield match.start(), end
    for match in _NAMED.finditer(cut.read):
        if cut.bounded(*match.span()):
            yield match.span()
    for match in _DOUBLE.finditer(cut.read):
        words = match.group()
        if words[1] not in _UNITS and words[3] not in _UNITS and _stands(cut, *match.span()):
            yield match.span()


def _stands(cut: BoundedText, start: int, end: int) -> bool:
    """Say whether four characters stand between marks, or between a verb and what they are called."""
    led = cut.read[start - 2 : start] in GOVERNING or not RUN.match(cut.read[start - 1 : start])
    return led and bool(_CALLS.match(cut.read, end))


def _end(cut: BoundedText, start: int) -> int:
    """Return where the counted word ends, 0 where that is not sure."""
    for length in (2, 3, 4, 5, 6):
        if start + length in cut.edges and _AFTER.match(cut.read, start + length):
            return start + length
    return 0


def _stands_out(cut: BoundedText, start: int, end: int, rarity: Rarity, held: bool) -> bool:
    """Say whether a word is never counted though it is frequent, or what is counted is held fast: 坚定四个自信."""
    first, word = rarity.of("个" + cut.read[start])[0], rarity.of(cut.read[start : start + 2])[0]
    unusual = (first >= RARELY_COUNTED and word <= FREQUENT) or (held and first >= SELDOM_COUNTED)
    return unusual and cut.read[end - 1] not in _UNITS
