"""Questions that are answered in one's own words: short answers with a marking list of quotes, and discussions."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.documents.splitting import Section
from assistant.study.pack import Difficulty, Item, ItemKind, Quote
from assistant.study.questions.kinds.ordering import asking, called, cited, families, named, opening
from assistant.study.questions.material.lists import Listing
from assistant.study.questions.material.material import Material, item_of, source_piece
from assistant.study.questions.material.statements import MARKUP, Statement, run_around, understood
from assistant.study.source.said import letters
from assistant.study.source.texts import Text
from assistant.study.stem import Piece, Role, Stem

BESIDE_LEAST = 8
VARIANTS = 8
MARKS_LEAST, MARKS_MOST, MARK_LONGEST = 3, 5, 45
SPOKEN_SHORTEST = 3
_DEMAND = re.compile(
    "[^，。；“”]{0,8}?(?:(?<![就是主重需只])要(?![求点素么])(?!看)|必须|应当|不得|务必|严禁)|坚持|着力|坚决|督促|紧盯|压实"
)
_MEASURE = re.compile("要(?![求点素])|坚持|加强|强化|推动|推进|建立|完善|健全|落实|深化|提高|持续|着力|督促|充分|抓")
_RULE = re.compile("应当|不得")
_NO_MEASURE = re.compile("是否|是[^，]*的|要看|会议|同志|[0-9]|怎么")
_OTHERS_COUNT = "答出这一部分的其他要求，同样给分。"
_SPOKEN = re.compile(
    "首先|其次|再次|再者|最后|第?[一二三四五六七八九十][是要]?|其[一二三四五六]|[一二三四五六七八九十]来"
)
_POINTING = re.compile("这|那些|上述|前款|其(?![他中次实余])|该|刚才|今天|下面")


def shorts(material: Material, text: Text) -> Iterator[tuple[int, Item]]:
    """Yield the questions to be answered in a few lines on the sections of `text`."""
    for parent, sections in families(text):
        quotes = [opening(text, section) for section in sections]
        led = text.text[max(sections[0].start - 3, 0) : sections[0].start].rstrip()[-1:] in ("：", ":")
        led = led or sections[0].label.endswith("条")  # what an article says is no point of a chapter
        if not led and MARKS_LEAST <= len(quotes) <= MARKS_MOST and all(_markable(quote) for quote in quotes):
            yield from _section_items(text, parent, sections, quotes)
    for section in text.sections:
        quotes = list(_demands(material, text, section))
        if len(quotes) >= MARKS_LEAST and section.title:
            for variant in range(VARIANTS):
                mixed = material.shuffled(quotes, f"{section.start}|{variant}")
                yield 1, _demand_item(text, section, mixed[:MARKS_LEAST])


def listed_short(material: Material, listing: Listing) -> Iterator[tuple[int, Item]]:
    """Yield the question that asks for the items of a list."""
    text = listing.text
    lead = source_piece(text, listing.start, listing.lead_end)
    stem = asking(f"《{text.record.title}》规定：", *cited(lead), "请写出各项内容。")
    quotes = [text.quote(a, b) for a, b in listing.items[:MARKS_MOST]]
    if len(listing.items) <= MARKS_MOST:
        yield 0, _short(stem, quotes, text.quote(listing.start, listing.end))


def discussions(material: Material, statement: Statement) -> Iterator[tuple[int, Item]]:
    """Yield the question how to do at one's own place what a statement asks for."""
    text = statement.text
    ruled = bool(_RULE.search(statement.words))
    starts = (n for n, c in enumerate(statement.clauses) if _MEASURE.match(text.text, c.start, c.end))
    first = 0 if ruled else next(starts, None)
    if first is None or statement.latin:
        return
    says, task = ("规定", "谈谈落实这一规定应当注意什么") if ruled else ("提出", "谈谈怎样做到这一点")
    for last in range(len(statement.clauses) - 1, first - 1, -1):
        start, end = statement.clauses[first].start, statement.clauses[last].end
        words = text.text[start:end]
        if 16 <= end - start <= 70 and understood(statement, first, last) and not _NO_MEASURE.search(words):
            quote = text.quote(start, end)
            said = cited(source_piece(text, start, end))
            stem = asking(f"《{text.record.title}》{says}：", *said, f"。结合本单位、本岗位实际，{task}。")
            tested, kind, level = ((text.record.id, start, end),), ItemKind.DISCUSS, Difficulty.HARD
            yield 0, item_of(kind, level, stem, (quote.text,), statement.quote, (), (quote,), tested)
            return


