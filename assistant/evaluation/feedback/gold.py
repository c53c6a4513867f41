"""Gold questions from feedback, for `eval --gold`: what people confirmed, and nothing that they did not.

The quotes of an answer called useful are evidence, except those reported wrong. Where people disagree, where
there is only a complaint, or where the quote no longer stands in its document, a person has to look.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass

from assistant.answering.answer import Citation, Status
from assistant.evaluation.feedback.history import Judged, Kind
from assistant.evaluation.feedback.report import wording_key
from assistant.evaluation.metrics import GoldQuestion
from assistant.language.question import Kind as Asking
from assistant.language.question import parse_question

MISSING = "有人没找到想要的：请查文件里有没有，补上应引的原文"
WRONG = "引用有误，没有别的引文被确认：请补上应引的原文"
CHANGED = "被确认的引文在原来的文件里找不到了：请补上现在的原文"
DISAGREED = "有人说有用，有人说没找到想要的：请判断"
QUOTE_DISAGREED = "同一处引文有人说有用，有人说有误：请判断"
STATUS_DISAGREED = "几次回答不一样，都有人说有用：请判断"

_KINDS = {Asking.LIST: "list", Asking.HOW: "list", Asking.MEMBERS: "list", Asking.WHY: "why", Asking.OUTLINE: "outline"}
_SILENT: dict[str, str] = {Status.NOT_FOUND: "none", Status.MENTIONED: "unexplained"}

Stands = Callable[[Citation], bool]


@dataclass(frozen=True)
class Doubt:
    """A question that a person has to look at: the reason, the quotes complained of, and the comments."""

    question: str
    reason: str
    quotes: tuple[str, ...]
    comments: tuple[str, ...]


def gold_questions(judged: Iterable[Judged], stands: Stands) -> tuple[list[GoldQuestion], list[Doubt]]:
    """Return gold questions and doubts in the order of asking, one for a question however often it was asked.

    `stands` says whether a citation is still found in its document.
    """
    same: dict[str, list[Judged]] = {}
    for one in judged:
        same.setdefault(wording_key(one.asked.question), []).append(one)
    found = [_decide(members, stands) for members in same.values()]
    return [g for g in found if isinstance(g, GoldQuestion)], [d for d in found if isinstance(d, Doubt)]


def gold_lines(gold: Iterable[GoldQuestion]) -> str:
    """Return the lines of a gold file."""
    return "".join(json.dumps(asdict(question), ensure_ascii=False) + "\n" for question in gold)


def _decide(members: Sequence[Judged], stands: Stands) -> GoldQuestion | Doubt:
    """Return the gold question or doubt that follows from all answers to one question, however worded."""
    useful = [one for one in members if _said(one, Kind.USEFUL)]
    if any(_said(one, Kind.MISSING) for one in members):
        return _doubt(members, DISAGREED if useful else MISSING)
    if not useful:
        return _doubt(members, WRONG)
    if len({one.asked.status for one in useful}) > 1:
        return _doubt(members, STATUS_DISAGREED)
    wrong = [c for one in members for c in _wrong(one)]
    if any(_share_words(c, other) for one in useful for c in _confirmed(one) for other in wrong):
        return _doubt(members, QUOTE_DISAGREED)
    question, status = useful[0].asked.question, useful[0].asked.status
    if status in _SILENT:
        return _doubt(members, QUOTE_DISAGREED) if wrong else GoldQuestion(question, _SILENT[status], (), ())
    return _answerable(members, useful, stands)


def _answerable(members: Sequence[Judged], useful: Sequence[Judged], stands: Stands) -> GoldQuestion | Doubt:
    """Return the gold question whose evidence the useful answers cite and their documents still contain, or a doubt."""
    if not any(map(_confirmed, useful)):
        return _doubt(members, WRONG)
    confirmed = [c for one in useful if all(map(stands, _confirmed(one))) for c in _confirmed(one)]
    if not confirmed:
        return _doubt(members, CHANGED)
    question = useful[0].asked.question
    best = max(confirmed, key=lambda c: (c.score, -c.marker)).quote
    others = dict.fromkeys(c.quote for c in confirmed if c.quote != best)
    return GoldQuestion(question, _KINDS.get(parse_question(question).kind, "fact"), (best,), tuple(others))


def _doubt(members: Sequence[Judged], reason: str) -> Doubt:
    quotes = dict.fromkeys(c.quote for one in members for c in _wrong(one))
    comments = dict.fromkeys(remark.comment for one in members for remark in one.remarks if remark.comment)
    return Doubt(members[0].asked.question, reason, tuple(quotes), tuple(comments))


def _said(one: Judged, kind: Kind) -> bool:
    return any(remark.kind is kind for remark in one.remarks)


def _wrong(one: Judged) -> list[Citation]:
    markers = {remark.marker for remark in one.remarks if remark.kind is Kind.WRONG_CITATION}
    return [citation for citation in one.citations if citation.marker in markers]


def _confirmed(one: Judged) -> list[Citation]:
    wrong = _wrong(one)
    return [citation for citation in one.citations if citation not in wrong]


def _share_words(first: Citation, second: Citation) -> bool:
    """Say whether one of two quotes of a document contains the other: the same sentence, cut differently."""
    same = first.document_id == second.document_id
    return same and (first.quote in second.quote or second.quote in first.quote)


def doubts_text(doubts: Sequence[Doubt]) -> str:
    """Return the doubts in plain Chinese for the person who is to look at them."""
    lines = []
    for doubt in doubts:
        lines.append(f"  {' '.join(doubt.question.split())}：{doubt.reason}。")
        lines += [f"    有误的引文：{' '.join(quote.split())}" for quote in doubt.quotes]
        lines += [f"    说明：{' '.join(comment.split())}" for comment in doubt.comments]
    return "\n".join(lines)
