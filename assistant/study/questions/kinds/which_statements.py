"""Which of several statements a document makes: some of its own among one or two with one thing in them changed."""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

from assistant.documents.splitting import Section
from assistant.study.pack import CHOICE, LETTERS, STATED, Difficulty, Item, ItemKind, Quote
from assistant.study.questions.kinds.option_form import stands_out
from assistant.study.questions.kinds.ordering import Part, asking, called
from assistant.study.questions.kinds.true_false import Change, changes
from assistant.study.questions.material.material import Material, item_of
from assistant.study.source.said import letters
from assistant.study.source.texts import Text
from assistant.study.stem import Piece, Role, StemForm

CHANGES_MOST = 300
VARIANTS = 20
SHOWN = 4
LONGEST = 60
LONGER = 1.6
_ENDS = "。；，！？"


def verdicts(material: Material) -> Iterator[tuple[int, Item]]:
    """Yield questions on what a document, or one of its parts, says, where something else could be believed."""
    found: dict[str, list[Change]] = defaultdict(list)
    for change in islice(changes(material), CHANGES_MOST):
        if change.asked.end - change.asked.start <= LONGEST:
            found[change.asked.word.statement.text.record.id].append(change)
    for identity, several in found.items():
        text = material.text(identity)
        for part in (None, *text.sections):
            inside = [one for one in several if part is None or part.start <= one.asked.start < part.end]
            name = Part(text.record.title) if part is None else called(text, part)
            if name and len(inside) >= SHOWN:
                yield from _asked(material, (text, part), name, inside)


def _asked(
    material: Material, where: tuple[Text, Section | None], name: Part, several: Sequence[Change]
) -> Iterator[tuple[int, Item]]:
    text, part = where
    for variant in range(VARIANTS):
        rng = random.Random(f"{material.seed}|verdict|{text.record.id}|{part.start if part else -1}|{variant}")
        chosen = _together(rng.sample(list(several), len(several)))
        if len(chosen) == SHOWN:
            item = _item(text, name, chosen, rng)
            if item:
                yield 1, item


def _together(several: Sequence[Change]) -> list[Change]:
    """Return some of the changes, of statements that are about as long and tell nothing of one another."""
    chosen: list[Change] = []
    for change in several:
        if all(_apart(change, one) and _apart(one, change) for one in chosen):
            chosen.append(change)
        if len(chosen) == SHOWN:
            break
    return chosen


def _apart(one: Change, other: Change) -> bool:
    """Say whether the statement of `one` neither is on the place of `other`'s, nor holds what is changed in it."""
    here, there = one.asked, other.asked
    words = letters(one.said)
    sized = here.end - here.start <= LONGER * (there.end - there.start)
    told = any(letters(word) in words for word in (there.word.text, other.other) if not word[0].isdigit())
    return sized and not told and (here.end <= there.start or there.end <= here.start)


def _item(text: Text, name: Part, chosen: Sequence[Change], rng: random.Random) -> Item | None:
    """Return the question on some statements, of which one or two are changed."""
    wrong = set(rng.sample(range(len(chosen)), rng.choice((1, 2))))
    options = tuple((one.changed if n in wrong else one.said).rstrip(_ENDS) for n, one in enumerate(chosen))
    quotes = tuple(text.quote(one.asked.start, one.asked.start + len(one.said.rstrip(_ENDS))) for one in chosen)
    right = [words for n, words in enumerate(options) if n not in wrong]
    if stands_out(right, [options[n] for n in wrong]):
        return None
    answer = tuple(LETTERS[n] for n in range(len(options)) if n not in wrong)
    tested = tuple(_place(quotes[n]) for n in range(len(options)) if n not in wrong)
    note = "".join(f"原文是：{quotes[n].text}。" for n in sorted(wrong))
    gap = Piece(Role.GAP, CHOICE), Piece(Role.STOP, "。")
    stem = asking(f"{STATED}中，符合", *name.pieces, "原文的有", *gap, form=StemForm.STATEMENTS)
    source = text.quote(min(one.start for one in quotes), max(one.end for one in quotes))
    return item_of(ItemKind.MULTIPLE, Difficulty.HARD, stem, answer, source, options, quotes, tested, note)


def _place(quote: Quote) -> tuple[str, int, int]:
    return quote.document_id, quote.start, quote.end
