"""A pack as plain lines for a terminal, each with its places behind it."""

from assistant.study.export.blocks import Sort, blocks, where
from assistant.study.export.labels import one_line
from assistant.study.pack import Pack


def as_text(pack: Pack) -> str:
    """Return the whole pack."""
    lines: list[str] = []
    for block in blocks(pack):
        if block.sort is Sort.HEADING:
            lines.append("")
        indent = "  " * block.level if block.sort is Sort.POINT else ""
        behind = f"  〔{found}〕" if (found := where(block)) else ""
        lines.append(f"{indent}{block.mark and block.mark + ' '}{one_line(block.text)}{behind}")
    return "\n".join(lines)
