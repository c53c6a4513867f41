"""Questions on an order: the points of a document, steps, what comes 首先, 其次 and 最后; without their marks."""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.documents.splitting import Section
from assistant.language.numerals import numeral
from assistant.study.pack import LETTERS, Difficulty, Item, ItemKind, Quote
from assistant.study.questions.material.material import Material, item_of
from assistant.study.questions.material.statements import balanced
from assistant.study.source.texts import Text
from assistant.study.stem import Piece, Role, Stem, StemForm

LEAST, MOST, SHORTEST, LONGEST = 3, 6, 4, 60
UNORDERED = 4
HEADING_LONGEST = 30
_SPOKEN = re.compile("第[一二三四五六七八九十]$|首先|其次|再次|最后|[一二三四五六七八九十]是")
_STEPS = re.compile("步骤|程序|流程|阶段|环节|过程|顺序")
_MARK = re.compile(
    "\\s*(?:(?:第[一二三四五六七八九十百千零〇0-9]+(?:[编章节条](?:之[一二三四五六七八九十]+)?)?|首先|其次|再次|再者|最后|[一二三四五六七八九十]+[是、]|"
    "[（(][一二三四五六七八九十0-9]+[）)]|[0-9]+[.．、](?![0-9])|[\u2460-\u2473]|#+)[，、：:,\\s　]*)+"
)
_ORDER_SHOWN = re.compile("首先|其次|最后|然后|随后|第[一二三四五六七八九十][步阶]|[一二三]是|接着|最终|结束|总结")
_DATED = re.compile("[0-9]{1,2}月")
_QUESTION = re.compile("[？?吗么呢]$|多少$|^问[：:]")
_END = re.compile("[。；\n！？]")
_NUMBERED = re.compile("第.{1,4}|[（(]?[一二三四五六七八九十]{1,3}[）)、]?|[0-9]{1,2}[.、．]?")
_BARE = re.compile("[（(]?[一二三四五六七八九十0-9]{1,3}[）)、.．]?|第[一二三四五六七八九十]+[章节]")
_CLAUSE = re.compile("[，。；：\n！？]")


def orders(material: Material) -> Iterator[tuple[int, Item]]:
    """Yield the questions on the order of points and steps; where there are none, of the main parts of documents."""
    found = [found for text in material.texts for found in _orders(material, text)]
    ordered = [one for one in found if one[0] < UNORDERED]
    yield from ordered or found


def _orders(material: Material, text: Text) -> Iterator[tuple[int, Item]]:
    for parent, sections in families(text):
        quotes = [opening(text, section) for section in sections]
        shown = [quote.text for quote in quotes]
        fit = len(set(shown)) == len(shown) and all(_fit(words) for words in shown)
        if fit and LEAST <= len(shown) <= MOST and (parent is None or _ordered(sections, parent)):
            tier = (0 if parent is None else 2) if _ordered(sections, parent) else UNORDERED
            yield tier, _item(material, text, parent, quotes)
    for quotes in steps(text):
        yield 1, _item(material, text, text.section_at(quotes[0].start), quotes)


def opening(text: Text, section: Section) -> Quote:
    """Return the first clauses of a section, without its mark, as long as they are short enough."""
    mark = _MARK.match(text.text, section.start, section.end)
    start = mark.end() if mark else section.start
    stop = _END.search(text.text, start, section.end)
    end = stop.start() if stop else section.end
    if end - start > LONGEST:
        clauses = [m.start() for m in _CLAUSE.finditer(text.text, start, min(start + LONGEST, end))]
        fit = [at for at in clauses if at - start >= SHORTEST and balanced(text.text[start:at])]
        end = fit[-1] if fit else end
    return text.quote(start, end)


def _fit(words: str) -> bool:
    plain = SHORTEST <= len(words) <= 2 * LONGEST and balanced(words)
    return plain and not _ORDER_SHOWN.search(words) and not _DATED.search(words) and not _QUESTION.search(words)


def families(text: Text) -> Iterator[tuple[Section | None, list[Section]]]:
    """Yield the sections of `text` that stand side by side, with the one around them."""
    used = [(s.start, s.end) for s in text.sentences]
    first, last = (used[0][0], used[-1][1]) if used else (0, 0)
    children: dict[tuple[int | None, str], list[Section]] = {}
    for section in text.sections:
        if section.title and first <= section.start < last:
            children.setdefault((section.parent, _family(section.label)), []).append(section)
    for (parent, _), sections in children.items():
        yield (text.sections[parent] if parent is not None else None), sections


def _family(label: str) -> str:
    """Return what marks of one kind share: 首先, 其次 and 最后 are one kind."""
    return (
        "首先"
        if label in ("首先", "其次", "再次", "再者", "最后")
        else re.sub("[一二三四五六七八九十百0-9]+", "#", label)
    )


