"""Key formulations (重要提法) of documents: which, where, how often, and whether the documents explain them.

What is in quotation marks, counted slogans, parallel series and set phrases are looked for by their form;
importance is kind, frequency, spread over documents, standing in headings, and rarity in the background.
"""

import math
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from assistant.answering.sentences.question_terms import Words
from assistant.base.text import HAN
from assistant.documents.splitting import Sentence
from assistant.study.formulations.definitions import Explained, explanation
from assistant.study.formulations.latin import names, quoted_terms, standing, triads
from assistant.study.formulations.parallels import quoted_rows, series
from assistant.study.formulations.phrases import is_set, phrases
from assistant.study.formulations.slogans import counted, is_counted, quoted
from assistant.study.pack import Formulation, FormulationKind, Quote
from assistant.study.source.texts import Text
from assistant.study.source.word_boundaries import RUN, BoundedText, Rarity, bundled_words, cut

MOST = 100
_WORTH = {
    FormulationKind.NUMBERED: 6.0,
    FormulationKind.QUOTED: 5.0,
    FormulationKind.PARALLEL: 5.0,
    FormulationKind.PHRASE: 2.0,
}
# What stands for itself inside another: slogans in a series, but no phrases.
_RANK = {
    FormulationKind.NUMBERED: 0,
    FormulationKind.QUOTED: 0,
    FormulationKind.PARALLEL: 1,
    FormulationKind.PHRASE: 2,
}
_CONDEMNED = 5.0
_HEADED, _SPREAD, _OFTEN = 2.0, 1.5, 2.0
_USUAL, _RARITY = 8.0, (-1.0, 2.0)


@dataclass(frozen=True)
class _Place:
    cut: BoundedText
    start: int


@dataclass
class _Candidate:
    """Words that may be a formulation, `marked` in quotation marks; `members` of a series lie in the text `home`.

    `loose`: two set phrases side by side, each a formulation of its own.
    """

    words: str
    kind: FormulationKind
    marked: bool = False
    home: BoundedText | None = None
    members: tuple[tuple[int, int], ...] = ()
    loose: bool = False
    places: list[_Place] = field(default_factory=list)


def formulations(texts: Sequence[Text], words: Words | None = None) -> tuple[Formulation, ...]:
    """Return the formulations of the texts, the most important first.

    `words` are the service's, with the background that says how rare words are; the bundled ones where not given.
    """
    known = words or bundled_words()
    cuts = [cut(text, known) for text in texts]
    rarity = Rarity(cuts, known.background)
    found = _candidates(cuts, rarity)
    for candidate in found.values():
        candidate.places = [_Place(one, at) for one in cuts for at in _standing(one, candidate.words)]
    kept = _not_inside(found.values())
    ranked = sorted(kept, key=lambda one: (-_worth(one, rarity), _first(one, cuts)))[:MOST]
    return tuple(_formulation(one, rarity) for one in ranked)


def _candidates(cuts: Sequence[BoundedText], rarity: Rarity) -> dict[str, _Candidate]:
    """Return what the texts hold by its words, each of the first kind that it is."""
    found: dict[str, _Candidate] = {}
    for one in cuts:
        wholes = [(whole.start, whole.end, whole.members) for whole in series(one, rarity)]
        for start, end, members in wholes + [(m[0][0], m[-1][1], m) for m in triads(one)]:
            text = one.read[start:end]
            loose = _is_loose(one, members, rarity)
            kind = FormulationKind.PARALLEL
            found.setdefault(text, _Candidate(text, kind, home=one, members=members, loose=loose))
    for one in cuts:
        rows = {span for row in quoted_rows(one) for span in row}
        for start, end in (*quoted(one, rarity), *quoted_terms(one)):
            text = one.read[start:end]
            if (start, end) in rows and not is_counted(text):
                continue  # “改不改”、“改什么”、“改得好不好”
            kind = FormulationKind.NUMBERED if is_counted(text) else FormulationKind.QUOTED
            found.setdefault(text, _Candidate(text, kind)).marked = True
    for one in cuts:
        for start, end in counted(one, rarity, set(found)):
            text = one.read[start:end]
            found.setdefault(text, _Candidate(text, FormulationKind.NUMBERED))
    for text in names(cuts):
        found.setdefault(text, _Candidate(text, FormulationKind.PHRASE))
    for text in phrases(cuts, rarity):
        found.setdefault(text, _Candidate(text, FormulationKind.PHRASE))
    return found


def _is_loose(one: BoundedText, members: Sequence[tuple[int, int]], rarity: Rarity) -> bool:
    """Say whether two set phrases with nothing in common stand side by side, led in by nothing."""
    words = [one.read[slice(*member)] for member in members]
    bare = not RUN.match(one.read[members[0][0] - 1 : members[0][0]]) and one.read[members[0][1]] == "、"
    return len(words) == 2 and bare and not set(words[0]) & set(words[1]) and all(is_set(w, rarity) for w in words)


def _standing(one: BoundedText, words: str) -> Iterable[int]:
    """Yield where `words` stand, Latin ones as whole words; two characters not where both ends lie inside others."""
    if words.isascii():
        yield from standing(one, words)
        return
    for at in one.finds(words):
        if len(words) > 2 or at in one.edges or at + len(words) in one.edges:
            yield at