def spoken_of(material: Material, words: str, places: Sequence[Quote]) -> Iterator[tuple[int, Item]]:
    """Yield the question where and how the documents speak of a formulation, where a few sentences do.

    The key must be whole: every place of the words is in one of its quotes, else there is no question.
    """
    quotes: dict[Quote, None] = {}
    for place in places:
        statement = material.statement_at(place)
        run = run_around(statement, place.start, place.end) if statement else None
        if statement and run and run[1] - run[0] >= len(words) + BESIDE_LEAST:
            quotes[statement.text.quote(*run)] = None
    marks = list(quotes)
    apart = len({letters(mark.text) for mark in marks}) == len(marks)
    if 2 <= len(marks) <= MARKS_LEAST and len(words) >= SPOKEN_SHORTEST and apart and _all_told(material, words, marks):
        where = f"《{marks[0].document}》" if len({mark.document_id for mark in marks}) == 1 else "各份文件"
        stem = asking(f"{where}在哪几处讲到", *cited(Piece(Role.SOURCE, words)), "，分别是怎样讲的？")
        yield 0, _short(stem, marks, marks[0])


def _all_told(material: Material, words: str, marks: Sequence[Quote]) -> bool:
    """Say whether the documents of `marks` have the words nowhere else, and not inside longer Latin words."""
    told = {mark.document_id for mark in marks}
    for text in (text for text in material.texts if text.record.id in told):
        spans = [(mark.start, mark.end) for mark in marks if mark.document_id == text.record.id]
        for found in re.finditer(re.escape(words), text.text):
            beside = text.text[max(found.start() - 1, 0) : found.start()] + text.text[found.end() : found.end() + 1]
            if (words.isascii() and re.search("[A-Za-z]", beside)) or not any(
                start <= found.start() and found.end() <= end for start, end in spans
            ):
                return False
    return True


def _markable(quote: Quote) -> bool:
    closed = not quote.text.endswith(("：", ":", "？", "?")) and not MARKUP.search(quote.text)
    return closed and 4 <= len(quote.text) <= 2 * MARK_LONGEST and not _POINTING.search(quote.text)


def _section_items(
    text: Text, parent: Section | None, sections: Sequence[Section], quotes: list[Quote]
) -> Iterator[tuple[int, Item]]:
    """Yield the question on the points of a part; spoken ones stand among other words, so their marks are told."""
    marks = [section.label for section in sections]
    if len(set(marks)) < len(marks):
        return  # two series: which one is meant?
    spoken = all(_SPOKEN.fullmatch(mark) for mark in marks)
    told = f"用“{'、'.join(marks)}”" if spoken else ""
    part = parent and called(text, parent)
    if not part or any(quote.text in asking(*part.pieces).text for quote in quotes):
        part = named(text, parent)
    stem = asking(*part.pieces, f"{told}讲了哪几点？请按顺序写出要点。")
    yield 0, _short(stem, quotes, text.quote(quotes[0].start, quotes[-1].end))


def _demands(material: Material, text: Text, section: Section) -> Iterator[Quote]:
    """Yield what a section asks for: of each of its sentences the first clauses that say what must be done."""
    for statement in material.statements_of(text, section):
        for first, clause in enumerate(statement.clauses):
            words = text.text[clause.start : clause.end]
            last = _mark_end(statement, first) if _DEMAND.match(words) else None
            if last is not None:
                yield text.quote(clause.start, statement.clauses[last].end)
                break


def _mark_end(statement: Statement, first: int) -> int | None:
    """Return the last clause of a mark that begins with `first`, the longest that is not too long; None for none."""
    start, fit = statement.clauses[first].start, None
    for last in range(first, len(statement.clauses)):
        if statement.clauses[last].end - start > MARK_LONGEST:
            break
        if understood(statement, first, last):
            fit = last
    return fit


def _demand_item(text: Text, section: Section, quotes: list[Quote]) -> Item:
    inorder = sorted(quotes, key=lambda quote: quote.start)
    part = called(text, section) or named(text, section)
    stem = asking(*part.pieces, f"提出了哪些要求？请答出 {len(inorder)} 点。")
    return replace(_short(stem, inorder, text.quote(inorder[0].start, inorder[-1].end)), note=_OTHERS_COUNT)


def _short(stem: Stem, quotes: list[Quote], source: Quote) -> Item:
    tested = tuple((q.document_id, q.start, q.end) for q in quotes)
    answer = tuple(quote.text for quote in quotes)
    level = Difficulty.MEDIUM if len(quotes) == MARKS_LEAST else Difficulty.HARD
    return item_of(ItemKind.SHORT, level, stem, answer, source, (), tuple(quotes), tested)
