"""Chosen sentences to quotes and Markdown: trimmed at punctuation, merged, in the source's order.

Nothing is added to the sources' words but the question as a heading, titles and section labels.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, takewhile

from assistant.candidates import Candidate
from assistant.evidence import Unit, matches
from assistant.questions import Kind, Question
from assistant.records import DocumentRecord
from assistant.retrieval import Hit
from assistant.short_answer import short_answer
from assistant.splitting import PATH_JOIN, Section
from assistant.superseding import Successors, in_force, listed, marked, validity_of
from assistant.text import fold, terms

WHOLE_CHARACTERS = 180
TRIMMED_CHARACTERS = 130
MERGED_CHARACTERS = 100
SAME_SHARE = 0.85
NEAREST_CHARACTERS = 60
NAME_CHARACTERS = 20

_FIGURES = re.compile("[0-9]+(?:[.][0-9]+)?|[一二三四五六七八九十百千万亿零〇两]+")
_CLAUSE = re.compile(r"[^，,：:；;]+[，,：:；;]*[”’」』）)]*")
_UNNAMED = re.compile(r"[\s《》]")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~$&])")
MISSING = {
    Kind.NUMBER: "具体数字",
    Kind.NAME: "姓名",
    Kind.WHO: "是谁",
    Kind.WHEN: "具体时间",
    Kind.WHERE: "具体地点",
    Kind.WHY: "原因",
    Kind.MEMBERS: "具体内容",
    Kind.DEFINITION: "具体含义",
    Kind.COMPARE: "它们之间的不同",
}


@dataclass(frozen=True)
class Quote:
    """A verbatim piece of a document: `text` is its text from `start` to `end`.

    `cut_before` and `cut_after` say that its sentence begins before it or goes on behind it; `later` is
    what replaces its document, the nearest first.
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
        """How far the document quoted is from holding: the least first."""
        return not in_force(self.document), len(self.later)


@dataclass(frozen=True)
class Notes:
    """What an answer says beside its quotes.

    `short`: by marker, the words of a quote that answer by themselves; `left_out`: how many items of a
    quoted list did not fit; `unsaid`: words of the question that no document says; `doubt`: whether it
    cannot be told that the quotes answer.
    """

    short: Mapping[int, str] = field(default_factory=dict)
    left_out: int = 0
    unsaid: Sequence[str] = ()
    doubt: bool = False


NO_NOTES = Notes()


