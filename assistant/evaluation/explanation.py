"""Explanation of one answer: rank of each passage in each search, and why each sentence was quoted or not.

Nothing is decided here: ranks come from the retriever, decisions from the answerer (`Examined`); this puts them
into words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.answering.answer import Answer, Status, Way
from assistant.answering.answerer import CITATIONS, Answerer, Examined
from assistant.answering.composing.compose import MISSING
from assistant.answering.sentences.answer_type import Supply
from assistant.answering.sentences.candidates import Candidate
from assistant.answering.sentences.scoring import Fate, Judged, lacking
from assistant.evaluation.metrics import RERANKED, WAYS
from assistant.index.records import DocumentRecord
from assistant.index.retriever import Retriever
from assistant.language.question import Kind, parse_question

PASSAGES_SHOWN = 10  # of each way
SENTENCES_SHOWN = 30

_WAYS = {
    Way.NO_PASSAGES: "没有可以查找的文字，所以没有回答。",
    Way.STRUCTURE: "问的是文件里的某一处（第几点、第几条、某一节、结尾等），直接按文件的结构取出原文，没有逐句比较。",
    Way.NO_SUCH_PLACE: "问的是文件里的某一处（第几点、第几条等），但文件里没有这一处，所以没有回答。",
    Way.NO_WORDS: "除去疑问词，问题里没有可以查找的词，所以没有回答。",
    Way.SITUATION: "问的是背景或形势，取出说到时期、形势的词最多的一句。",
}
_KINDS = {
    Kind.NUMBER: "一个数", Kind.NAME: "一个姓名", Kind.WHO: "谁", Kind.WHEN: "时间", Kind.SITUATION: "背景、形势",
    Kind.WHERE: "地点", Kind.WHY: "原因", Kind.HOW: "怎么做", Kind.MEMBERS: "一个提法包括哪几项", Kind.OUTLINE: "要点",
    Kind.LIST: "一些事项", Kind.COMPARE: "两者的不同", Kind.DEFINITION: "含义", Kind.YESNO: "是不是、可不可以",
    Kind.SAID: "怎么说的", Kind.FACT: "一件事",
}  # fmt: skip
_GIVES = {Supply.YES: "给出", Supply.OPEN: "看不出", Supply.NO: "没有给出"}


@dataclass(frozen=True)
class PassageRow:
    """A passage with its rank (from 1) and score in each way of searching; None where that way did not find it.

    Scores, 0 to 1: `lexical` is BM25 as a share of the highest possible, `dense` the cosine, both as fused.
    `is_read`: its sentences were scored.
    """

    document: DocumentRecord
    paragraph: int
    start: int
    end: int
    text: str
    ranks: Mapping[str, int | None]
    scores: Mapping[str, float | None]
    is_read: bool


@dataclass(frozen=True)
class SentenceRow:
    """A scored sentence: the share of the question it says, what it gives, its score, and why it was (not) quoted.

    `marker` is that of the citation that holds it, None if none does.
    """

    document: DocumentRecord
    paragraph: int
    start: int
    end: int
    text: str
    coverage: float
    gives: str
    worth: float
    closeness: float
    marker: int | None
    reason: str


@dataclass(frozen=True)
class Explanation:
    """The explanation of one question; `words` are its terms with their share of the weight."""

    answer: Answer
    asked: str
    kind: str
    words: Sequence[tuple[str, float]]
    how: str
    likely: float | None
    threshold: float
    dense_weight: float
    passages: Sequence[PassageRow]
    sentences: Sequence[SentenceRow]
    judged: int


def explain(answerer: Answerer, question: str) -> Explanation:
    """Answer `question` and explain what decided the answer."""
    examined = answerer.examine(parse_question(question))
    weighed = examined.decision.weighed
    total = sum(unit.weight for unit in examined.units) or 1.0
    return Explanation(
        answer=examined.answer,
        asked=examined.question.text,
        kind=_KINDS[examined.question.kind],
        words=[(unit.text, unit.weight / total) for unit in examined.units],
        how=_how(examined, answerer.threshold),
        likely=weighed.likely if weighed and weighed.signals else None,
        threshold=answerer.threshold,
        dense_weight=answerer.retriever.weight,
        passages=passage_rows(answerer.retriever, examined),
        sentences=_sentence_rows(examined, answerer.threshold),
        judged=len(weighed.judged) if weighed else 0,
    )


def ranks(retriever: Retriever, examined: Examined) -> dict[str, dict[int, tuple[int, float]]]:
    """Return, by way of searching, (rank from 1, score) by passage number.

    With a reranker there is an additional way, `RERANKED`.
    """
    sought = examined.sought
    if not sought.text.strip():
        return {way: {} for way in WAYS}
    ranking = retriever.rank(sought, examined.documents)
    fused = {number: (score, share, cosine) for number, score, share, cosine in ranking.fused}
    found = {
        "lexical": [(number, fused[number][1]) for number, _ in ranking.lexical],
        "dense": [(number, fused[number][2]) for number, _ in ranking.dense],
        "fused": [(number, score) for number, score, *_ in ranking.fused],
    }
    if retriever.reranker is not None:
        found[RERANKED] = [(number, score) for number, score, *_ in retriever.reranked(sought.text, ranking.fused)]
    return {way: {n: (rank, score) for rank, (n, score) in enumerate(rows, 1)} for way, rows in found.items()}


def passage_rows(retriever: Retriever, examined: Examined) -> list[PassageRow]:
    """Return the best passages of every way of searching and all whose sentences were scored, in final rank order."""
    found = ranks(retriever, examined)
    order = found.get(RERANKED, found["fused"])
    read = {hit.passage.number for hit in examined.hits}
    best = {n for way in found.values() for n, (rank, _) in way.items() if rank <= PASSAGES_SHOWN}
    numbers = sorted(best, key=lambda n: (order[n][0], n)) + sorted(read - set(order))
    records = retriever.index.records
    rows = []
    for passage in records.passages(numbers):
        places = {way: by_number.get(passage.number) for way, by_number in found.items()}
        text = records.text(passage.document)[passage.start : passage.end]
        rows.append(
            PassageRow(
                records.document(passage.document),
                passage.paragraph,
                passage.start,
                passage.end,
                text,
                {way: place[0] if place else None for way, place in places.items()},
                {way: place[1] if place else None for way, place in places.items()},
                passage.number in read,
            )
        )
    return rows


def _how(examined: Examined, threshold: float) -> str:
    """Return in words how the answerer came to its answer, or to having none."""
    decision = examined.decision
    if decision.way is not Way.SENTENCES or decision.weighed is None:
        return _WAYS[decision.way]
    weighed = decision.weighed
    if weighed.signals is None:
        said = "读过的句子里没有一句能回答这个问题（各句的理由见下表）"
    elif weighed.likely >= threshold:
        said = f"最好的一句能回答问题的可能性是 {weighed.likely:.2f}，不低于 {threshold:.2f}，所以作答"
        return f"{said}。"
    else:
        said = f"最好的一句能回答问题的可能性只有 {weighed.likely:.2f}，低于 {threshold:.2f}，所以不作答"
    if decision.status is not Status.MENTIONED:
        return f"{said}。"
    return f"{said}；只把提到这件事的原文列出来，供自行判断。"


def _sentence_rows(examined: Examined, threshold: float) -> list[SentenceRow]:
    """Return the scored sentences, best first: all that are quoted, and the best of the others."""
    weighed = examined.decision.weighed
    if weighed is None:
        return []
    rows = [_sentence_row(examined, judged, threshold) for judged in weighed.judged]
    return [row for n, row in enumerate(rows) if row.marker is not None or n < SENTENCES_SHOWN]


def _sentence_row(examined: Examined, judged: Judged, threshold: float) -> SentenceRow:
    candidate, marker = judged.candidate, _marker(examined.answer, judged.candidate)
    return SentenceRow(
        candidate.document,
        candidate.sentence.paragraph,
        candidate.sentence.start,
        candidate.sentence.end,
        candidate.text,
        judged.coverage,
        _GIVES[judged.supply],
        judged.score,
        judged.closeness,
        marker,
        _quoted(examined.answer, marker) if marker is not None else _why_not(examined, judged, threshold),
    )


def _marker(answer: Answer, candidate: Candidate) -> int | None:
    """Return the marker of the citation that quotes a sentence, whole or in part."""
    place = candidate.sentence
    return next(
        (
            c.marker
            for c in answer.citations
            if c.document_id == candidate.document.id and c.start < place.end and place.start < c.end
        ),
        None,
    )


def _quoted(answer: Answer, marker: int) -> str:
    if answer.status is Status.ANSWERED:
        return f"已引用，见 [{marker}]"
    return f"作为相关原文列出，见 [{marker}]；不算回答"


def _why_not(examined: Examined, judged: Judged, threshold: float) -> str:
    """Return in words why a sentence was not quoted."""
    weighed, question = examined.decision.weighed, examined.question
    assert weighed is not None
    fate, best = weighed.fates.get(judged.candidate.order), weighed.fit[0] if weighed.fit else judged
    if fate is Fate.ELSEWHERE:
        words = "、".join(f"“{w}”" for w in lacking(question, list(examined.units), judged.candidate))
        return f"没有说到{words}：说的是别的年份、数目、地方或事情"
    said = {
        Fate.NOT_GIVEN: f"没有给出{MISSING.get(question.kind, '所问的内容')}",
        Fate.OTHER_THING: "说的是同类的另一个，不是所问的那个",
        Fate.ANOTHERS: "说的是别的单位或职务的人",
        Fate.LESS_PLAIN: "别的句子更明确地给出了所问的内容",
        Fate.LESS_SAID: f"只说到问题的 {judged.coverage:.0%}，比最好的一句（{best.coverage:.0%}）少得多",
        Fate.BEHIND: f"得分 {judged.score:.2f}，比最好的一句（{best.score:.2f}）低得多",
        Fate.NO_ROOM: f"也合适，但一个回答最多引 {CITATIONS} 处，已经满了",
        Fate.UNLIKELY: f"最好的一句的可能性 {weighed.likely:.2f} 低于 {threshold:.2f}，整个问题不作答",
    }
    return said[fate] if fate else "与已引用的句子说的相同，或已经引满"
