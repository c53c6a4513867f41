"""Questions that are answered in one's own words: short answers with a marking list of quotes, and discussions."""

import re
from collections.abc import Iterator

from assistant.splitting import Section
from assistant.study.listings import Listing
from assistant.study.ordering import cited, families, opening
from assistant.study.pack import Difficulty, Formulation, Item, ItemKind, Quote
from assistant.study.statements import Statement, understood
from assistant.study.stock import Stock, identified
from assistant.study.texts import Text

MARKS_LEAST, MARKS_MOST, MARK_LONGEST = 3, 6, 60
_DEMAND = re.compile("要(?![求点素])|必须|应当|不得|坚持|着力|坚决|务必|严禁|加强|强化|推动|推进|建立|完善|健全|督促|落实|开展|紧盯|抓")
_MEASURE = re.compile("要(?![求点素])|坚持|加强|强化|推动|推进|建立|完善|健全|落实|深化|提高|持续|着力|督促|充分|抓")
_POINTING = re.compile("这|那些|上述|前款|其(?![他中次实余])|该|刚才|今天|下面")


def shorts(stock: Stock, text: Text) -> Iterator[tuple[int, Item]]:
    """Yield the questions to be answered in a few lines on the sections of `text`."""
    for parent, sections in families(text):
        quotes = [opening(text, section) for section in sections]
        if MARKS_LEAST <= len(quotes) <= MARKS_MOST and all(_markable(quote) for quote in quotes):
            yield 0, _section_item(text, parent, quotes)
    for section in text.sections:
        quotes = list(_demands(stock, text, section))
        if len(quotes) >= MARKS_LEAST and section.title:
            yield 1, _demand_item(text, section, quotes[:MARKS_MOST])


def listed_short(stock: Stock, listing: Listing) -> Iterator[tuple[int, Item]]:
    """Yield the question that asks for the items of a list."""
    text = listing.text
    stem = f"《{text.record.title}》：{cited(listing.lead.rstrip('：:'))}，请写出这些内容。"
    quotes = [text.quote(a, b) for a, b in listing.items[:MARKS_MOST]]
    if len(listing.items) <= MARKS_MOST:
        yield 0, _short(stem, quotes, text.quote(listing.start, listing.end))


def discussions(stock: Stock, statement: Statement) -> Iterator[tuple[int, Item]]:
    """Yield the question how to do at one's own place what a statement asks for."""
    text = statement.text
    first = next((n for n, c in enumerate(statement.clauses) if _MEASURE.match(text.text, c.start, c.end)), None)
    if first is None or statement.latin:
        return
    for last in range(len(statement.clauses) - 1, first - 1, -1):
        start, end = statement.clauses[first].start, statement.clauses[last].end
        if 16 <= end - start <= 70 and understood(statement, first, last):
            quote = text.quote(start, end)
            stem = f"《{text.record.title}》提出：{cited(quote.text)}。结合本单位、本岗位实际，谈谈怎样做到这一点。"
            tested = ((text.record.id, start, end),)
            item = Item("", ItemKind.DISCUSS, Difficulty.HARD, stem, (quote.text,), statement.quote, (), (quote,), tested)
            yield 0, identified(item)
            return


def spoken_of(stock: Stock, found: Formulation) -> Iterator[tuple[int, Item]]:
    """Yield the questions on a formulation that several sentences speak of."""
    quotes = []
    for place in found.places:
        statement = stock.statement_at(place)
        if statement is not None and statement.end - statement.start <= 160:
            quotes.append(statement.quote)
    quotes = list(dict.fromkeys(quotes))[:MARKS_MOST]
    if len(quotes) >= 2:
        tested = tuple((q.document_id, q.start, q.end) for q in found.places)
        answer = tuple(quote.text for quote in quotes)
        stem = f"原文几处讲到{cited(found.text)}，要求分别是什么？结合工作谈谈怎样理解。"
        item = Item("", ItemKind.DISCUSS, Difficulty.MEDIUM, stem, answer, quotes[0], (), tuple(quotes), tested)
        yield 0, identified(item)


def _markable(quote: Quote) -> bool:
    return 4 <= len(quote.text) <= 2 * MARK_LONGEST and not _POINTING.search(quote.text)


def _section_item(text: Text, parent: Section | None, quotes: list[Quote]) -> Item:
    heading = f"{cited(opening(text, parent).text)}部分" if parent else ""
    stem = f"《{text.record.title}》{heading}讲了哪几点？请按顺序写出要点。"
    return _short(stem, quotes, text.quote(quotes[0].start, quotes[-1].end))


def _demands(stock: Stock, text: Text, section: Section) -> Iterator[Quote]:
    """Yield what a section asks for: of each of its sentences that open with a demand, the first clauses."""
    for statement in stock.statements_of(text, section):
        clause = statement.clauses[0]
        words = text.text[clause.start : clause.end]
        if _DEMAND.match(words) and not _POINTING.search(words) and understood_alone(statement):
            yield text.quote(clause.start, _mark_end(statement))


def understood_alone(statement: Statement) -> bool:
    """Say whether some run of clauses from the start of a sentence is understood."""
    return any(understood(statement, 0, last) for last in range(len(statement.clauses)))


def _mark_end(statement: Statement) -> int:
    ends = [n for n in range(len(statement.clauses)) if understood(statement, 0, n)]
    short = [n for n in ends if statement.clauses[n].end - statement.start <= MARK_LONGEST]
    return statement.clauses[short[-1] if short else ends[0]].end


def _demand_item(text: Text, section: Section, quotes: list[Quote]) -> Item:
    stem = f"《{text.record.title}》{cited(opening(text, section).text)}部分提出了哪些要求？请答出 {len(quotes)} 点。"
    return _short(stem, quotes, text.quote(quotes[0].start, quotes[-1].end))


def _short(stem: str, quotes: list[Quote], source: Quote) -> Item:
    tested = tuple((q.document_id, q.start, q.end) for q in quotes)
    answer = tuple(quote.text for quote in quotes)
    level = Difficulty.MEDIUM if len(quotes) == MARKS_LEAST else Difficulty.HARD
    return identified(Item("", ItemKind.SHORT, level, stem, answer, source, (), tuple(quotes), tested))
