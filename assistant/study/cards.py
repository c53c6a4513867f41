"""Flashcards from formulations and questions: on the front what is asked, on the back the source's words."""

from collections.abc import Iterator, Sequence

from assistant.study.pack import BLANK, Card, Formulation, Item, ItemKind, Quote
from assistant.study.texts import Text

CARDS_MOST = 60
BACK_LONGEST = 300


def cards(found: Sequence[Formulation], items: Sequence[Item], texts: Sequence[Text] = ()) -> tuple[Card, ...]:
    """Return the cards, one a formulation or fact; a formulation is shown with what explains it, or where it stands.

    Without `texts`, formulations that nothing explains have no card.
    """
    made = [*_of_formulations(found, texts), *_of_items(items)]
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


def _of_items(items: Sequence[Item]) -> Iterator[Card]:
    for item in items:
        if item.kind is ItemKind.FILL:
            yield Card(item.stem.replace(BLANK, "（　）"), "\n".join(item.answer), (item.source,))
        elif item.kind is ItemKind.SHORT:
            yield Card(item.stem, _lines(item.further), item.further)


def _lines(quotes: Sequence[Quote]) -> str:
    return "\n".join(quote.text for quote in quotes)
