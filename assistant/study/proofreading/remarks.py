"""What stands out in the wording of documents: variants, doubled or missing characters, unpaired marks.

Remarks are for a reader who stumbles; no source is changed, and what may be right is left alone.
"""

from collections.abc import Iterator, Sequence

from assistant.answering.sentences.question_terms import Words
from assistant.study.pack import Quote, Remark, RemarkKind
from assistant.study.proofreading.slips import doubled, omitted, unpaired
from assistant.study.proofreading.variants import Variants, missing, spellings, variants
from assistant.study.source.texts import Text
from assistant.study.source.word_boundaries import BoundedText, Rarity, bundled_words, cut

AS_WRITTEN = "（原文如此）"
MOST_OF_A_KIND = 50
AROUND = 6


def remarks(texts: Sequence[Text], words: Words | None = None) -> tuple[Remark, ...]:
    """Return what a reader may stumble over, in the order of the source.

    `words` are the service's; the bundled ones where not given.
    """
    known = words or bundled_words()
    cuts = [cut(text, known) for text in texts]
    rarity = Rarity(cuts, known.background)
    groups = variants(cuts, rarity)
    known_pairs = {word for group in groups for word in group.counts}
    spelt = [one for one in spellings(cuts) if not known_pairs & set(one.counts)]
    found = [
        *map(_variant, [*groups, *spelt]),
        *_omitted(cuts, rarity),
        *_missing(cuts, groups),
        *_doubled(cuts),
        *_unpaired(texts),
    ]
    order = {text.record.id: at for at, text in enumerate(texts)}
    found.sort(key=lambda remark: (order[remark.places[0].document_id], remark.places[0].start))
    return tuple(_limited(found))


def _limited(found: Sequence[Remark]) -> Iterator[Remark]:
    """Yield no more of a kind than anybody reads."""
    for at, remark in enumerate(found):
        if sum(one.kind is remark.kind for one in found[:at]) < MOST_OF_A_KIND:
            yield remark


def _variant(group: Variants) -> Remark:
    said = "、".join(f"“{word}”（{count}处）" for word, count in group.counts.items())
    places = tuple(place.cut.text.quote(place.start, place.end) for place in group.places)
    return Remark(RemarkKind.VARIANT, f"同样的话里写法不一：{said}{AS_WRITTEN}", places)


def _missing(cuts: Sequence[BoundedText], groups: Sequence[Variants]) -> Iterator[Remark]:
    for one in missing(cuts, groups):
        quote = one.place.cut.text.quote(one.place.start, one.place.end)
        note = f"别处写作“{one.whole}”（{one.times}处），此处没有“{one.character}”字{AS_WRITTEN}"
        yield Remark(RemarkKind.MISSING, note, (quote,))


def _omitted(cuts: Sequence[BoundedText], rarity: Rarity) -> Iterator[Remark]:
    for one in omitted(cuts, rarity):
        quote = one.place.cut.text.quote(one.place.start, one.place.end)
        note = f"别处写作“{one.whole}”（{one.times}处），此处没有“{one.character}”字{AS_WRITTEN}"
        yield Remark(RemarkKind.MISSING, note, (quote,))


def _doubled(cuts: Sequence[BoundedText]) -> Iterator[Remark]:
    for one, start, end in doubled(cuts):
        half = one.read[start : (start + end) // 2]
        yield Remark(RemarkKind.DOUBLED, f"“{half}”连写了两次{AS_WRITTEN}", (_around(one.text, start, end),))


def _unpaired(texts: Sequence[Text]) -> Iterator[Remark]:
    for text in texts:
        for one in unpaired(text):
            note = f"“{one.mark}”没有与之成对的“{one.other}”{AS_WRITTEN}"
            yield Remark(RemarkKind.UNPAIRED, note, (_around(text, one.at, one.at + 1),))


def _around(text: Text, start: int, end: int) -> Quote:
    """Return the words with a few characters on both sides, within their paragraph."""
    paragraph = text.paragraph_at(start)
    return text.quote(max(start - AROUND, paragraph.start), min(end + AROUND, paragraph.end))