def _not_inside(found: Iterable[_Candidate]) -> list[_Candidate]:
    """Return the candidates that stand somewhere for themselves, and what is in quotation marks in any case.

    A counted slogan stands for itself inside a series: 增强四个意识、做到两个维护.
    """
    taken: dict[int, dict[int, int]] = defaultdict(dict)
    kept = []
    for one in sorted(found, key=lambda one: (_rank(one), -len(one.words))):
        spans = [(taken[id(place.cut)], place.start, place.start + len(one.words)) for place in one.places]
        own = [(ends, start, end) for ends, start, end in spans if ends.get(start, 0) < end]
        if own or (one.places and one.marked):
            kept.append(one)
            for ends, start, end in [] if one.loose else own:
                ends.update((at, max(end, ends.get(at, 0))) for at in range(start, end))
    return kept


def _rank(one: _Candidate) -> int:
    """Return how early a candidate takes its places; 一岗双责 is a member of its series like any other."""
    inner = one.kind is FormulationKind.NUMBERED and not one.marked and "个" not in one.words
    return _RANK[FormulationKind.PHRASE] if inner else _RANK[one.kind]


def _worth(one: _Candidate, rarity: Rarity) -> float:
    """Return how important a formulation is."""
    documents = len({id(place.cut) for place in one.places})
    lowest, highest = _RARITY
    rare = min(max((rarity.mean(one.words) - _USUAL) / 2, lowest), highest)
    often = _OFTEN * math.log2(len(one.places)) + _SPREAD * math.log2(documents)
    condemned = _CONDEMNED * all(
        is_criticised(place.cut.read, place.start, place.start + len(one.words)) for place in one.places
    )
    return _WORTH[one.kind] - condemned + often + rare + _HEADED * any(_heads(place, one.words) for place in one.places)


def _heads(place: _Place, words: str) -> bool:
    """Say whether a place stands in the title of a document or of a section."""
    if words in place.cut.text.record.title:
        return True
    section = place.cut.text.section_at(place.start)
    return section is not None and words in section.title and place.start < section.start + len(section.title) + 10


def _first(one: _Candidate, cuts: Sequence[BoundedText]) -> tuple[int, int]:
    place = one.places[0]
    return next(at for at, each in enumerate(cuts) if each is place.cut), place.start


def _formulation(one: _Candidate, rarity: Rarity) -> Formulation:
    length = len(one.words)
    places = [(place.cut, place.start, _sentence(place)) for place in one.places]
    explained = explanation(one.words, places, rarity)
    return Formulation(
        text=one.words,
        kind=one.kind,
        places=tuple(place.cut.text.quote(place.start, place.start + length) for place in one.places),
        explained=_quote(explained) if explained else None,
        members=_members(one, explained),
    )


def _quote(explained: Explained) -> Quote:
    return explained.cut.text.quote(explained.sentence.start, explained.sentence.end)


def _members(one: _Candidate, explained: Explained | None) -> tuple[Quote, ...]:
    if one.home is not None:
        return tuple(one.home.text.quote(*member) for member in one.members)
    return tuple(explained.cut.text.quote(*member) for member in explained.members) if explained else ()


def _sentence(place: _Place) -> Sentence:
    """Return the sentence around a place."""
    sentences = place.cut.text.sentences
    return sentences[bisect_right(sentences, place.start, key=lambda sentence: sentence.start) - 1]


REACH = 16
_AGAINST = re.compile(
    "(?:(?:决|绝|切)不(?:能|可|允许|容)|不(?:能|可|得|准|许|搞|应|要(?!忘))|切忌|防止|防范|避免|杜绝|遏制|整治|纠治|纠正|狠刹|严查|严禁|禁止|反对|"
    "克服|破除|摒弃|根除|消除|扭转|警惕|惩治|查处|打击|抵制|远离|存在|所谓|陷入|沦为)"
    f"(?:[{HAN}]{{0,6}}|(?:[“”、或和与及]|[{HAN}]){{0,14}}[“、])“?$"
)
_ILL = re.compile(
    "[”’]?(?:[、和与]?“[^”]{1,12}”){0,4}(?:等|的)?(?:不良|突出|歪)?(?:问题|现象|倾向|乱象|行为|陋习|风气|苗头|心态|思想|观念|怪圈|误区|歪风)"
    f"(?!导向|意识)(?:[^{HAN}]|依然|仍|时有|没有|尚未|还|较|的)"
)
_GOOD = re.compile(f"(?:坚持|弘扬|发扬|践行|树立|树牢|牢记|做到|解放|传承)[“{HAN}]{{0,6}}$")


def is_criticised(read: str, start: int, end: int) -> bool:
    """Say whether the words from `start` to `end` are what is not to be done, or an evil that is named."""
    before = re.split("[，。；：！？\n]", read[max(start - REACH, 0) : start])[-1]
    if _GOOD.search(before):
        return False
    return bool(_AGAINST.search(before) or _ILL.match(read, end))
