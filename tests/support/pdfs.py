"""PDFs written here object by object, so that each character's place is known."""

BODY = 16.0
MARGIN, FULL = 80.0, 27  # 27 characters of 16 points from 80 reach 512 of 595 points


Drawn = tuple[float, float, float, str]  # left, bottom, size in points; text


def pdf(pages: list[list[Drawn]], extra: str = "", image: frozenset[int] = frozenset()) -> bytes:
    """Make a PDF: Chinese is 1 em wide, ASCII .5 em; the pages in `image` get a picture."""
    font = (
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H /DescendantFonts ["
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /W [1 95 500 814 939 500] "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> "
        "/FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] "
        "/ItalicAngle 0 /Ascent 752 /Descent -271 /CapHeight 737 /StemV 58 >> >>] >>"
    )
    picture = (
        "<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 "
        "/Length 1 >>\nstream\n0\nendstream"
    )
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", font, picture]
    kids = []
    for number, lines in enumerate(pages, 1):
        drawn = "".join(
            f"BT /F1 {size} Tf {left} {bottom} Td <{text.encode('utf-16-be').hex()}> Tj ET\n"
            for left, bottom, size, text in lines
        )
        drawn += "q 500 0 0 700 40 40 cm /I1 Do Q\n" if number in image else ""
        objects.append(f"<< /Length {len(drawn)} >>\nstream\n{drawn}endstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects)} 0 R "
            "/Resources << /Font << /F1 3 0 R >> /XObject << /I1 4 0 R >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(kids)}] >>"
    return assembled(objects, extra)


def assembled(objects: list[str], extra: str) -> bytes:
    data, offsets = b"%PDF-1.5\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{content}\nendobj\n".encode("ascii")
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    trailer = f"trailer << /Size {size} /Root 1 0 R {extra} >>\nstartxref\n{len(data)}\n%%EOF\n"
    return data + f"xref\n0 {size}\n0000000000 65535 f \n{table}{trailer}".encode("ascii")


def wrapped(paragraphs: list[str], indent: int = 2, top: float = 780, size: float = BODY) -> list[Drawn]:
    """Set paragraphs in lines of `FULL` characters, the first of each indented."""
    lines = []
    for paragraph in paragraphs:
        left, room = MARGIN + indent * size, FULL - indent
        while paragraph:
            lines.append((left, top, size, paragraph[:room]))
            paragraph, left, room, top = paragraph[room:], MARGIN, FULL, top - 28
    return lines


LONG = (
    "第一，始终聚焦“两个维护”，把准政治巡视的定位和方向，推动被巡视党组织和党员干部更加衷心拥护“两个确立”、坚决做到“两个维护”。"
    "要紧扣被巡视党组织职能责任，深入查找政治偏差，督促党组织扛起政治责任。"
)
SECOND = "第二，紧扣巡视重点任务，守正创新、精准监督。"
