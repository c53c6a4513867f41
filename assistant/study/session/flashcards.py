"""Flashcards from formulations and facts: on the front what is asked, on the back the source's words.

They are of the material and not of the paper, so that they stay true whatever is done to its questions.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from assistant.study.pack import CHOICE, Card, Formulation, Item, ItemKind, Quote
from assistant.study.paper.variety import traits
from assistant.study.source.texts import Text
from assistant.study.stem_recovery import stem_of

CARDS_MOST = 60
FORMULATIONS_MOST = 36
ALIKE_MOST = 2
BACK_LONGEST = 300
_ASKED = (ItemKind.FILL, ItemKind.SHORT)


def cards(found: Sequence[Formulation], items: Sequence[Item], texts: Sequence[Text] = ()) -> tuple[Card, ...]:
    """Return the cards, one a formulation or fact; a formulation is shown with what explains it, or where it stands.

    `items`: questions that the texts carry, the best first. Without `texts`, formulations that nothing explains
    have no card.
    """
    named: dict[str, Card] = {}
    for card in _of_formulations(found, texts):
        named.setdefault(card.back, card)
    made = [*list(named.values())[:FORMULATIONS_MOST], *map(_of_item, _varied(items))]
    return tuple({card.front: card for card in made}.values())[:CARDS_MOST]


def _of_formulations(found: Sequence[Formulation], texts: Sequence[Text]) -> Iterator[Card]:
    by_id = {text.record.id: text for text in texts}
    for one in found:
        listed = () if all(member.text in one.text for member in one.members) else one.members
        quotes = listed or ((one.explained,) if one.explained else ())
        if not quotes and one.places and one.places[0].document_id in by_id:
            sentence = _sentence(by_id[one.places[0].document_id], one.places[0])
            quotes = (sentence,) if sentence else ()
        if quotes:
            asked = "包括哪些内容" if listed else "的含义是什么" if one.explained else "在原文中怎样讲"
            yield Card(f"“{one.text}”{asked}？", _lines(quotes), quotes)


def _sentence(text: Text, place: Quote) -> Quote | None:
    """Return the sentence that a formulation stands in, if it fits on a card."""
    for sentence in text.sentences:
        if sentence.start <= place.start and place.end <= sentence.end:
            return text.quote(sentence.start, sentence.end) if sentence.end - sentence.start <= BACK_LONGEST else None
    return None


def _varied(items: Sequence[Item]) -> Iterator[Item]:
    """Yield the questions to make cards of: few of one sentence, one wording or with one answer."""
    known: Counter[tuple[str, ...]] = Counter()
    tested: set[tuple[str, int, int]] = set()
    for item in items:
        shared = {trait for trait in traits(item) if trait[0] in ("frame", "answer")}
        shared.add(("sentence", item.source.document_id, str(item.source.start)))
        fit = item.kind in _ASKED and stem_of(item).gaps <= 1 and tested.isdisjoint(item.tested)
        if fit and all(known[one] < ALIKE_MOST for one in shared):
            known.update(shared)
            tested.update(item.tested)
            yield item


def _of_item(item: Item) -> Card:
    if item.kind is ItemKind.FILL:
        return Card(stem_of(item).with_gaps(CHOICE), "\n".join(item.answer), (item.source,))
    return Card(item.stem, _lines(item.further), item.further)


def _lines(quotes: Sequence[Quote]) -> str:
    return "\n".join(quote.text for quote in quotes)
