"""Wrong options: provably wrong, of the kind and size of the right one."""

import random
import re
from dataclasses import dataclass

from assistant.language.numerals import figure, number_of
from assistant.study.questions.kinds.option_form import same_form
from assistant.study.questions.material.answer_spans import AnswerSpan, SpanKind
from assistant.study.questions.material.material import _CLAUSE_END, Material
from assistant.study.questions.material.number_distractors import other_dates, other_numbers, possible
from assistant.study.questions.material.verbs import AGAINST, GENERAL_VERBS
from assistant.study.source.said import SourceText, letters, pairs

BESIDE = 4
ALIKE = 0.4
FILLING_LONGER = 6
_TOLD_APART = ("部门", "机关", "局", "中心", "公司", "法院", "学校", "医院")
_WIDE = ("机构", "单位", "组织")
_MEN = ("者", "人")
_ANY_BODY = re.compile(
    "有关|各级|各类|相关|上级|本级|地方|县级以上|省级以上|所在|任何|其他|及其|和|、|行政机关|国家机关"
)
_ANY_ONE = re.compile("有关|各级|各类|各有|相关|任何|其他|所有|^各")
_STOPS = "，。；：！？、,;:!?“”（）() \n\u3000"


@dataclass(frozen=True)
class Gap:
    """Words of a statement and the clauses (`start` to `end`) that they are asked with."""

    word: AnswerSpan
    start: int
    end: int

    @property
    def before(self) -> str:
        """The words of the run before what is asked."""
        return self.word.statement.text.text[self.start : self.word.start]

    @property
    def behind(self) -> str:
        """The words of the run behind what is asked."""
        return self.word.statement.text.text[self.word.end : self.end]


def has_one_answer(said: SourceText, asked: Gap) -> bool:
    """Say whether the texts fill the gap in one way alone."""
    word = asked.word.text
    return said.fillings(asked.before, asked.behind, len(letters(word)) + FILLING_LONGER) <= {letters(word)}


def _beside(words: str) -> str:
    """Return the last few letters of `words` where no punctuation parts them from what is behind; else none."""
    if not words or words[-1] in "，。；：、,;:":
        return ""
    tail = words.rstrip("“「『（(")
    kept: list[str] = []
    for character in reversed(tail):
        if character in _STOPS or len(kept) == BESIDE:
            break
        kept.append(character)
    return "".join(reversed(kept)) if len(kept) >= 2 else ""


def _kindred(one: str, other: str) -> bool:
    """Say whether one body may be among the other: 劳务派遣单位 is a 用人单位, 有关部门 are any."""
    if one[-2:] != other[-2:]:
        return one.endswith(_WIDE) != other.endswith(_WIDE) and not any(body.endswith(_MEN) for body in (one, other))
    told_apart = one.endswith(_TOLD_APART) and not _ANY_BODY.search(one) and not _ANY_BODY.search(other)
    return not told_apart


def _echoes(beside: str, other: str) -> bool:
    """Say whether two neighbouring characters of `other` stand beside its place too (聚焦“四个聚焦”)."""
    return any(other[n : n + 2] in beside for n in range(len(other) - 1) if not other[n].isdigit())


def _near(one: str, other: str) -> bool:
    """Say whether two words share so many characters that one may pass for the other."""
    if one[0].isdigit() or len(one) < 3:
        return False
    shared = len(set(one) & set(other))
    counted = one[1:2] == other[1:2] and one[1:2] in "个项条大种"
    limit = len(set(one)) - 1 if counted else len(set(one)) / 2
    return shared > limit


def _near_number(word: AnswerSpan, other: str) -> bool:
    """Say whether `other` is the same number, or one that stands by the sentence with the same unit."""
    text = word.statement.text.text
    unit = text[word.end : word.end + 2]
    return value(other) == value(word.text) or (other + unit[:1]) in word.statement.neighbourhood


def value(number: str) -> str:
    """Return a number in one form; a wording that is none stays as it is."""
    try:
        return figure(number.replace(",", ""))
    except (KeyError, ValueError):
        return number


DISTRACTORS = 3
NEAR_SIZE = 2.5
POOL_LOOKED_AT = 60


