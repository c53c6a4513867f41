"""Which of several demands stand in one part of a document: those of that part among those of the parts beside it."""

import random
import re
from collections.abc import Iterator

from assistant.documents.splitting import Section
from assistant.study.pack import CHOICE, LETTERS, Difficulty, Item, ItemKind, Quote
from assistant.study.questions.kinds.option_form import stands_out
from assistant.study.questions.kinds.ordering import asking, called, families, opening
from assistant.study.questions.material.material import Material, item_of
from assistant.study.questions.material.statements import Statement, understood
from assistant.study.source.said import letters
from assistant.study.source.texts import Text
from assistant.study.stem import Piece, Role, StemForm

SHORTEST, LONGEST = 10, 34
RIGHT_COUNT, WRONG_COUNT = 3, 2
SECTIONS_MOST = 12
VARIANTS = 40
PIECE = 4
_DEMAND = re.compile(
    "(?:要(?![求点素])|必须|着力|坚决|坚持|加强|强化|推动|推进|建立|完善|健全|落实|开展|紧盯|抓|深化|整合|提高|优化|严格|加大|规范|充分|全面|切实|牢记|不得|严禁|做好|实施|培育|构建)"
)
_SAYS = re.compile(
    "[要应须不有是为可由将已得看]|[^，]{3,}(?:[到成出]|完成|开展|建立|做好|落实|加强|推进|实施|整治)|" + _DEMAND.pattern
)
_FITS_ANY = re.compile("[0-9]{4}-|电话|是否|同志|会议|如果|的话|以下|下列")


def belonging(material: Material, text: Text, kind: ItemKind) -> Iterator[tuple[int, Item]]:
    """Yield questions on which demands stand in a section, its neighbours giving those that do not."""
    headings = {opening(text, one).start for one in text.sections}
    for _, sections in families(text):
        if 2 <= len(sections) <= SECTIONS_MOST and not sections[0].label.endswith("条"):
            demands = [list(_demands(material, text, section, headings)) for section in sections]
            for number, section in enumerate(sections):
                others = [quote for n, found in enumerate(demands) if n != number for quote in found]
                for variant in range(VARIANTS):
                    rng = random.Random(f"{material.seed}|{kind}|{text.record.id}|{section.start}|{variant}")
                    item = _item(material, section, (demands[number], others), kind, rng)
                    if item:
                        yield 2, item


def _demands(material: Material, text: Text, section: Section, headings: set[int]) -> Iterator[Quote]:
    """Yield the demands of a section that are understood alone, one a sentence; `headings`: where openings stand."""
    for statement in material.statements_of(text, section):
        found = _demand(statement)
        if found and found.start not in headings:
            yield found


def _demand(statement: Statement) -> Quote | None:
    text = statement.text
    for first in range(len(statement.clauses)):
        for last in range(first, min(first + 3, len(statement.clauses))):
            start, end = statement.clauses[first].start, statement.clauses[last].end
            words = text.text[start:end]
            sized = SHORTEST <= end - start <= LONGEST and not _FITS_ANY.search(words) and _SAYS.search(words)
            if sized and (first == 0 or _DEMAND.match(words)) and understood(statement, first, last):
                return text.quote(start, end)
    return None


def _item(
    material: Material, section: Section, quotes: tuple[list[Quote], list[Quote]], kind: ItemKind, rng: random.Random
) -> Item | None:
    """Return the question on `section`; `quotes`: its demands and those of its neighbours."""
    own, others = quotes
    rights, wrongs = (1, 3) if kind is ItemKind.SINGLE else (min(rng.randint(2, RIGHT_COUNT), len(own)), WRONG_COUNT)
    if len(own) < max(rights, 2):
        return None
    text = material.text(own[0].document_id)
    inside = material.said.in_one_form(text.text[section.start : section.end])
    mixed = rng.sample(others, len(others))
    wrong = [quote for quote in mixed if not _touches(material.said.in_one_form(quote.text), inside)][:wrongs]
    right = sorted(rng.sample(own, rights), key=lambda quote: quote.start)
    shown = rng.sample([*right, *wrong], len(right) + len(wrong))
    part = called(text, section)
    words = [quote.text for quote in right], [quote.text for quote in wrong]
    same = len({letters(quote.text) for quote in shown}) < len(shown)
    if not part or same or len(wrong) < wrongs or stands_out(*words) or _echo(part.words or "", *words):
        return None
    answer = tuple(letter for letter, quote in zip(LETTERS, shown, strict=False) if quote in right)
    verb, gap = "的是" if kind is ItemKind.SINGLE else "的有", (Piece(Role.GAP, CHOICE), Piece(Role.STOP, "。"))
    stem = asking("下列内容中，出自", *part.pieces, verb, *gap, form=StemForm.SECTION)
    tested = tuple((q.document_id, q.start, q.end) for q in right)
    source = text.quote(right[0].start, right[-1].end)
    options = tuple(quote.text for quote in shown)
    return item_of(kind, Difficulty.MEDIUM, stem, answer, source, options, tuple(shown), tested)


def _echo(name: str, right: list[str], wrong: list[str]) -> bool:
    """Say whether what is right, and nothing that is wrong, takes up words of the heading."""
    title = letters(name)
    pairs = {title[n : n + 2] for n in range(len(title) - 1)}
    heard = [any(pair in words for pair in pairs) for words in (*right, *wrong)]
    return any(heard[: len(right)]) and not any(heard[len(right) :])


def _touches(words: str, inside: str) -> bool:
    """Say whether a section says much of what `words` say, so that they might be taken for its own."""
    pieces = [words[n : n + PIECE] for n in range(len(words) - PIECE + 1)]
    return sum(piece in inside for piece in pieces) > len(pieces) / 5
