"""Whether the source proves a question: its answer is found anew in the texts, without what made it.

Put into the blank, the answer must give words of the source at their place, and no other words of the texts
may fit there; a wrong option must give words that are said nowhere; a changed statement must be said nowhere,
and the words that the note names must make it the source's again.
"""

import re
from collections.abc import Sequence

from assistant.language.glossary import Glossary
from assistant.language.numerals import in_digits
from assistant.study.pack import BLANK, CHOICE, LETTERS, RIGHT, WRONG, Item, ItemKind, Quote, title_prefix
from assistant.study.questions.kinds.ordering import opening
from assistant.study.source.said import SourceText, letters
from assistant.study.source.texts import Text
from assistant.study.stem import Role, Stem, StemForm
from assistant.study.stem_recovery import stem_of

CONTEXT = 5
KEPT_LEAST = 6
_NUMBER = re.compile("[0-9.,万亿]+|[一二两三四五六七八九十百千万]+")


class Verifier:
    """Proves questions from texts; making it reads them once."""

    def __init__(self, texts: Sequence[Text], glossary: Glossary | None = None) -> None:
        """Keep the texts by id."""
        self._texts = {text.record.id: text for text in texts}
        self._said = SourceText(texts, glossary or Glossary())
        self._ways = {
            ItemKind.FILL: self._fill,
            ItemKind.SINGLE: self._single,
            ItemKind.MULTIPLE: self._multiple,
            ItemKind.JUDGE: self._judge,
            ItemKind.ORDER: self._order,
            ItemKind.SHORT: self._open,
            ItemKind.DISCUSS: self._open,
        }

    def proves(self, item: Item) -> bool:
        """Say whether the texts prove `item`."""
        stem = stem_of(item)
        verbatim = all(self._verbatim(quote) for quote in (item.source, *item.further)) and self._stands(item, stem)
        return verbatim and bool(item.stem) and bool(item.answer) and self._ways[item.kind](item, stem)

    def _verbatim(self, quote: Quote) -> bool:
        text = self._texts.get(quote.document_id)
        return text is not None and text.text[quote.start : quote.end] == quote.text != ""

    def _stands(self, item: Item, stem: Stem) -> bool:
        """Say whether the source words of a stem stand at their places, and it names no other document."""
        text, named = self._texts[item.source.document_id].text, title_prefix(item.source.document, True)
        return all(
            text.startswith(one.text, one.start) if one.role is Role.SOURCE and one.start is not None
            else one.role is not Role.DOCUMENT or one.text == named
            for one in stem.pieces
        )  # fmt: skip

    def _fill(self, item: Item, stem: Stem) -> bool:
        parts = stem.around
        if len(parts) != len(item.answer) + 1 or len(item.answer) > 2 or any(BLANK in part for part in parts):
            return False
        whole = "".join(part + word for part, word in zip(parts, (*item.answer, ""), strict=True))
        starts = [sum(map(len, parts[: n + 1])) + sum(map(len, item.answer[:n])) for n in range(len(item.answer))]
        places = [(starts[n], starts[n] + len(word)) for n, word in enumerate(item.answer)]
        at = self._at(item, whole, places)
        left = [part for part in parts if part]
        told = any(_tells(part, word) for part in left for word in item.answer)
        return at and not told and all(self._only(item, n, parts) for n in range(len(item.answer)))

    def _only(self, item: Item, number: int, parts: Sequence[str]) -> bool:
        """Say whether nothing else stands anywhere between the same words as the answer of a blank."""
        left, right = _tail(parts[number]), _head(parts[number + 1])
        if len(left) + len(right) < 4 or not (left and right):
            return True
        between = re.compile(f"{re.escape(left)}([^，。；：！？\n]{{1,16}}?){re.escape(right)}")
        found = {m.group(1) for text in self._texts.values() for m in between.finditer(text.text)}
        return found <= {item.answer[number]}

    def _single(self, item: Item, stem: Stem) -> bool:
        if stem.form is StemForm.SECTION:
            return self._options(item) and self._belonging(item, stem)
        if stem.gaps != 1 or len(item.answer) != 1 or not self._options(item):
            return False
        right = item.options[LETTERS.index(item.answer[0])]
        before, behind = stem.around
        place = (len(before), len(before) + len(right))
        wrong = [option for option in item.options if option != right]
        return (
            CHOICE not in before + behind
            and self._at(item, before + right + behind, [place])
            and not _tells(before, right)
            and not _tells(behind, right)
            and not any(self._said.says(before + other + behind) for other in wrong)
            and not any(self._said.same(right, other) for other in wrong if not _NUMBER.fullmatch(other))
        )

    def _multiple(self, item: Item, stem: Stem) -> bool:
        chosen, wrong = _chosen(item)
        if stem.gaps != 1 or len(chosen) < 2 or not wrong or not self._options(item):
            return False
        if stem.form is StemForm.STATEMENTS:
            return self._stated(item)
        if stem.form is StemForm.SECTION:
            return self._belonging(item, stem)
        words = [self._words(place) for place in item.tested]
        before, behind = stem.around
        text = self._texts[item.source.document_id].text
        around = text[item.source.start : item.source.end]
        return (
            sorted(words) == sorted(chosen)
            and CHOICE not in before + behind
            and before in around
            and behind in around
            and not any(other in around or letters(other) in letters(around) for other in wrong)
            and not any(self._said.same(right, other) for right in chosen for other in wrong)
            and not any(option in before + behind for option in item.options)
        )

    def _stated(self, item: Item) -> bool:
        """Say whether the right options are what the source says and the wrong ones are said nowhere."""
        pairs = list(zip(LETTERS, item.options, item.further, strict=False))
        right = [quote for letter, option, quote in pairs if letter in item.answer and option == quote.text]
        wrong = [option for letter, option, _ in pairs if letter not in item.answer and not self._said.says(option)]
        places = tuple((quote.document_id, quote.start, quote.end) for quote in right)
        return len(right) + len(wrong) == len(item.options) == len(item.further) and places == item.tested

    def _belonging(self, item: Item, stem: Stem) -> bool:
        """Say whether the right options stand in the part that the stem names and the wrong ones in none of it."""
        text, name, (chosen, wrong) = self._texts[item.source.document_id], stem.section, _chosen(item)
        parts = [s for s in text.sections if text.text.startswith(name, s.start) or opening(text, s).text == name]
        if not name or len(parts) != 1 or sorted(self._words(place) for place in item.tested) != sorted(chosen):
            return False
        part = letters(text.text[parts[0].start : parts[0].end])
        inside = all(parts[0].start <= start and end <= parts[0].end for _, start, end in item.tested)
        return inside and not any(letters(option) in part for option in wrong)

    def _judge(self, item: Item, stem: Stem) -> bool:
        original = item.further[0] if item.further else None
        if original is None or not stem.judged or item.answer not in ((RIGHT,), (WRONG,)):
            return False
        before, behind = stem.around
        start, end = original.start - len(before), original.end + len(behind)
        text = self._texts[item.source.document_id].text
        stands = text[start:end] == before + original.text + behind
        if not stands or start < item.source.start or end > item.source.end:
            return False
        if item.answer == (RIGHT,):
            return stem.judged == original.text
        kept = len(letters(before + behind)) >= KEPT_LEAST
        return kept and stem.judged != original.text and not self._said.says(before + stem.judged + behind)

    def _order(self, item: Item, stem: Stem) -> bool:
        places = [item.further[LETTERS.index(letter)] for letter in item.answer]
        shown = [quote.text for quote in item.further]
        rising = all(
            a.start < b.start and a.document_id == b.document_id for a, b in zip(places, places[1:], strict=False)
        )
        once = len(set(item.answer)) == len(item.answer) == len(item.options)
        given = [LETTERS.index(letter) for letter in item.answer] == list(range(len(item.answer)))
        return rising and once and not given and list(item.options) == shown and self._options(item)

    def _open(self, item: Item, stem: Stem) -> bool:
        return item.answer == tuple(quote.text for quote in item.further) and len(set(item.answer)) == len(item.answer)

    def _options(self, item: Item) -> bool:
        """Say whether the options are different, and the letters of the answer theirs."""
        plain = [letters(option) for option in item.options]
        known = all(letter in LETTERS[: len(plain)] for letter in item.answer)
        return known and len(set(plain)) == len(plain) and all(plain)

    def _at(self, item: Item, whole: str, places: Sequence[tuple[int, int]]) -> bool:
        """Say whether the source holds `whole`, and what is tested stands at these places of it."""
        text = self._texts[item.source.document_id].text
        start = item.tested[0][1] - places[0][0] if item.tested else -1
        stands = start >= item.source.start and text[start : start + len(whole)] == whole
        inside = stands and start + len(whole) <= item.source.end
        wanted = tuple((item.source.document_id, start + a, start + b) for a, b in places)
        return inside and wanted == item.tested

    def _words(self, place: tuple[str, int, int]) -> str:
        text = self._texts.get(place[0])
        return text.text[place[1] : place[2]] if text else ""


def proves(item: Item, texts: Sequence[Text], glossary: Glossary | None = None) -> bool:
    """Say whether `texts` prove `item`; for many questions make one `Prover`."""
    return Verifier(texts, glossary).proves(item)


def _chosen(item: Item) -> tuple[list[str], list[str]]:
    """Return the right options and the wrong ones."""
    chosen = [item.options[LETTERS.index(letter)] for letter in item.answer]
    return chosen, [option for option in item.options if option not in chosen]


def _tells(words: str, answer: str) -> bool:
    """Say whether words of the stem hold the answer; a number only where it stands as one."""
    number = in_digits(answer)
    if re.fullmatch("[0-9.,]+", number):
        return bool(re.search(rf"(?<![0-9.]){re.escape(number)}(?![0-9.])", in_digits(words)))
    return answer in words or number in in_digits(words)


def _tail(words: str) -> str:
    return words[-CONTEXT:]


def _head(words: str) -> str:
    return words[:CONTEXT]