def distractors(material: Material, asked: Gap, rng: random.Random) -> list[str]:
    """Return words of the same kind that are wrong in this place, those of the texts first."""
    word = asked.word
    pool = list(material.pools[word.kind, word.shape])
    rng.shuffle(pool)
    own = material.own_words(word)
    pool.sort(key=lambda one: one not in own)
    if word.kind is SpanKind.VERB:
        pool = [other for other in pool if other not in GENERAL_VERBS and not _goes_with(material, other, asked)]
        pool.sort(key=lambda other: (other in AGAINST) is not (word.text in AGAINST))
        if not any((other in AGAINST) is (word.text in AGAINST) for other in pool):
            return []
    if word.kind is SpanKind.NUMBER:
        pool = _numbers(word, pool, rng)
    elif word.kind is SpanKind.DATE:
        made = other_dates(word.text, rng)
        pool = pool[:1] + rng.sample(made, len(made))
    else:
        pool = [other for other in pool if same_form(word.text, other)][:POOL_LOOKED_AT]
        pool.sort(key=lambda one: len(one) != len(word.text))
    found: list[str] = []
    for other in pool:
        if is_wrong(material, asked, other) and not any(_one(material, word, other, known) for known in found):
            found.append(other)
        if len(found) == DISTRACTORS:
            break
    return found


def _numbers(word: AnswerSpan, pool: list[str], rng: random.Random) -> list[str]:
    """Return numbers that can stand for a number: one of the texts, then others that are made."""
    made = other_numbers(word.text, rng)
    near = [other for other in pool[:POOL_LOOKED_AT] if _same_size(word.text, other)]
    line = word.statement
    fit = [possible(line.text.text, (line.start, line.end), word.start, some) for some in (near, made)]
    return [*fit[0][:1], *fit[1]]


def _one(material: Material, word: AnswerSpan, option: str, other: str) -> bool:
    """Say whether two options are one: the same number, or words of which one holds the other."""
    return value(option) == value(other) if word.kind is SpanKind.NUMBER else material.said.same(option, other)


def _goes_with(material: Material, verb: str, asked: Gap) -> bool:
    """Say whether the texts say `verb` of something like what the verb asked for is said of."""
    rest = letters(re.split("[，。；：、]", asked.behind)[0])
    pairs = [rest[n : n + 2] for n in range(len(rest) - 1)]
    return any(pair in near for near in material.said.behind(verb) for pair in pairs)


def _same_size(one: str, other: str) -> bool:
    """Say whether two numbers are written alike, so that neither stands out among options."""
    alike = len(one) == len(other) and ("." in one) == ("." in other) and one[-1].isdigit() == other[-1].isdigit()
    return alike and 1 / NEAR_SIZE <= number_of(one) / max(number_of(other), 1e-9) <= NEAR_SIZE


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def is_wrong(material: Material, asked: Gap, other: str) -> bool:
    """Say whether `other` in the place of what is asked is said nowhere, so that it is wrong."""
    word = asked.word
    if word.kind is SpanKind.NUMBER:
        if _near_number(word, other):
            return False
    elif material.said.same(word.text, other) or _near(word.text, other):
        return False
    if word.kind is SpanKind.ACTOR and (_kindred(word.text, other) or _does(material, other, asked.behind)):
        return False
    if word.kind is not SpanKind.NUMBER and other in word.statement.neighbourhood:
        return False
    if _echoes(asked.before[-6:] + " " + asked.behind[:6], other) and word.kind not in (SpanKind.NUMBER, SpanKind.DATE):
        return False
    if material.said.says(asked.before + other + asked.behind):
        return False
    left, right = _beside(asked.before), _beside(asked.behind[::-1])[::-1]
    return not (left and material.said.says(left + other)) and not (right and material.said.says(other + right))


def _does(material: Material, body: str, task: str) -> bool:
    """Say whether `body` may do what `task` says: it stands for many, or does something like it elsewhere."""
    wanted = pairs(_CLAUSE_END.split(task)[0])
    alike = (len(wanted & done) > ALIKE * min(len(wanted), len(done)) for done in material.tasks[body] if done)
    return bool(_ANY_ONE.search(body)) or any(alike)
