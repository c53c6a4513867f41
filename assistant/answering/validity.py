"""Which documents replace which, as the catalogue says, among those of one index.

A document of the same title and a later date is no successor by that: staff say what replaces what.
"""

from collections.abc import Collection, Iterable

from assistant.index.records import DocumentRecord

REPLACED = "已被替代"
OUT_OF_FORCE = frozenset({"已废止", "已修改", "尚未生效", REPLACED})


class Validity:
    """What replaces the documents of one index; a successor that is not in it is none."""

    def __init__(self, records: Iterable[DocumentRecord] = ()) -> None:
        by_path = {record.path: record for record in records}
        found = {r.number: by_path.get(r.replaced_by) for r in by_path.values() if r.replaced_by}
        self._next = {number: successor for number, successor in found.items() if successor}

    def after(self, document: DocumentRecord) -> tuple[DocumentRecord, ...]:
        """Return what replaces `document`, and what replaces that, and so on: the one that holds comes last."""
        found = [document]
        while (successor := self._next.get(found[-1].number)) and successor not in found:
            found.append(successor)
        return tuple(found[1:])

    def current_first(self, documents: Iterable[DocumentRecord]) -> list[DocumentRecord]:
        """Return `documents`, each once, with those that others of them replace behind the others."""
        given = list(dict.fromkeys(documents))
        numbers = {document.number for document in given}
        return sorted(given, key=lambda d: any(later.number in numbers for later in self.after(d)))

    def newer(self, documents: Iterable[DocumentRecord], among: Collection[str] | None) -> list[str]:
        """Return the ids of what replaces any of `documents`, of those `among` alone where that is given."""
        found = {later.id for document in documents for later in self.after(document)}
        return sorted(found if among is None else found.intersection(among))

    def holding(self, documents: Iterable[DocumentRecord]) -> list[DocumentRecord]:
        """Return those of `documents` that no other one of them replaces, of which those in force where any is."""
        given = list(dict.fromkeys(documents))
        numbers = {document.number for document in given}
        last = [d for d in given if not any(later.number in numbers for later in self.after(d))]
        return [document for document in last if in_force(document)] or last


def validity_of(document: DocumentRecord) -> str | None:
    """Return what the catalogue says of a document's validity; what is replaced does not hold, whatever it says."""
    replaced = document.replaced_by is not None and document.validity not in OUT_OF_FORCE
    return REPLACED if replaced else document.validity


def in_force(document: DocumentRecord) -> bool:
    """Say whether a document holds, as far as the catalogue says."""
    return validity_of(document) not in OUT_OF_FORCE


def remark(validity: str | None, successor: str | None = None) -> str:
    """Return what is said of a document that is not in force, with the title of its successor; "" of another."""
    notes = [validity if validity in OUT_OF_FORCE else "", f"见《{successor}》" if successor else ""]
    return "，".join(filter(None, notes))


def marked(title: str, validity: str | None, successor: str | None = None, date: str | None = None) -> str:
    """Return a title in book marks, behind it in one pair of brackets the date and what is said of its validity."""
    notes = "，".join(filter(None, [date, remark(validity, successor)]))
    return f"《{title}》（{notes}）" if notes else f"《{title}》"


def listed(documents: Iterable[tuple[str, str | None, str | None]]) -> str:
    """Return titles, each once, to stand in brackets; given are title, validity and the title of the successor."""
    given = [(title, remark(validity, successor)) for title, validity, successor in dict.fromkeys(documents)]
    between = "；" if any(note for _, note in given) else ""
    return between.join(f"《{title}》" + (f"，{note}" if note else "") for title, note in given)


def caveat(validities: Iterable[str | None]) -> str:
    """Return what is said of an answer of which no quote is from a document in force; "" of another."""
    found = dict.fromkeys(validities)
    lapsed = [validity for validity in found if validity in OUT_OF_FORCE]
    return f"（引自{'、'.join(lapsed)}的文件，仅供参考）" if lapsed and len(lapsed) == len(found) else ""