def _ordered(sections: Sequence[Section], parent: Section | None) -> bool:
    """Say whether these are points of a speech or steps, whose order means something."""
    spoken = all(_SPOKEN.match(section.label) for section in sections)
    return spoken or bool(parent and _STEPS.search(f"{parent.label}{parent.title}"))


def _item(material: Material, text: Text, parent: Section | None, quotes: list[Quote]) -> Item:
    rng = random.Random(f"{material.seed}|order|{text.record.id}|{quotes[0].start}")
    order = list(range(len(quotes)))
    while order == sorted(order):
        rng.shuffle(order)
    options = tuple(quotes[n].text for n in order)
    answer = tuple(LETTERS[order.index(n)] for n in range(len(quotes)))
    part = (parent and called(text, parent)) or named(text, parent)
    stem = asking("按", *part.pieces, "的原文顺序，排列下面各项。")
    places = tuple(quotes[n] for n in order)
    tested = tuple((q.document_id, q.start, q.end) for q in quotes)
    level = Difficulty.EASY if len(quotes) == LEAST else Difficulty.MEDIUM
    source = text.quote(quotes[0].start, quotes[-1].end)
    return item_of(ItemKind.ORDER, level, stem, answer, source, options, places, tested)


def asking(*pieces: Piece | str, form: StemForm = StemForm.TASK) -> Stem:
    """Return a stem of the program's own words and of others that it names."""
    return Stem(form, tuple(Piece(Role.OWN, one) if isinstance(one, str) else one for one in pieces))


@dataclass(frozen=True)
class Part:
    """What a part of a document is called: the title, and the words that name the section, None for the whole."""

    title: str
    words: str | None = None

    @property
    def pieces(self) -> tuple[Piece | str, ...]:
        """The name as it stands in a stem."""
        named = (*cited(Piece(Role.SECTION, self.words)), "部分") if self.words is not None else ()
        return f"《{self.title}》", *named


def named(text: Text, section: Section | None) -> Part:
    """Return what a part of a document is called: by the title, and its mark, else its first clause.

    Where several parts have that mark, the marks of the parts around it stand before it.
    """
    if section is None:
        return Part(text.record.title)
    if _NUMBERED.fullmatch(section.label):  # its words would tell what its points are
        return Part(text.record.title, _path(text, section))
    stop = _CLAUSE.search(text.text, opening(text, section).start, section.end)
    words = text.text[section.start : stop.start() if stop else section.end]
    return Part(text.record.title, words.strip().lstrip("#").strip())


def _path(text: Text, section: Section) -> str:
    marks = section.label
    while sum(one.label == section.label for one in text.sections) > 1 and section.parent is not None:
        section = text.sections[section.parent]
        marks = section.label + marks
    return marks


def called(text: Text, section: Section) -> Part | None:
    """Return what a part of a document is called where its words may be told: by its heading, if it has one.

    None for a part that has only a number: nobody knows a document by its numbers.
    """
    head = opening(text, section)
    ended = text.text[head.end : head.end + 1] in ("", "\n", "。")
    if _NUMBERED.fullmatch(section.label) and ended and len(head.text) <= HEADING_LONGEST:
        return Part(text.record.title, head.text)
    return None if _BARE.fullmatch(section.label) else named(text, section)


def cited(words: Piece) -> tuple[str, Piece, str]:
    """Return words in quotation marks, in corner ones where they hold others."""
    return ("「", words, "」") if "“" in words.text else ("“", words, "”")


STEPS_LEAST, STEPS_MOST = 3, 6
STEP_SHORTEST, STEP_LONGEST = 4, 60
_STEP_MARK = re.compile("第([一二三四五六七八九十])步[，、：:是要 ]{0,2}")
_STEP_END = re.compile("[。；\n]")
_TELLS = re.compile("首先|其次|最后|然后|随后|接着|最终|上一步|下一步|第.步")


def steps(text: Text) -> Iterator[list[Quote]]:
    """Yield the steps of each procedure of the sentences that may be used, in their order, without their marks."""
    run: list[Quote] = []
    for sentence in text.sentences:
        words = text.words(sentence)
        mark = _STEP_MARK.match(words)
        if mark is None:
            continue
        number = numeral(mark.group(1))
        if number != len(run) + 1:
            yield from _step_fits(run)
            run = []
        if number == len(run) + 1:
            start = sentence.start + mark.end()
            stop = _STEP_END.search(text.text, start, sentence.end)
            run.append(text.quote(start, stop.start() if stop else sentence.end))
    yield from _step_fits(run)


def _step_fits(run: list[Quote]) -> Iterator[list[Quote]]:
    """Yield a run of steps where they can be asked for."""
    shown = [quote.text for quote in run]
    sized = STEPS_LEAST <= len(run) <= STEPS_MOST and len(set(shown)) == len(shown)
    near = sized and run[-1].paragraph - run[0].paragraph <= STEPS_MOST
    if near and all(
        STEP_SHORTEST <= len(one) <= STEP_LONGEST and balanced(one) and not _TELLS.search(one) for one in shown
    ):
        yield run
