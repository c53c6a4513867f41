"""Whether options are of one form, so that what is right is known by what it says and not by how it looks."""

import re
from collections.abc import Callable, Sequence

from assistant.study.questions.material.statements import balanced
from assistant.study.questions.material.verbs import VERBS

_LEADS = "对由按在以将把为从向与于至经被让使给跟凡因当若如未不无"
_TRAILS = "的等内前后时中上下者地得了着过吗呢们"
_ASKING = re.compile("哪|怎|什么|如何|是否|谁|多少")
_MARKS = ("、", "，；：", "“”「」『』‘’", "（）()", "《》")
_ODD_LENGTH = 1.5
_CLAUSE = 10
_PHRASE = 4

Feature = Callable[[str], object]

_ENDS: tuple[Feature, ...] = (
    lambda words: words[0] if words[0] in _LEADS else "",
    lambda words: words[-1] if words[-1] in _TRAILS else "",
)
_FORMS: tuple[Feature, ...] = (
    *_ENDS,
    lambda words: len(words) >= _PHRASE and words[:2] in VERBS,
    lambda words: bool(_ASKING.search(words)),
    lambda words: any(mark.isdigit() for mark in words),
    *(lambda words, marks=marks: any(mark in words for mark in marks) for marks in _MARKS),
)
_PATTERNS: tuple[Feature, ...] = (
    lambda words: words[0],
    lambda words: words[-1],
    lambda words: words[:2],
    lambda words: words[-2:],
    len,
)


def same_form(one: str, other: str) -> bool:
    """Say whether two options open and end alike, hold the same kinds of marks and are about as long."""
    sized = abs(len(one) - len(other)) <= max(1, len(one) // 4)
    return sized and balanced(other) and all(form(one) == form(other) for form in _FORMS)


def stands_out(right: Sequence[str], wrong: Sequence[str]) -> bool:
    """Say whether all that is right shares a form or a pattern that nothing wrong has, or the other way round."""
    return _shared_alone(right, wrong) or _shared_alone(wrong, right) or _longer(right, wrong) or _longer(wrong, right)


def _shared_alone(some: Sequence[str], others: Sequence[str]) -> bool:
    """Say whether `some` share what none of `others` has; of one alone, only forms count."""
    short = max(map(len, (*some, *others))) < _CLAUSE  # of clauses, some hold a comma or a number
    forms = _FORMS if short else _ENDS
    for feature in (*forms, *_PATTERNS) if len(some) > 1 else forms:
        values = {feature(words) for words in some}
        if len(values) == 1 and not any(feature(words) in values for words in others):
            return True
    return False


def _longer(some: Sequence[str], others: Sequence[str]) -> bool:
    """Say whether even the shortest of `some` is far longer than any of `others`."""
    return min(map(len, some)) > _ODD_LENGTH * max(map(len, others))
