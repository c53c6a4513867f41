"""Restatement check: do words say again what a passage says, in the same order, with some left out.

A model may shorten. What it may leave out is a short list, because each omission can turn a true sentence into
a false one: adverbs where nothing is negated, 关于……的, list members that carry no figure, limit or ban, and
whole clauses. Everything else must stand in the passage in the same order and beside the same neighbours;
conditions, exceptions and lead-ins of a clause must be kept with it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from assistant.language.tokens import DIRECTIVE, NEGATIONS, PARTING, ROLES, Kind, Token, tokens

WORDS_MOST = 160
PASSAGE_MOST = 400  # tokens: the search goes as deep; quotes are at most some 200 characters
LEFT_OUT_MOST = 24
STEPS_MOST = 20_000  # a sentence that restates something needs some hundreds; a fifth of a second at most
DEPTH_MOST = 150  # steps inside steps: Python allows 1,000 calls, and a step takes up to four
BOUND_TO_FIGURE = 3  # 4个单位: a figure, its unit and the noun behind it stay together

_DROPPED = frozenset({Kind.SPARE, Kind.FREE, Kind.ADVERB})
_COPULAS = frozenset("是为即指")
_CONDITION = re.compile(
    "^(如果|如(?=[有遇因需])|若|倘若|假如|凡|除|未经|经(?![济费过营历常])|只有|只要|当(?![前地天年]))|"
    "(的|时|外|前|情况下|情形下|为限|认为|以为|说|称|：|:)$"
)
_CONTRAST = re.compile("^(但|然而|不过|不包括|不含)|除外$|不在此限|另有规定")
_DEFINITION = re.compile("是指|指的是|包括|分为")
_OPEN = re.compile("^(由于|因为|为了|虽然|尽管|根据|按照|不仅|既)")
_CIRCUMSTANCE = re.compile("^本.{1,4}所称|(方面|规定|情况|期间|[中后上内起])$")
_NOUN = re.compile("(单位|个人|人员|组织|机构|部门|机关|企业|标准|办法|事项|工作|活动|事件|费用)$")
_BASIS = re.compile("^(根据|按照|依照|依据)")
_LABEL = re.compile(
    "第[零〇一二三四五六七八九十百千0-9]+[编章节条款项点]?|[一二三四五六七八九十0-9]{1,3}|首先|其次|再次|最后"
)

Path = tuple[int, ...]
State = tuple[int, int, int, int, bool]


@dataclass(frozen=True)
class Clause:
    """Tokens [start, end) of a text, with the numbers of their sentence and of its part between ；.

    A `first` clause begins a sentence or such a part, with or without a label (第一, 第四条) before it.
    """

    number: int
    start: int
    end: int
    sentence: int
    part: int
    text: str
    first: bool

    @property
    def conditional(self) -> bool:
        """Whether the clauses beside this one hold only under it: a condition, an exception, a lead-in."""
        return bool(_CONDITION.search(self.text))

    @property
    def lead(self) -> bool:
        """Whether the rest of the sentence stands under this clause."""
        return self.text.endswith(("：", ":"))

    @property
    def open(self) -> bool:
        """Whether the clause is incomplete without the next one."""
        return bool(_CONDITION.search(self.text) or _OPEN.search(self.text))


@dataclass(frozen=True)
class Wording:
    """A text as tokens and clauses."""

    tokens: tuple[Token, ...]

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """The clauses, in order."""
        return tuple(_clauses(self.tokens))

    @cached_property
    def clause_at(self) -> tuple[Clause | None, ...]:
        """The clause of each token, None for what parts them."""
        found: list[Clause | None] = [None] * len(self.tokens)
        for clause in self.clauses:
            found[clause.start : clause.end] = [clause] * (clause.end - clause.start)
        return tuple(found)

    def of(self, clause: Clause) -> tuple[Token, ...]:
        """Return the tokens of a clause."""
        return self.tokens[clause.start : clause.end]

    def weighty(self, clause: Clause) -> bool:
        """Say whether a figure, limit, ban, right or equation stands beside the clause: its lists must stay whole."""
        return clause.part in self._weighty_parts

    @cached_property
    def _weighty_parts(self) -> frozenset[int]:
        return frozenset(clause.part for clause in self.clauses if any(map(_has_weight, self.of(clause))))


def _has_weight(token: Token) -> bool:
    limiting = token.kind is Kind.KEPT and token.text != DIRECTIVE
    return token.kind is Kind.FIGURE or limiting or token.text in _COPULAS


class Restated(Enum):
    """Whether words restate a passage: not at all, from the beginning of one of its sentences, or from inside one."""

    NO = 0
    BEGINNING = 1
    INSIDE = 2


def restates(words: str, passage: str, continuing: bool = False) -> Restated:
    """Say whether `words` only restate or shorten what stands in `passage`.

    `continuing` words follow others in the same sentence, whose subject they would take over: they must start
    where a sentence of the passage starts.
    """
    said = _parted_once(tokens(words))
    if not said or len(said) > WORDS_MOST:
        return Restated.NO
    source = Wording(tuple(tokens(passage)))
    if len(source.tokens) > PASSAGE_MOST:
        return Restated.NO
    known = {token.key for token in source.tokens}
    if any(t.key not in known for t in said if t.kind not in (Kind.FREE, Kind.AND, *PARTING)):
        return Restated.NO
    path = _Search(tuple(said), source).find(continuing)
    if path is None or not _complete(path, source):
        return Restated.NO
    first = source.clause_at[path[0]]
    return Restated.BEGINNING if first and first.first else Restated.INSIDE


def _parted_once(found: Sequence[Token]) -> list[Token]:
    """Return tokens without what parts clauses at the end, or twice in a row."""
    kinds = [token.kind for token in found[1:]] + [Kind.END]
    return [t for t, after in zip(found, kinds, strict=False) if not (t.kind in PARTING and after in PARTING)]


def _clauses(found: Sequence[Token]) -> Iterator[Clause]:
    start = number = sentence = part = 0
    first = True
    for at, token in enumerate([*found, Token("\n", Kind.END, "\n")]):
        if token.kind not in PARTING:
            continue
        if at > start:
            lead = token.text if token.key in "：:" else ""
            text = "".join(t.text for t in found[start:at]) + lead
            yield Clause(number, start, at, sentence, part, text, first)
            number, first = number + 1, bool(_LABEL.fullmatch(text))
            part += first
        start = at + 1
        part += token.key in "；;" or token.kind is Kind.END
        sentence += token.kind is Kind.END
        first = first or token.kind is Kind.END or token.key in "；;"


def _complete(path: Path, source: Wording) -> bool:
    """Say whether the path keeps each condition, exception and lead-in of the clauses said, and none of them alone."""
    clauses = [clause for clause in (source.clause_at[at] for at in path) if clause]
    said = set(clauses)
    if not clauses or _is_unfinished(clauses[-1], source):
        return False
    return not any(_is_missed(clause, said) for clause in source.clauses if clause not in said)


def _is_unfinished(last: Clause, source: Wording) -> bool:
    """Say whether a clause after which its sentence goes on reads like half a clause: a subject, a circumstance."""
    if not any(c.number == last.number + 1 and c.part == last.part for c in source.clauses):
        return False
    says = any(token.kind is Kind.KEPT for token in source.of(last))
    return last.open or bool(_CIRCUMSTANCE.search(last.text)) or (not says and bool(_NOUN.search(last.text)))


def _is_missed(clause: Clause, said: set[Clause]) -> bool:
    beside = [c for c in said if c.sentence == clause.sentence]
    near = [c for c in beside if c.part == clause.part]
    led = clause.lead and any(c.number > clause.number for c in beside)
    begun = any(c.number > clause.number and c.text.endswith("的") for c in near)
    limited = bool(_CONTRAST.search(clause.text)) and any(c.number < clause.number for c in near)
    defining = any(c.number < clause.number and _DEFINITION.search(c.text) for c in near)
    return led or begun or limited or defining or (clause.conditional and bool(near))


class _Search:
    """Depth-first search for the source tokens that the said tokens come from.

    A state is (next said token, next source token, content tokens in the unbroken run so far: 0, 1, or 2 for
    more, tokens still bound to a figure, whether the last step was a match).
    """

    def __init__(self, said: tuple[Token, ...], source: Wording) -> None:
        self._said, self._source, self._wording = said, source.tokens, source
        self._failed: set[State] = set()
        self._steps_left = STEPS_MOST
        self._depth = 0

    def find(self, continuing: bool) -> Path | None:
        """Return the source tokens in the order of the said ones, None where there is no way."""
        for clause in self._wording.clauses:
            begins = self._source[clause.start]
            bare = begins.kind in (Kind.KEPT, Kind.FREE) or begins.text in ROLES  # without a subject
            path = self._land(0, clause) if clause.first or not (bare or continuing) else None
            if path is not None:
                return path
        return None

    def _land(self, i: int, clause: Clause) -> Path | None:
        for j in range(clause.start, clause.end):
            if self._may_start(clause, j):
                path = self._go((i, j, 0, 0, False))
                if path is not None:
                    return path
        return None

    def _go(self, state: State) -> Path | None:
        self._steps_left -= 1
        if state in self._failed or self._steps_left < 0 or self._depth >= DEPTH_MOST:
            return None
        self._depth += 1
        try:
            return self._on(state)
        finally:
            self._depth -= 1

    def _on(self, state: State) -> Path | None:
        if state[0] == len(self._said):
            return () if self._may_end(state) else None
        for steps, after in self._steps(state):
            path = self._go(after)
            if path is not None:
                return steps + path
        for clause in self._landings(state):
            path = self._land(state[0] + 1, clause)
            if path is not None:
                return path
        self._failed.add(state)
        return None

    def _steps(self, state: State) -> Iterator[tuple[Path, State]]:
        i, j, run, bound, tight = state
        yield from self._matches(i, j, run, bound)
        if tight:
            yield from self._over_commas(i, j, run, bound)
        if bound and self._kind(j) not in _DROPPED:
            return
        if self._said[i].kind is Kind.FREE:
            yield (), (i + 1, j, run, 0, False)
        if self._may_drop(j):
            yield (), (i, j + 1, run, 0, False)
        if run != 1:
            yield from (((), (i, after, 0, 0, False)) for after in self._gaps(j))

    def _kind(self, j: int) -> Kind | None:
        return self._source[j].kind if j < len(self._source) else None

    def _clause(self, j: int) -> Clause | None:
        return self._wording.clause_at[j] if 0 <= j < len(self._source) else None

    def _matches(self, i: int, j: int, run: int, bound: int) -> Iterator[tuple[Path, State]]:
        if j >= len(self._source) or i >= len(self._said):
            return
        token = self._source[j]
        if self._said[i].key != token.key or token.kind in PARTING:
            return
        weight = {Kind.WORD: 1, Kind.KEPT: 1, Kind.FIGURE: 2, Kind.LATIN: 2}.get(token.kind, 0)
        loose = token.kind is Kind.AND or token.kind in _DROPPED
        bound = BOUND_TO_FIGURE if token.kind is Kind.FIGURE else 0 if loose else max(bound - 1, 0)
        yield (j,), (i + 1, j + 1, min(run + weight, 2), bound, True)

    def _over_commas(self, i: int, j: int, run: int, bound: int) -> Iterator[tuple[Path, State]]:
        """Match over a comma added, or become 、, where the words on both sides of it are neighbours in both texts."""
        if self._said[i].kind is Kind.COMMA:
            yield from self._matches(i + 1, j, run, bound)
        if self._said[i].text == "、" and self._kind(j) is Kind.COMMA and self._source[j].key in "，,":
            yield from self._matches(i + 1, j + 1, run, bound)

    def _landings(self, state: State) -> Iterator[Clause]:
        """Yield the source clauses that may follow where a said clause ends in this state."""
        i, j = state[:2]
        here = self._clause(j - 1)
        if here is None or self._said[i].kind not in PARTING or not self._may_end(state):
            return
        behind = self._wording.clauses[here.number + 1 :]
        for clause in behind:
            yield clause
            if not _BASIS.search(clause.text):
                break
        if not here.open:
            others = (c for c in self._wording.clauses if c.first and c.part != here.part)
            yield from (c for c in others if c.sentence != here.sentence or c.number > here.number)

    def _may_drop(self, j: int) -> bool:
        """Say whether source token `j` may be left out: a light word, or an adverb where nothing is negated."""
        clause = self._clause(j)
        if clause is None or self._kind(j) not in _DROPPED:
            return False
        denied = any(token.text in NEGATIONS for token in self._wording.of(clause))
        return self._kind(j) is not Kind.ADVERB or not denied

    def _may_end(self, state: State) -> bool:
        """Say whether a said clause may end here: where its source clause ends, for its main noun stands last."""
        _, j, run, _, _ = state
        clause = self._clause(j - 1)
        if run == 1 or clause is None:
            return False
        return j == clause.end

    def _may_start(self, clause: Clause, j: int) -> bool:
        bare = all(self._may_drop(at) for at in range(clause.start, j))
        return bare or self._is_modifier(clause, clause.start, j)

    def _gaps(self, j: int) -> Iterator[int]:
        """Yield where the source may go on after 关于……的 or members of a list were left out at `j`."""
        clause = self._clause(j)
        if clause is None:
            return
        listed = not self._wording.weighty(clause)
        for after in range(j + 1, min(clause.end, j + 1 + LEFT_OUT_MOST)):
            between = self._source[j].text == "、" and self._kind(after) is Kind.AND
            before = self._kind(j - 1) is Kind.AND and self._source[after - 1].text == "、"
            if self._is_modifier(clause, j, after) or (listed and (between or before)):
                yield after

    def _is_modifier(self, clause: Clause, start: int, end: int) -> bool:
        """Say whether tokens [start, end) are 关于……的, on which nothing of weight hangs."""
        text = "".join(token.text for token in self._source[start:end])
        about = text.startswith(("关于", "有关")) and text.endswith("的")
        return about and not self._wording.weighty(clause)
