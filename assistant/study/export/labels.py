"""What Markdown, the terminal, tables and cards say of places and answers; `parts` holds what all exports say."""

from collections.abc import Iterable
from itertools import groupby

from assistant.study.export.parts import place
from assistant.study.pack import Card, Difficulty, Item, ItemKind, Quote

DIFFICULTY_NAMES = {
    Difficulty.EASY: "易",
    Difficulty.MEDIUM: "中",
    Difficulty.HARD: "难",
    Difficulty.MIXED: "混合",
}


def places(quotes: Iterable[Quote]) -> str:
    """Return where quotes stand, each place once, under the title of each document: 《X》第二 第4段；第三 第6段."""
    found = dict.fromkeys((quote.document_id, quote.document, place(quote, titled=False)) for quote in quotes)
    groups = groupby(found, lambda one: one[:2])
    return "；".join(f"《{title}》" + "；".join(where for *_, where in group) for (_, title), group in groups)


def cited(quotes: Iterable[Quote]) -> list[str]:
    """Return quotes, word for word, each with its place, as lines; equal words of several places are one."""
    by_words: dict[str, list[Quote]] = {}
    for quote in quotes:
        by_words.setdefault(one_line(quote.text.strip()), []).append(quote)
    return [f"“{words}”——{places(same)}" for words, same in by_words.items()]


def answer(item: Item) -> str:
    """Return the answer on one line; of several blanks or marks each with its number."""
    if item.kind in (ItemKind.SINGLE, ItemKind.MULTIPLE, ItemKind.ORDER, ItemKind.JUDGE):
        return "".join(item.answer)
    if len(item.answer) == 1:
        return item.answer[0]
    return "".join(f"（{number}）{words}" for number, words in enumerate(item.answer, 1))


def card_source(card: Card) -> str:
    """Return where the back of a card is from; words that it is from and does not show are quoted."""
    hidden = cited(quote for quote in card.quotes if quote.text not in card.back)
    return "\n".join([*hidden, places(q for q in card.quotes if q.text in card.back)]).strip()


def one_line(text: str) -> str:
    """Return `text` without line ends."""
    return " ".join(text.splitlines())
