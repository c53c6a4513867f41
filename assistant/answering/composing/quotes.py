"""Quotes: chosen sentences trimmed at punctuation, merged with neighbours, in the document's order."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from assistant.answering.sentences.candidates import Candidate
from assistant.answering.sentences.question_terms import Unit, matches
from assistant.answering.validity import Validity, in_force
from assistant.base.text import fold, terms
from assistant.documents.splitting import PATH_JOIN, Section
from assistant.index.records import DocumentRecord

WHOLE_CHARACTERS = 180
TRIMMED_CHARACTERS = 130
MERGED_CHARACTERS = 100
SAME_SHARE = 0.85
NAME_CHARACTERS = 20
_FIGURES = re.compile("[0-9]+(?:[.][0-9]+)?|[一二三四五六七八九十百千万亿零〇两]+")
_CLAUSE = re.compile(r"[^，,：:；;]+[，,：:；;]*[”’」』）)]*")
_UNNAMED = re.compile(r"[\s《》]")


@dataclass(frozen=True)
class Quote:
    """A verbatim piece of a document: `text` is the document's text from `start` to `end`.

    `cut_before` and `cut_after` say that its sentence begins earlier or goes on after it; `later` are the
    successors of its document, the nearest first.
    """

    document: DocumentRecord
    section: str
    label: str
    title: str
    paragraph: int
    start: int
    end: int
    text: str
    score: float
    cut_before: bool = False
    cut_after: bool = False
    later: tuple[DocumentRecord, ...] = ()

    @property
    def successor(self) -> str | None:
        """The title of the document that replaces the one quoted."""
        return self.later[0].title if self.later else None

    @property
    def standing(self) -> tuple[bool, int]:
        """Sort key by validity: documents in force first."""
        return not in_force(self.document), len(self.later)


def quotes_of(
    found: Sequence[tuple[Candidate, float]],
    units: Sequence[Unit],
    canonical: Callable[[str], str],
    successors: Validity,
    together: int = MERGED_CHARACTERS,
) -> list[Quote]:
    """Return the quotes of chosen sentences: documents in force first, newest first, each in its own order.

    A replaced document comes after its successor, one without a date last. `canonical` puts words into the
    glossary's form, the form of `units`. Neighbours become one quote of up to `together` characters.
    """
    made = [_quote(candidate, score, units, canonical) for candidate, score in found]
    quotes = [replace(quote, later=successors.after(quote.document)) for quote in made]
    best: dict[int, float] = {}
    for quote in quotes:
        best[quote.document.number] = max(quote.score, best.get(quote.document.number, 0.0))
    by_score = sorted(quotes, key=lambda q: (-best[q.document.number], q.document.path, q.start))
    by_date = sorted(by_score, key=lambda q: q.document.date or "", reverse=True)
    ordered = sorted(by_date, key=lambda q: q.standing)
    return _merged(_distinct(ordered), together)


def _quote(candidate: Candidate, score: float, units: Sequence[Unit], canonical: Callable[[str], str]) -> Quote:
    start, end = _window(candidate, units, canonical)
    section = candidate.section
    text = candidate.text[start - candidate.sentence.start : end - candidate.sentence.start]
    title = candidate.document.title
    place = (place_words(section, title), *_name(section, title), candidate.sentence.paragraph)
    rest = candidate.text[end - candidate.sentence.start :].strip("，,：:；; ")
    begun = start > candidate.sentence.start and not candidate.text.startswith("#")
    return Quote(candidate.document, *place, start, end, text, score, begun, bool(rest))


def place_words(section: Section, document: str) -> str:
    """Return where a section stands, in words: its path without the document's title; 一、 with its short name."""
    labels = [label for label in section.path.split(PATH_JOIN) if not _same_name(label, document)]
    words = [label.removesuffix("、") for label in labels]
    if words and labels[-1] == section.label and section.label.endswith("、") and len(section.title) <= NAME_CHARACTERS:
        words[-1] = f"{section.label}{section.title}".removesuffix("、")
    return PATH_JOIN.join(words)


def _name(section: Section, document: str) -> tuple[str, str]:
    label = section.path.rsplit(PATH_JOIN, 1)[-1]
    if _same_name(label, document):
        return "", ""
    return label, section.title if section.path.endswith(section.label) else ""


def _same_name(label: str, document: str) -> bool:
    return bool(label) and _UNNAMED.sub("", label) == _UNNAMED.sub("", document)


def _window(candidate: Candidate, units: Sequence[Unit], canonical: Callable[[str], str]) -> tuple[int, int]:
    """Return (start, end) of the clauses of a long sentence that say most of the question; of a short one, all."""
    sentence = candidate.sentence
    if candidate.text.startswith("#"):
        return sentence.start + len(candidate.text) - len(candidate.text.lstrip("# \t")), sentence.end
    if len(candidate.text) <= WHOLE_CHARACTERS or not units:
        return sentence.start, sentence.end
    spans = [m.span() for m in _CLAUSE.finditer(candidate.text)]
    windows = [
        (a, b)
        for at, (a, _) in enumerate(spans)
        for b in takewhile(lambda b, a=a: b - a <= TRIMMED_CHARACTERS, (b for _, b in spans[at:]))  # type: ignore[misc]
    ]
    paired = [w for w in (*windows, *spans) if _is_paired(candidate.text[slice(*w)])]
    worth = {w: _worth(canonical(candidate.text[slice(*w)]), units) for w in paired}
    best = max(worth, key=lambda w: (worth[w], w[1] - w[0], -w[0]), default=(0, len(candidate.text)))
    kept = len(candidate.text[: best[1]].rstrip("，,：:；; "))
    return sentence.start + best[0], sentence.start + kept


def _is_paired(words: str) -> bool:
    """Say whether all quotation marks and brackets in `words` are paired."""
    return all(words.count(a) == words.count(b) for a, b in ("“”", "（）", "《》", "「」", "()"))


def _worth(words: str, units: Sequence[Unit]) -> float:
    return float(matches(units, fold(words)) @ [u.weight for u in units])


def _distinct(quotes: Sequence[Quote]) -> list[Quote]:
    """Return `quotes` without those that repeat, with the same figures, what a better or newer one says."""
    kept: list[tuple[list[str], frozenset[str]]] = []
    chosen = set()
    for quote in sorted(quotes, key=lambda q: (*q.standing, -q.score)):
        said, figures = frozenset(terms(quote.text)), _FIGURES.findall(fold(quote.text))
        if not any(figures == f and len(said & other) > SAME_SHARE * max(len(said | other), 1) for f, other in kept):
            kept.append((figures, said))
            chosen.add(id(quote))
    return [quote for quote in quotes if id(quote) in chosen]


def _merged(quotes: Sequence[Quote], together: int) -> list[Quote]:
    """Return `quotes` with those that touch in one section joined while they stay short."""
    found: list[Quote] = []
    for quote in quotes:
        last = found[-1] if found else None
        if last and _touch(last, quote) and quote.end - last.start <= together:
            score = max(last.score, quote.score)
            found[-1] = replace(
                last, end=quote.end, text=last.text + quote.text, score=score, cut_after=quote.cut_after
            )
        else:
            found.append(quote)
    return found


def _touch(first: Quote, second: Quote) -> bool:
    same = (first.document.number, first.section) == (second.document.number, second.section)
    return same and first.paragraph == second.paragraph and first.end == second.start
