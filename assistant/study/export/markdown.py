"""A pack as Markdown with its sources as footnotes ([^1]), as `exporting` does for conversations."""

from assistant.escaping import escape
from assistant.study.export.blocks import Block, Sort, blocks
from assistant.study.export.labels import cited, one_line
from assistant.study.pack import Pack


def as_markdown(pack: Pack) -> str:
    """Return the whole pack, every quote with a footnote that gives its words and its place."""
    notes: dict[str, int] = {}
    lines = [line for block in blocks(pack) for line in _lines(block, notes)]
    footnotes = [f"[^{number}]: {_plain(note)}" for note, number in notes.items()]
    return "\n".join([*lines, "", *footnotes]).strip() + "\n"


def _lines(block: Block, notes: dict[str, int]) -> list[str]:
    words = _plain(block.text)
    if block.sort is Sort.TITLE:
        return [f"# {words}", ""]
    if block.sort is Sort.HEADING:
        return ["", f"{'#' * (block.level + 1)} {words}", ""]
    if block.sort is Sort.LINE:
        return [f"> {words}  "]
    mark = f"**{_plain(block.mark)}** " if block.mark else ""
    references = "".join(f"[^{notes.setdefault(note, len(notes) + 1)}]" for note in cited(block.quotes))
    return [f"{'    ' * (block.level - 1)}- {mark}{words}{references}"]


def _plain(text: str) -> str:
    return escape(one_line(text))
