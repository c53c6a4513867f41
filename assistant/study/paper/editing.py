"""What a trainer does to the questions of a pack: word one anew, take it out, put it back, order, swap.

A question keeps its source whatever is done to its words: where these do not follow from the source any more, it
says so (`strays`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.answering.service import Service
from assistant.base.errors import SettingsError
from assistant.study.pack import BLANK, LETTERS, RIGHT, WRONG, Item, ItemKind, Pack
from assistant.study.paper.assembly import swap, version
from assistant.study.paper.conflicts import Shown, may_stand_together, shown
from assistant.study.questions.items import candidates
from assistant.study.source.texts import texts_of
from assistant.study.stem import StemForm
from assistant.study.stem_recovery import stem_of

NO_ITEM = "这道题不在材料里了：请刷新页面。"
THERE = "这道题已经在材料里了：请刷新页面。"
STRAYS = "改后的内容与出处的原文不完全一致，请自行核对。"
MARKED = "本题经人工修改，以原文为准。"
_EDGES = " 　。；;，,.？?！!：:（）()"


@dataclass(frozen=True)
class Wording:
    """The words of a question as somebody has typed them."""

    stem: str
    options: tuple[str, ...]
    answer: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class Sheet:
    """The questions of a pack, and those taken out of it, the last one last."""

    items: tuple[Item, ...]
    removed: tuple[Item, ...] = ()

    def reworded(self, identity: str, wording: Wording) -> "Sheet":
        """Return it with a question in other words; raises `SettingsError` where they make no question of its kind."""
        item = self.find(identity)
        _check(item, wording)
        if wording == Wording(item.stem, item.options, item.answer, item.note):
            return self
        stem, options, answer, note = wording.stem, wording.options, wording.answer, wording.note
        made = replace(item, stem=stem, options=options, answer=answer, note=note, edited=True)
        return self._with(identity, made if stem == item.stem else replace(made, structure=None))

    def without(self, identity: str) -> "Sheet":
        """Return it with a question taken out."""
        item = self.find(identity)
        return Sheet(tuple(one for one in self.items if one is not item), (*self.removed, item))

    def put_back(self, identity: str) -> "Sheet":
        """Return it with a question put back, behind those of its kind."""
        item = _found(self.removed, identity)
        if any(one.id == identity for one in self.items):
            raise SettingsError(THERE)
        last = max((at for at, one in enumerate(self.items) if one.kind is item.kind), default=len(self.items) - 1)
        items = (*self.items[: last + 1], item, *self.items[last + 1 :])
        return Sheet(items, tuple(one for one in self.removed if one is not item))

    def moved(self, identity: str, place: int) -> "Sheet":
        """Return it with a question at `place`, from 0, among those of its kind."""
        item = self.find(identity)
        rest = [one for one in self.items if one.kind is item.kind and one is not item]
        if not 0 <= place <= len(rest):
            raise SettingsError(NO_ITEM)
        ordered: Iterator[Item] = iter([*rest[:place], item, *rest[place:]])
        return replace(self, items=tuple(next(ordered) if one.kind is item.kind else one for one in self.items))

    def swapped(self, identity: str, other: Item) -> "Sheet":
        """Return it with `other` in the place of a question, which is taken out."""
        item = self.find(identity)
        removed = (one for one in self.removed if one.id not in (other.id, item.id))
        return Sheet(self._with(identity, other).items, (*removed, item))

    def find(self, identity: str) -> Item:
        """Return a question; raises `SettingsError` where there is none of this id."""
        return _found(self.items, identity)

    def _with(self, identity: str, item: Item) -> "Sheet":
        return replace(self, items=tuple(item if one.id == identity else one for one in self.items))


def another(service: Service, pack: Pack, sheet: Sheet, identity: str) -> Item:
    """Return a question to take the place of one; raises `SettingsError` where the documents carry no other.

    Of the pack's own documents: who may read these may read whatever stands in it, wrong options too.
    """
    item = sheet.find(identity)
    texts = texts_of(service, replace(pack.brief, documents=tuple(line.id for line in pack.documents)))
    return swap(sheet.items, item, candidates(texts, pack.formulations, pack.brief.seed, service.glossary))


def strays(item: Item) -> bool:
    """Say whether a question that somebody worded anew says what its source does not, as far as can be told."""
    if not item.edited or item.kind is ItemKind.DISCUSS:
        return False
    grounds = [quote.text for quote in (item.source, *item.further)]
    stands = all(any(words in text for text in grounds) for words in map(_bare, _claimed(item)))
    return not stands or _denied(item) or not _chosen_as_tested(item)


def clashes(items: Sequence[Item]) -> dict[str, tuple[str, ...]]:
    """Return, by id, which questions of a paper may not stand beside which: one gives the other away, or repeats it."""
    seen = [(item.id, _seen(item)) for item in items]
    found: dict[str, list[str]] = {}
    for at, (one, here) in enumerate(seen):
        for other, there in seen[at + 1 :]:
            if not may_stand_together(here, there, strict=False):
                found.setdefault(one, []).append(other)
                found.setdefault(other, []).append(one)
    return {identity: tuple(others) for identity, others in found.items()}


def marked(pack: Pack) -> Pack:
    """Return a pack to hand out: the key says of each question worded anew that it was."""
    noted = [replace(i, note=f"{i.note}{MARKED}") if i.edited else i for i in pack.items]
    return replace(pack, items=tuple(noted))


def version_b(pack: Pack) -> Pack:
    """Return a pack with version B of its paper."""
    items = version(pack.items, pack.brief.seed, LETTERS[1])
    return replace(pack, title=f"{pack.title}（{LETTERS[1]} 卷）", items=items)


def _claimed(item: Item) -> Sequence[str]:
    """Return what the answer of a question says the source says."""
    if item.kind is ItemKind.FILL:
        return [stem_of(item).filled(item.answer)]
    if item.kind is ItemKind.JUDGE:
        return [item.stem] if item.answer == (RIGHT,) else []
    if item.kind is ItemKind.SHORT:
        return item.answer
    chosen, stem = [item.options[LETTERS.index(letter)] for letter in item.answer], stem_of(item)
    if item.kind is ItemKind.SINGLE and stem.form is StemForm.GAPS and stem.gaps == 1:
        return [stem.filled(chosen)]
    return chosen


def _denied(item: Item) -> bool:
    """Say whether a statement that is called wrong stands in its source."""
    return item.kind is ItemKind.JUDGE and item.answer == (WRONG,) and _bare(item.stem) in item.source.text


def _chosen_as_tested(item: Item) -> bool:
    """Say whether the options that are called right are the words that the question tests, in their order."""
    if not (item.options and item.tested):
        return True
    tested = [_bare(words) for words in _tested(item)]
    chosen = [_bare(item.options[LETTERS.index(letter)]) for letter in item.answer]
    return chosen == tested if item.kind is ItemKind.ORDER else set(chosen) == set(tested)


def _tested(item: Item) -> Iterator[str]:
    for identity, start, end in item.tested:
        for quote in (item.source, *item.further):
            if quote.document_id == identity and quote.start <= start and end <= quote.end:
                yield quote.text[start - quote.start : end - quote.start]
                break


def _seen(item: Item) -> Shown:
    """Return what a question shows and hides; where one worded anew stands in its source is not known any more."""
    return replace(shown(item), places=(), tested=()) if item.edited else shown(item)


def _bare(words: str) -> str:
    return words.strip(_EDGES)


def _check(item: Item, wording: Wording) -> None:
    """Raise `SettingsError` where a wording is none for the kind of an item."""
    kind, answer = item.kind, wording.answer
    if not wording.stem or not all(wording.options) or not all(answer):
        raise SettingsError("题干、选项和答案都不能空着：请补上。")
    if len(wording.options) != len(item.options):
        raise SettingsError(f"这道题应有 {len(item.options)} 个选项：请只改文字。")
    if len(set(wording.options)) < len(wording.options):
        raise SettingsError("有两个选项相同：请改掉一个。")
    if kind is ItemKind.FILL and (not answer or wording.stem.count(BLANK) != len(answer)):
        raise SettingsError(f"空（{BLANK}）有 {wording.stem.count(BLANK)} 个，答案有 {len(answer)} 个：请改成一样多。")
    if kind is ItemKind.JUDGE and answer not in ((RIGHT,), (WRONG,)):
        raise SettingsError(f"判断题的答案请选“{RIGHT}”或“{WRONG}”。")
    if wording.options:
        _check_letters(kind, answer, LETTERS[: len(wording.options)])


def _check_letters(kind: ItemKind, answer: Sequence[str], letters: str) -> None:
    right = set(answer) <= set(letters) and len(set(answer)) == len(answer)
    wanted = {ItemKind.SINGLE: (1, 1), ItemKind.MULTIPLE: (2, len(letters)), ItemKind.ORDER: (len(letters),) * 2}
    low, high = wanted.get(kind, (1, len(letters)))
    if not right or not low <= len(answer) <= high:
        said = {ItemKind.SINGLE: "请选一个", ItemKind.MULTIPLE: "请至少选两个", ItemKind.ORDER: "请把每个字母写一次"}
        raise SettingsError(f"答案不对：{said.get(kind, '请从选项里选')}。")


def _found(items: Sequence[Item], identity: str) -> Item:
    item = next((one for one in items if one.id == identity), None)
    if item is None:
        raise SettingsError(NO_ITEM)
    return item
