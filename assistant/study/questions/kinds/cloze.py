"""Fill-in questions: terms, numbers, dates, members and verbs of a series left out of clauses of the source."""

import re
from collections.abc import Iterator, Sequence

from assistant.study.pack import BLANK, Difficulty, Item, ItemKind
from assistant.study.questions.material.answer_spans import AnswerSpan, SpanKind
from assistant.study.questions.material.distractors import Gap, has_one_answer
from assistant.study.questions.material.material import Material, item_of, source_piece
from assistant.study.questions.material.statements import run_around
from assistant.study.source.said import letters
from assistant.study.stem import Piece, Role, Stem, StemForm

CONTEXT_LEAST = 8
YEAR_TIER = 2  # which year it is, a document rarely teaches
_TIERS = {SpanKind.FOUR: 2, SpanKind.VERB: 1, SpanKind.ACTOR: 1, SpanKind.MEMBER: 1}
_WHOLE = {SpanKind.NUMBER, SpanKind.DATE, SpanKind.ACTOR, SpanKind.HEAD}
# No body, but two of them, or one and what it does: 劳务派遣单位派遣劳动者.
_DOER_DOES = re.compile("(?:单位|企业|机构|部门|公司|组织|机关).+[者人]$|[与和](?=.*(?:单位|企业|机构|部门|公司)$)")
_HARD = {SpanKind.VERB, SpanKind.FOUR}


def asked_with(word: AnswerSpan) -> Gap | None:
    """Return the words with the clauses that they are asked with; None where no clauses around are fit."""
    run = run_around(word.statement, word.start, word.end, word.kind in _WHOLE)
    if run is None:
        return None
    asked = Gap(word, *run)
    rest = asked.before + asked.behind
    plain = len(letters(rest)) >= CONTEXT_LEAST and "是否" not in rest and not _DOER_DOES.search(word.text)
    return asked if plain and not _again(word, rest) else None


def fills(material: Material, word: AnswerSpan) -> Iterator[tuple[int, Item]]:
    """Yield the fill-in questions on `word`, each with how far it is from the best kind (0)."""
    asked = asked_with(word)
    if asked is None or _of_a_name(word) or not has_one_answer(material.said, asked):
        return
    tier = YEAR_TIER if word.kind is SpanKind.DATE and word.text.endswith("年") else _TIERS.get(word.kind, 0)
    yield tier, _item(material, asked, [word])
    other = _second(material, asked)
    if other is not None:
        yield 1, _item(material, asked, sorted([word, other], key=lambda w: w.start))


def _again(word: AnswerSpan, rest: str) -> bool:
    """Say whether the words stand in the rest of the stem too, where they would give the answer away."""
    if word.kind is SpanKind.NUMBER:
        return bool(
            re.search(
                rf"(?<![0-9一二三四五六七八九十百千.]){re.escape(word.text)}(?![0-9一二三四五六七八九十百千.])", rest
            )
        )
    return word.text in rest


def _of_a_name(word: AnswerSpan) -> bool:
    """Say whether a figure is part of a title, or of a word (2026年度)."""
    text, line = word.statement.text.text, word.statement
    title = text.rfind("《", line.start, word.start) > text.rfind("》", line.start, word.start)
    return word.kind in (SpanKind.NUMBER, SpanKind.DATE) and (title or text[word.end : word.end + 1] == "度")


def _second(material: Material, asked: Gap) -> AnswerSpan | None:
    """Return another word of the run that can be left out with the first."""
    word = asked.word
    for other in material.beside(word):
        inside = asked.start <= other.start and other.end <= asked.end
        apart = other.start >= word.end + 2 or other.end + 2 <= word.start
        rest = (asked.before + asked.behind).replace(other.text, "", 1)
        same = other.kind is word.kind and other.kind in (SpanKind.QUOTED, SpanKind.NUMBER, SpanKind.MEMBER)
        if inside and apart and same and other.text not in rest and len(letters(rest)) >= 2 * CONTEXT_LEAST:
            return other
    return None


def _item(material: Material, asked: Gap, words: list[AnswerSpan]) -> Item:
    text = asked.word.statement.text
    stem = stem_around(material, asked, [(word.start, word.end) for word in words], Piece(Role.GAP, BLANK))
    tested = tuple((text.record.id, word.start, word.end) for word in words)
    hard = len(words) > 1 or asked.word.kind in _HARD
    known = material.said.times(asked.word.text) > 1
    level = Difficulty.HARD if hard else Difficulty.EASY if known else Difficulty.MEDIUM
    answer = tuple(word.text for word in words)
    return item_of(ItemKind.FILL, level, stem, answer, asked.word.statement.quote, tested=tested)


def stem_around(material: Material, asked: Gap, spans: Sequence[tuple[int, int]], middle: Piece) -> Stem:
    """Return the clauses of `asked` with `middle` in the place of each of `spans`, and a full stop behind them."""
    statement, pieces, at = asked.word.statement, [*material.prefix(asked.word.statement.text)], asked.start
    for start, end in spans:
        pieces += [source_piece(statement.text, at, start), middle]
        at = end
    pieces.append(source_piece(statement.text, at, asked.end))
    if not "".join(piece.text for piece in pieces).endswith(("。", "！", "？", ".", "!", "?")):
        pieces.append(Piece(Role.STOP, "." if statement.latin else "。"))
    return Stem(StemForm.GAPS if middle.role is Role.GAP else StemForm.STATEMENT, tuple(pieces))
