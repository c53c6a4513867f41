"""A pack as plain lines for a terminal, each with its places behind it."""

from assistant.study.export.blocks import Block, Sort, blocks
from assistant.study.export.labels import one_line, places
from assistant.study.pack import Pack


def as_text(pack: Pack) -> str:
    """Return the whole pack; places in the only document of a pack go without its title."""
    only = f"《{pack.documents[0].title}》" if len(pack.documents) == 1 else ""
    lines: list[str] = []
    for block in blocks(pack):
        if block.sort is Sort.HEADING:
            lines.append("")
        found = places(block.quotes).removeprefix(only)
        lines.append(_line(block) + (f"  〔{found}〕" if found else ""))
    return "\n".join(lines)


def _line(block: Block) -> str:
    indent = "  " * block.level if block.sort is Sort.POINT else ""
    return indent + " ".join(filter(None, [block.mark, one_line(block.text)]))
