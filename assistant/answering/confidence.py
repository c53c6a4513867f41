"""Confidence bands: how strong the evidence of an answer is, in words.

The bands are over the probability of `sentences/answerability.py`. The share that was right in each, on
labelled questions that its weights were not learned from, is measured by `benchmarks.strength`; see
docs/evaluation.md.
"""

from enum import StrEnum

from assistant.answering.answer import Answer, Status

STRONG = 0.9
FAIR = 0.7


class Strength(StrEnum):
    """The strength of an answer's evidence; PLACED for an answer found by its place in a document, not its content."""

    STRONG = "依据充分"
    FAIR = "依据较充分，请核对"
    WEAK = "依据不多，请看原文"
    PLACED = "按文件的条目引出"


MEANING = {
    Strength.STRONG: "引文与问题对得上。试题里这一档每 100 个回答约有 95 个引对了；要紧的事仍请点开原文核对。",
    Strength.FAIR: "引文多半答了所问。试题里这一档每 100 个回答约有 79 个引对了：请点开原文核对。",
    Strength.WEAK: "引文可能没有答到点上。试题里这一档每 100 个回答约有 70 个引对了：请点开原文自行判断。",
    Strength.PLACED: "问题指明了文件里的位置（第几点、第几条、第几段），这里引出的就是那一处。",
}


def strength(answer: Answer) -> Strength | None:
    """Return the strength of an answer's evidence; None where nothing was answered or no probability was computed."""
    if answer.status is not Status.ANSWERED or not answer.citations:
        return None
    if answer.likely is None:
        return Strength.PLACED if answer.placed else None
    return Strength.STRONG if answer.likely >= STRONG else Strength.FAIR if answer.likely >= FAIR else Strength.WEAK
