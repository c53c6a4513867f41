"""All questions that texts can carry, each proved from its source."""

import random
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, zip_longest

from assistant.language.glossary import Glossary
from assistant.study.pack import Formulation, Item, ItemKind
from assistant.study.questions.kinds.choices import listed, multiples, singles
from assistant.study.questions.kinds.cloze import fills
from assistant.study.questions.kinds.open_questions import discussions, listed_short, shorts, spoken_of
from assistant.study.questions.kinds.ordering import orders
from assistant.study.questions.kinds.section_membership import belonging
from assistant.study.questions.kinds.true_false import judged, opposed, plain
from assistant.study.questions.kinds.which_statements import verdicts
from assistant.study.questions.material.answer_spans import facts_of
from assistant.study.questions.material.material import Material
from assistant.study.questions.verification import Verifier
from assistant.study.source.texts import Text, Used

EACH_MOST = 400

Tiered = Iterator[tuple[int, Item]]


def candidates(
    texts: Sequence[Text], found: Sequence[Formulation], seed: int, glossary: Glossary | None = None
) -> Iterator[Item]:
    """Yield the questions that the texts can carry, of every kind, each of which its source proves.

    Of each kind the best come first, those alike in an order that the seed decides, some hundreds at most.
    `glossary` says what words mean the same, so that none is a wrong option beside the other.
    """
    known = glossary or Glossary()
    material, prover, used = Material(texts, found, seed, known), Verifier(texts, known), Used(texts)
    for kind, made in _made(material).items():
        proved: dict[str, tuple[float, Item]] = {}
        rng = random.Random(f"{seed}|{kind}")
        for tier, item in made:
            if item.id not in proved and used.holds(item) and prover.proves(item):
                proved[item.id] = (tier + rng.random() * 1.2, item)
            if len(proved) == EACH_MOST:
                break
        yield from (item for _, item in sorted(proved.values(), key=lambda pair: pair[0]))


def _made(material: Material) -> dict[ItemKind, Tiered]:
    """Return what makes the questions of each kind, not yet proved."""
    words = material.shuffled(list(material.words), "words")
    facts = material.shuffled([fact for line in material.statements for fact in facts_of(line)], "facts")
    lines = material.shuffled(list(material.statements), "lines")
    texts, lists = list(material.texts), material.shuffled(list(material.listings), "listings")
    series, named = material.shuffled(list(material.series), "series"), list(material.repeated().items())
    return {
        ItemKind.FILL: _in_turn(
            _each(words, lambda one: fills(material, one)), _each(facts, lambda one: fills(material, one))
        ),
        ItemKind.SINGLE: chain(
            _each(words, lambda one: singles(material, one)),
            _each(texts, lambda one: belonging(material, one, ItemKind.SINGLE)),
        ),
        ItemKind.MULTIPLE: _in_turn(
            _each(lists, lambda one: listed(material, one)),
            _each(series, lambda one: multiples(material, one)),
            _each(texts, lambda one: belonging(material, one, ItemKind.MULTIPLE)),
            verdicts(material),
        ),
        ItemKind.JUDGE: _in_turn(
            _each(lines, lambda one: opposed(material, one)),
            _each(words, lambda one: judged(material, one)),
            _each(lines, lambda one: plain(material, one)),
        ),
        ItemKind.ORDER: orders(material),
        ItemKind.SHORT: _in_turn(
            _each(texts, lambda one: shorts(material, one)),
            _each(lists, lambda one: listed_short(material, one)),
            _each(named, lambda one: spoken_of(material, *one)),
        ),
        ItemKind.DISCUSS: _each(lines, lambda one: discussions(material, one)),
    }


def _in_turn(*made: Tiered) -> Tiered:
    """Yield from several sources in turn, so that where only some hundreds are taken each has its part."""
    for several in zip_longest(*made):
        yield from (one for one in several if one is not None)


def _each(things: Sequence, make: Callable) -> Tiered:
    return chain.from_iterable(map(make, things))
