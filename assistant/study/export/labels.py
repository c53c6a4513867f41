"""What the exports call things: kinds, difficulties, places, answers."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from assistant.study.pack import Card, Difficulty, FormulationKind, Item, ItemKind, Quote, RemarkKind

FORMULATION_NAMES = {
    FormulationKind.QUOTED: "引号提法",
    FormulationKind.NUMBERED: "数字提法",
    FormulationKind.PARALLEL: "并列提法",
    FormulationKind.PHRASE: "常用词组",
}
REMARK_NAMES = {
    RemarkKind.VARIANT: "写法不一",
    RemarkKind.DOUBLED: "疑有重字",
    RemarkKind.MISSING: "疑有缺字",
    RemarkKind.UNPAIRED: "标点不成对",
}
DIFFICULTY_NAMES = {
    Difficulty.EASY: "易",
    Difficulty.MEDIUM: "中",
    Difficulty.HARD: "难",
    Difficulty.MIXED: "混合",
}
AS_WRITTEN = "原文如此"


def place(quote: Quote) -> str:
    """Return where a quote stands: 《X》第二 第4段."""
    return f"《{quote.document}》{quote.section and quote.section + ' '}第{quote.paragraph}段"


def places(quotes: Iterable[Quote]) -> str:
    """Return where quotes stand, each place once: 《X》第二 第4段；第三 第6段；《Y》第1段."""
    found = dict.fromkeys((q.document_id, q.document, place(q).removeprefix(f"《{q.document}》")) for q in quotes)
    groups = groupby(found, lambda one: one[:2])
    return "；".join(f"《{title}》" + "；".join(where for *_, where in group) for (_, title), group in groups)


def cited(quote: Quote) -> str:
    """Return a quote, word for word, and its place, as one line."""
    return f"“{one_line(quote.text.strip())}”——{place(quote)}"


def answer(item: Item) -> str:
    """Return the answer as a key gives it; of several blanks or marks each with its number."""
    if item.kind in (ItemKind.SINGLE, ItemKind.MULTIPLE, ItemKind.ORDER, ItemKind.JUDGE):
        return "".join(item.answer)
    if len(item.answer) == 1:
        return item.answer[0]
    return "".join(f"（{number}）{words}" for number, words in enumerate(item.answer, 1))


def sources(item: Item) -> tuple[Quote, ...]:
    """Return the quotes that prove an item, each once."""
    return tuple(dict.fromkeys((item.source, *item.further)))


def card_source(card: Card) -> str:
    """Return where the back of a card is from; words that it is from and does not show are quoted."""
    hidden = [cited(quote) for quote in card.quotes if quote.text not in card.back]
    return "\n".join([*dict.fromkeys(hidden), places(q for q in card.quotes if q.text in card.back)]).strip()


def numbers(items: Sequence[Item]) -> dict[str, int]:
    """Return the number in the paper of each item, by its id."""
    return {item.id: number for number, item in enumerate(items, 1)}


def one_line(text: str) -> str:
    """Return `text` without line ends."""
    return " ".join(text.splitlines())