def quotes_of(
    found: Sequence[tuple[Candidate, float]],
    units: Sequence[Unit],
    canonical: Callable[[str], str],
    successors: Successors,
    together: int = MERGED_CHARACTERS,
) -> list[Quote]:
    """Return the quotes of chosen sentences: documents in force first, newest first, each in its own order.

    A document stands behind what replaces it.
    `canonical` puts words in the glossary's form, in which the units are. Documents without a date come last.
    Neighbours of up to `together` characters become one quote.
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


def short_answers(
    question: Question, quotes: Sequence[Quote], successors: Successors, about: Callable[[str], bool]
) -> dict[int, str]:
    """Return, by marker, the words of each document's quotes that answer by themselves; of all or of none.

    A document that is not in force, or that another one quoted replaces, has no say where one is that holds.
    `about` says whether words are about the question.
    """
    said = {}
    for document in successors.holding(quote.document for quote in quotes):
        markers = [n for n, quote in enumerate(quotes, 1) if quote.document.number == document.number]
        found = short_answer(question, [quotes[n - 1].text for n in markers], about)
        if found is None:
            return {}
        said[markers[found[0]]] = found[1]
    return said


def compose(
    question: Question,
    status: str,
    quotes: Sequence[Quote],
    nearest: Sequence[Hit],
    notes: Notes = NO_NOTES,
) -> str:
    """Return the answer as Markdown; `nearest` are named where nothing is found."""
    if status == "not_found":
        return _not_found(nearest)
    heading = escape(question.heading)
    if status == "mentioned":
        return "\n\n".join([escape(_mention(question, quotes, notes)), *_body(quotes)])
    titles = listed((q.document.title, validity_of(q.document), q.successor) for q in quotes)
    rest = [f"（所列事项还有 {notes.left_out} 项没有引出，请点开原文查看。）"] if notes.left_out else []
    return "\n\n".join([f"**{heading}**（{escape(titles)}）", *_short(notes.short, quotes), *_body(quotes), *rest])


def _short(short: Mapping[int, str], quotes: Sequence[Quote]) -> list[str]:
    """Return the short answers, in bold with their markers, and a note where documents differ.

    Documents that give the same are named by the first of them alone.
    """
    first: dict[str, int] = {}
    for marker, words in short.items():
        first.setdefault(words, marker)
    if not first:
        return []
    if len(first) == 1:
        return [f"**{escape(words)}** [{marker}]{_caution(quotes[marker - 1])}" for words, marker in first.items()]
    said = "；".join(f"{escape(_title(quotes[n - 1]))}**{escape(words)}** [{n}]" for words, n in first.items())
    return [f"各文件所说不同：{said}"]


def _mention(question: Question, quotes: Sequence[Quote], notes: Notes) -> str:
    if notes.unsaid:
        words = "、".join(f"“{word}”" for word in notes.unsaid)
        return f"现有文件没有提到{words}，因此不能确定。下面是相关的原文，请自行判断："
    if notes.doubt:
        return "不能确定现有文件是否回答了这个问题。下面是最相关的原文，请自行判断："
    titles = "".join(dict.fromkeys(map(_title, quotes)))
    terms_ = [t for t in (question.term, *question.quoted) if t and any(t in q.text for q in quotes)]
    named = "、".join(f"“{t}”" for t in dict.fromkeys(terms_)) or "了相关内容"
    return f"{titles}提到{named}，但没有说明{MISSING.get(question.kind, '所问的内容')}。"


def escape(text: str) -> str:
    """Return `text` with Markdown's own characters escaped, so that it shows as written."""
    return _MARKDOWN.sub(r"\\\1", text.replace("\n", " "))


def _title(quote: Quote, date: str | None = None) -> str:
    return marked(quote.document.title, validity_of(quote.document), quote.successor, date)


def _caution(quote: Quote) -> str:
    """Return a word beside a short answer that is none of a document in force."""
    return "" if in_force(quote.document) else f"（{validity_of(quote.document)}）"


def _body(quotes: Sequence[Quote]) -> list[str]:
    lines = []
    several = len({q.document.number for q in quotes}) > 1
    number = 0
    for _, group in groupby(quotes, key=lambda q: (q.document.number, q.section)):
        members = list(group)
        name = f"{members[0].label}　{members[0].title}".strip("　") if members[0].label else ""
        heading = f"{_title(members[0], members[0].document.date)}{name}" if several else name
        if heading:
            lines.append(escape(heading))
        for quote in members:
            number += 1
            before, after = "……" * quote.cut_before, "……" * quote.cut_after
            lines.append(f"{number}. {before}{escape(quote.text)}{after} [{number}]")
    return lines


def _not_found(nearest: Sequence[Hit]) -> str:
    if not nearest:
        return "没有找到：现有文件中没有与这个问题有关的内容。"
    lines = ["没有找到：现有文件没有回答这个问题。下面只是文字最接近的段落，不是答案："]
    for hit in nearest:
        words = hit.text[:NEAREST_CHARACTERS] + ("……" if len(hit.text) > NEAREST_CHARACTERS else "")
        title = marked(hit.document.title, validity_of(hit.document))
        lines.append(f"- {escape(title)}第{hit.passage.paragraph}段：{escape(words)}")
    return "\n\n".join([lines[0], "\n".join(lines[1:])])


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
    """Return where a section stands, in words: its path without the document's own title; 一、 with its short name."""
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
    """Return start and end of a long sentence's clauses that hold most of the question, of a short one whole."""
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
    """Say whether no quotation or bracket is cut."""
    return all(words.count(a) == words.count(b) for a, b in ("“”", "（）", "《》", "「」", "()"))


def _worth(words: str, units: Sequence[Unit]) -> float:
    return float(matches(units, fold(words)) @ [u.weight for u in units])


def _distinct(quotes: Sequence[Quote]) -> list[Quote]:
    """Return `quotes` without those that say again, with the same figures, what a better or newer one says."""
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
