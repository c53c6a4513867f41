"""Word documents made for tests."""

import io

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from assistant.documents.docx import read_docx


class Word:
    """Builds a Word document with python-docx, and what python-docx cannot with XML."""

    def __init__(self) -> None:
        self.document = docx.Document()

    def add(self, text: str = "", style: str | None = None, xml: str = "", properties: str = "") -> None:
        paragraph = self.document.add_paragraph(text, style)
        for part in parse_xml(f"<w:p {nsdecls('w', 'wp', 'a')}>{xml}</w:p>") if xml else ():
            paragraph._p.append(part)
        for part in parse_xml(f"<w:pPr {nsdecls('w')}>{properties}</w:pPr>") if properties else ():
            paragraph._p.get_or_add_pPr().append(part)

    def number(self, levels: list[tuple[str, str]], overrides: str = "", abstract: int = 90) -> None:
        """Add the list `abstract` with (numFmt, lvlText) a level, and num `abstract` that uses it."""
        root = self.document.part.numbering_part.element
        inner = "".join(
            f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'
            for n, (kind, text) in enumerate(levels)
        )
        kind = f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{abstract}">{inner}</w:abstractNum>'
        root.insert(0, parse_xml(kind))
        self.use(abstract, abstract, overrides)

    def use(self, number: int, abstract: int, overrides: str = "") -> None:
        link = f'<w:abstractNumId w:val="{abstract}"/>{overrides}'
        root = self.document.part.numbering_part.element
        root.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="{number}">{link}</w:num>'))

    def numbered(self, text: str, level: int = 0, number: int = 90) -> None:
        self.add(text, properties=numbering(number, level))

    def data(self) -> bytes:
        buffer = io.BytesIO()
        self.document.save(buffer)
        return buffer.getvalue()

    def lines(self) -> list[str]:
        return read_docx(self.data()).text.split("\n")


def numbering(number: int, level: int) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
