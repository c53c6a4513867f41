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
from assistant.study.questions.material.material import Stock
from assistant.study.questions.verification import Prover
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
    stock, prover, used = Stock(texts, found, seed, known), Prover(texts, known), Used(texts)
    for kind, made in _made(stock).items():
        proved: dict[str, tuple[float, Item]] = {}
        rng = random.Random(f"{seed}|{kind}")
        for tier, item in made:
            if item.id not in proved and used.holds(item) and prover.proves(item):
                proved[item.id] = (tier + rng.random() * 1.2, item)
            if len(proved) == EACH_MOST:
                break
        yield from (item for _, item in sorted(proved.values(), key=lambda pair: pair[0]))


def _made(stock: Stock) -> dict[ItemKind, Tiered]:
    """Return what makes the questions of each kind, not yet proved."""
    words = stock.shuffled(list(stock.words), "words")
    facts = stock.shuffled([fact for line in stock.statements for fact in facts_of(line)], "facts")
    lines = stock.shuffled(list(stock.statements), "lines")
    texts, lists = list(stock.texts), stock.shuffled(list(stock.listings), "listings")
    series, named = stock.shuffled(list(stock.series), "series"), list(stock.repeated().items())
    return {
        ItemKind.FILL: _in_turn(
            _each(words, lambda one: fills(stock, one)), _each(facts, lambda one: fills(stock, one))
        ),
        ItemKind.SINGLE: chain(
            _each(words, lambda one: singles(stock, one)),
            _each(texts, lambda one: belonging(stock, one, ItemKind.SINGLE)),
        ),
        ItemKind.MULTIPLE: _in_turn(
            _each(lists, lambda one: listed(stock, one)),
            _each(series, lambda one: multiples(stock, one)),
            _each(texts, lambda one: belonging(stock, one, ItemKind.MULTIPLE)),
            verdicts(stock),
        ),
        ItemKind.JUDGE: _in_turn(
            _each(lines, lambda one: opposed(stock, one)),
            _each(words, lambda one: judged(stock, one)),
            _each(lines, lambda one: plain(stock, one)),
        ),
        ItemKind.ORDER: orders(stock),
        ItemKind.SHORT: _in_turn(
            _each(texts, lambda one: shorts(stock, one)),
            _each(lists, lambda one: listed_short(stock, one)),
            _each(named, lambda one: spoken_of(stock, *one)),
        ),
        ItemKind.DISCUSS: _each(lines, lambda one: discussions(stock, one)),
    }


def _in_turn(*made: Tiered) -> Tiered:
    """Yield from several sources in turn, so that where only some hundreds are taken each has its part."""
    for several in zip_longest(*made):
        yield from (one for one in several if one is not None)


def _each(things: Sequence, make: Callable) -> Tiered:
    return chain.from_iterable(map(make, things))
