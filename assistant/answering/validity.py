"""Document validity and succession: which documents of one index replace which, as the catalogue says.

A later document of the same title is not a successor by that alone: staff enter what replaces what.
"""

from collections.abc import Collection, Iterable

from assistant.index.records import DocumentRecord

REPLACED = "已被替代"
OUT_OF_FORCE = frozenset({"已废止", "已修改", "尚未生效", REPLACED})


class Validity:
    """The successors of the documents of one index; a successor that is not in the index is ignored."""

    def __init__(self, records: Iterable[DocumentRecord] = ()) -> None:
        by_path = {record.path: record for record in records}
        found = {r.number: by_path.get(r.replaced_by) for r in by_path.values() if r.replaced_by}
        self._next = {number: successor for number, successor in found.items() if successor}

    def after(self, document: DocumentRecord) -> tuple[DocumentRecord, ...]:
        """Return the successors of `document`, the nearest first and the one in force last."""
        found = [document]
        while (successor := self._next.get(found[-1].number)) and successor not in found:
            found.append(successor)
        return tuple(found[1:])

    def current_first(self, documents: Iterable[DocumentRecord]) -> list[DocumentRecord]:
        """Return `documents`, each once, those that others of them replace moved behind the rest."""
        given = list(dict.fromkeys(documents))
        numbers = {document.number for document in given}
        return sorted(given, key=lambda d: any(later.number in numbers for later in self.after(d)))

    def newer(self, documents: Iterable[DocumentRecord], among: Collection[str] | None) -> list[str]:
        """Return the ids of the successors of any of `documents`, limited to the ids in `among` if given."""
        found = {later.id for document in documents for later in self.after(document)}
        return sorted(found if among is None else found.intersection(among))

    def holding(self, documents: Iterable[DocumentRecord]) -> list[DocumentRecord]:
        """Return the `documents` that no other of them replaces; of these only those in force, if any is."""
        given = list(dict.fromkeys(documents))
        numbers = {document.number for document in given}
        last = [d for d in given if not any(later.number in numbers for later in self.after(d))]
        return [document for document in last if in_force(document)] or last


def validity_of(document: DocumentRecord) -> str | None:
    """Return a document's validity from the catalogue; one in force that has a successor counts as replaced."""
    replaced = document.replaced_by is not None and document.validity not in OUT_OF_FORCE
    return REPLACED if replaced else document.validity


def in_force(document: DocumentRecord) -> bool:
    """Say whether a document is in force, as far as the catalogue says."""
    return validity_of(document) not in OUT_OF_FORCE


def remark(validity: str | None, successor: str | None = None) -> str:
    """Return the remark on a document that is not in force, with its successor's title; "" for one in force."""
    notes = [validity if validity in OUT_OF_FORCE else "", f"见《{successor}》" if successor else ""]
    return "，".join(filter(None, notes))


def marked(title: str, validity: str | None, successor: str | None = None, date: str | None = None) -> str:
    """Return a title in 《》, followed in one pair of brackets by its date and the remark on its validity."""
    notes = "，".join(filter(None, [date, remark(validity, successor)]))
    return f"《{title}》（{notes}）" if notes else f"《{title}》"


def listed(documents: Iterable[tuple[str, str | None, str | None]]) -> str:
    """Return titles, each once, as text for brackets; given are (title, validity, title of the successor)."""
    given = [(title, remark(validity, successor)) for title, validity, successor in dict.fromkeys(documents)]
    between = "；" if any(note for _, note in given) else ""
    return between.join(f"《{title}》" + (f"，{note}" if note else "") for title, note in given)


def caveat(validities: Iterable[str | None]) -> str:
    """Return the caveat for an answer none of whose quotes is from a document in force; "" for any other."""
    found = dict.fromkeys(validities)
    lapsed = [validity for validity in found if validity in OUT_OF_FORCE]
    return f"（引自{'、'.join(lapsed)}的文件，仅供参考）" if lapsed and len(lapsed) == len(found) else ""
