"""What is read closely in a session: paragraphs of each section, as many as can be read in the time."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from assistant.documents.splitting import PATH_JOIN, Paragraph, Section
from assistant.study.outline.salience import spread
from assistant.study.pack import GAP, Item, Reading
from assistant.study.source.texts import Text

READINGS_MOST = 12
TITLE_LONGEST = 24


@dataclass(frozen=True)
class Part:
    """The paragraphs of a document that stand in one of its outermost sections, one behind the other."""

    text: Text
    section: Section | None
    paragraphs: tuple[Paragraph, ...]

    @property
    def characters(self) -> int:
        """How long it is."""
        return sum(paragraph.end - paragraph.start for paragraph in self.paragraphs)


def parts_of(text: Text) -> list[Part]:
    """Return what may be used of a document by its outermost sections; below a lone title, by those under it."""
    used = {sentence.paragraph for sentence in text.sentences}
    paragraphs = [paragraph for paragraph in text.paragraphs if paragraph.number in used]
    roots = [section for section in text.sections if section.parent is None]
    level = {section.number for section in roots}
    if len(roots) == 1:
        level |= {section.number for section in text.sections if section.parent == roots[0].number and section.title}
    parents = {section.number: section.parent for section in text.sections}

    def outer(paragraph: Paragraph) -> int | None:
        at: int | None = paragraph.section
        while at is not None and at not in level:
            at = parents[at]
        return at

    grouped = ((number, tuple(group)) for number, group in groupby(paragraphs, key=outer))
    return [Part(text, None if number is None else text.sections[number], group) for number, group in grouped]


def chosen(parts: Sequence[Part], items: Sequence[Item], characters: int, most: int) -> tuple[Reading, ...]:
    """Return up to `most` readings of `characters` in all, in the order of the documents.

    What fits whole is read whole, section by section. Else the sections that most questions are from come first, and
    of each is read where most of them are from; of sections without questions some are taken, evenly.
    """
    most = max(1, min(most, READINGS_MOST))
    whole = sum(part.characters for part in parts)
    if whole <= characters:
        return tuple(_reading(one.text, one.paragraphs) for one in _joined(parts, whole // READINGS_MOST))
    room = max(characters // most, 1)
    asked = Counter((item.source.document_id, item.source.paragraph) for item in items)
    pieces = [piece for part in _joined(parts, room // 2) for piece in _cut(part, max(room, whole // most))]
    best = [_best(piece, asked, room) for piece in pieces]
    ranked = sorted((n for n in range(len(best)) if best[n][0]), key=lambda n: (-best[n][0], n))
    taken = ranked[:most]
    silent = [n for n in range(len(best)) if not best[n][0]]
    taken += [silent[n] for n in spread([0.0] * len(silent), most - len(taken))] if len(taken) < most else []
    readings, left = list[Reading](), characters
    for number in sorted(taken):
        reading = _reading(pieces[number].text, best[number][1])
        if reading.characters <= left or not readings:
            readings.append(reading)
            left -= reading.characters
    return tuple(readings)


def _joined(parts: Sequence[Part], least: int) -> list[Part]:
    """Return the parts, short neighbours of one document as one."""
    found: list[Part] = []
    for part in parts:
        last = found[-1] if found else None
        if last and last.text is part.text and last.characters < least and part.characters < least:
            found[-1] = Part(last.text, last.section, (*last.paragraphs, *part.paragraphs))
        else:
            found.append(part)
    return found


def _cut(part: Part, most: int) -> list[Part]:
    """Return a part in pieces of `most` characters."""
    found: list[list[Paragraph]] = [[]]
    size = 0
    for paragraph in part.paragraphs:
        if size >= most:
            found.append([])
            size = 0
        found[-1].append(paragraph)
        size += paragraph.end - paragraph.start
    return [Part(part.text, part.section, tuple(group)) for group in found]


def coverage(parts: Sequence[Part], read: Sequence[Reading]) -> str:
    """Return what is said of the readings: how much of the whole they are, and what is left to read alone."""
    whole = sum(part.characters for part in parts)
    said = sum(one.characters for one in read)
    if said >= whole:
        return "逐段精读全文，结合提纲和重要提法讲解。"
    numbers: dict[str, set[int]] = defaultdict(set)
    for one in read:
        numbers[one.document_id] |= set(range(one.first, one.last + 1))
    touched = sum(any(p.number in numbers[part.text.record.id] for p in part.paragraphs) for part in parts)
    share = max(1, round(100 * said / whole))
    left = f"其余 {len(parts) - touched} 部分没有安排，" if touched < len(parts) else ""
    over = f"材料共 {len(parts)} 部分、{whole} 字，" if len(parts) > 1 else f"材料共 {whole} 字，"
    where = f"精读其中 {touched} 部分的重点段落" if len(parts) > 1 else "精读其中的重点段落"
    return f"{over}{where}，共 {said} 字（约 {share}%）；{left}没有读到的请课后自读。"


def _best(part: Part, asked: Counter[tuple[str, int]], room: int) -> tuple[float, tuple[Paragraph, ...]]:
    """Return the run of paragraphs of a part, `room` long or a little more, that most questions are from."""
    paragraphs, best = part.paragraphs, (-1.0, part.paragraphs[:1])
    identity = part.text.record.id
    for first in range(len(paragraphs)):
        size, questions, last = 0, 0, first
        while last < len(paragraphs):
            size += paragraphs[last].end - paragraphs[last].start
            if size > room and last > first:
                break
            questions += asked[identity, paragraphs[last].number]
            last += 1
        score = float(questions)
        if score > best[0]:
            best = (score, paragraphs[first:last])
    return best


def _reading(text: Text, paragraphs: Sequence[Paragraph]) -> Reading:
    first, last = paragraphs[0], paragraphs[-1]
    said = sum(paragraph.end - paragraph.start for paragraph in paragraphs)
    record = text.record
    return Reading(record.id, record.title, _named(text, first, last), first.number, last.number, said)


def _named(text: Text, first: Paragraph, last: Paragraph) -> str:
    """Return the sections around some paragraphs as a reader knows them, by mark and title: 二、重点工作.

    Where they have none in common the first and the last are named.
    """
    one, other = _around(text, first.section), _around(text, last.section)
    common = [number for number in one if number in other]
    if common or not (one and other):
        return PATH_JOIN.join(_name(text.sections[number]) for number in common)
    return " 至 ".join(_name(text.sections[numbers[0]]) for numbers in (one, other))


def _around(text: Text, number: int | None) -> list[int]:
    """Return the sections around a place, the outermost first, without the title of the whole document."""
    found: list[int] = []
    while number is not None:
        found.append(number)
        number = text.sections[number].parent
    alone = sum(section.parent is None for section in text.sections) == 1
    kept = found[:-1] if alone and found[1:] else found
    return [number for number in reversed(kept) if text.sections[number].label]


def _name(section: Section) -> str:
    """Return a section's mark with its title, whole or without what is behind its first words."""
    blank = "" if section.label.endswith(("、", "）", ")", "．", ".")) else " "
    title = section.title if len(section.title) <= TITLE_LONGEST else section.title[:TITLE_LONGEST] + GAP
    return f"{section.label}{blank}{title}".strip()
