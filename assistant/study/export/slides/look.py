"""How slides look: 16:9, white, titles in dark red over a thin rule; set in the master, for PowerPoint to change."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pptx.presentation import Presentation

FONT = "微软雅黑"
RED, INK, GREY = "9B1C1F", "262626", "7F7F7F"
WIDTH, HEIGHT = 960, 540  # points, 13⅓ by 7½ inches
TITLE_POINTS, OPENING_POINTS = 26, 36
POINTS = (24, 20, 18)  # of lines by their level
INDENT = 26  # points a level
EMU = 12700  # to a point
BODY_TOP, BODY_HEIGHT = 124, 366
_SIDE, _TITLE_TOP, _TITLE_HEIGHT = 48, 20, 88
_WITHIN = WIDTH - 2 * _SIDE
TEXT_WIDTH = _WITHIN - 15  # a text box keeps 0.1 inch free on each side
_BAND = 250  # height of the title slide's band
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_OPENING, _PLAIN = 0, 1  # of python-pptx's layouts
_TITLE, _BODY, _NUMBER = ("title", "ctrTitle"), ("body", "subTitle"), ("sldNum",)


def dress(made: "Presentation") -> tuple[Any, Any]:
    """Set size, colours, fonts and places in the master; return the layouts of the title slide and of all others."""
    from pptx.util import Pt

    made.slide_width, made.slide_height = Pt(WIDTH), Pt(HEIGHT)
    layouts = list(made.slide_layouts)
    opening, plain = layouts[_OPENING], layouts[_PLAIN]
    for layout in layouts[_PLAIN + 1 :]:
        made.slide_layouts.remove(layout)
    master = made.slide_master
    _set_theme(master.part, {"dk1": INK, "dk2": GREY, "accent1": RED})
    _set_theme(made.notes_master.part, {})
    _set_styles(master.element)
    _put(master, _TITLE, (_SIDE, _TITLE_TOP, _WITHIN, _TITLE_HEIGHT))
    _put(master, _BODY, (_SIDE, BODY_TOP, _WITHIN, BODY_HEIGHT))
    _put(master, _NUMBER, (WIDTH - _SIDE - 120, HEIGHT - 42, 120, 24))
    _draw(master, (_SIDE, _TITLE_TOP + _TITLE_HEIGHT + 4, _WITHIN, 2))
    _draw(plain, (0, 0, WIDTH, 8))
    _draw(opening, (0, 0, WIDTH, _BAND))
    opening.element.set("showMasterSp", "0")
    _put(opening, _TITLE, (_SIDE, 70, _WITHIN, 150))
    _put(opening, _BODY, (_SIDE, _BAND + 28, _WITHIN, HEIGHT - _BAND - 56))
    _set_opening(opening)
    for shapes in (master, opening, plain):
        _drop(shapes, ("dt", "ftr"))
    return opening, plain


def leave_bullet(paragraph: Any, level: int) -> None:
    """Set a paragraph without a bullet, indented by its level."""
    from lxml import etree

    properties = paragraph._p.get_or_add_pPr()
    properties.set("marL", str(INDENT * level * EMU))
    properties.set("indent", "0")
    etree.SubElement(properties, f"{_A}buNone")


def _set_theme(part: Any, colours: Mapping[str, str]) -> None:
    """Name our font for all scripts in the theme of a master, and its colours."""
    from lxml import etree
    from pptx.opc.constants import RELATIONSHIP_TYPE
    from pptx.opc.package import XmlPart

    theme = part.part_related_by(RELATIONSHIP_TYPE.THEME)
    root = theme._element if isinstance(theme, XmlPart) else etree.fromstring(theme.blob)
    for fonts in root.iter(f"{_A}majorFont", f"{_A}minorFont"):
        for font in fonts:
            if font.tag in (f"{_A}latin", f"{_A}ea") or font.get("script") == "Hans":
                font.set("typeface", FONT)
    for name, colour in colours.items():
        (slot,) = root.iter(f"{_A}{name}")
        for old in list(slot):
            slot.remove(old)
        etree.SubElement(slot, f"{_A}srgbClr", val=colour)
    if not isinstance(theme, XmlPart):
        theme._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _set_styles(master: Any) -> None:
    """Set size, colour and bullets of titles and of each level of lines."""
    (title,) = master.iter("{http://schemas.openxmlformats.org/presentationml/2006/main}titleStyle")
    (body,) = master.iter("{http://schemas.openxmlformats.org/presentationml/2006/main}bodyStyle")
    title[0].set("algn", "l")
    _set_words(title[0], TITLE_POINTS, "accent1", bold=True)
    for level, (style, points) in enumerate(zip(body, POINTS, strict=False)):
        style.set("marL", str(INDENT * (level + 1) * EMU))
        style.set("indent", str(-INDENT * EMU))
        style.find(f"{_A}buChar").set("char", "●–·"[level])
        _set_words(style, points, "tx1")
    for fit in list(master.iter(f"{_A}normAutofit")):
        fit.getparent().remove(fit)


def _set_words(style: Any, points: int, colour: str, bold: bool = False) -> None:
    words = style.find(f"{_A}defRPr")
    words.set("sz", str(points * 100))
    words.set("b", "1" if bold else "0")
    for used in words.iter(f"{_A}schemeClr"):
        used.set("val", colour)


def _set_opening(layout: Any) -> None:
    """Set what the title slide has otherwise: a large white title on the band, small grey lines."""
    from pptx.oxml import parse_xml

    for holder in layout.placeholders:
        kind = _kind(holder)
        if kind not in _TITLE + _BODY:
            continue
        points, colour = (OPENING_POINTS, "bg1") if kind in _TITLE else (POINTS[2], "tx2")
        styles = holder._element.txBody.find(f"{_A}lstStyle")
        for old in list(styles):
            styles.remove(old)
        for level in (1, 2, 3):
            styles.append(
                parse_xml(
                    f'<a:lvl{level}pPr xmlns:a="{_A[1:-1]}" marL="0" indent="0" algn="l"><a:buNone/>'
                    f'<a:defRPr sz="{points * 100}"><a:solidFill><a:schemeClr val="{colour}"/></a:solidFill>'
                    f"</a:defRPr></a:lvl{level}pPr>"
                )
            )


def _put(shapes: Any, kinds: tuple[str, ...], box: tuple[int, int, int, int]) -> None:
    """Put the placeholder of one of these kinds in its place, in points from the left top."""
    for holder in shapes.placeholders:
        if _kind(holder) in kinds:
            holder.left, holder.top, holder.width, holder.height = (length * EMU for length in box)


def _drop(shapes: Any, kinds: tuple[str, ...]) -> None:
    for holder in list(shapes.placeholders):
        if _kind(holder) in kinds:
            holder._element.getparent().remove(holder._element)


def _kind(holder: Any) -> str:
    return str(holder._element.ph.get("type", "body"))


def _draw(shapes: Any, box: tuple[int, int, int, int]) -> None:
    """Draw a red rectangle behind everything else."""
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import nsdecls

    left, top, width, height = (length * EMU for length in box)
    tree = shapes.shapes._spTree
    tree.insert(
        2,
        parse_xml(
            f"<p:sp {nsdecls('p', 'a')}><p:nvSpPr>"
            f'<p:cNvPr id="{100 + len(tree)}" name="色块 {len(tree)}"/><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr>'
            f'<p:spPr><a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:schemeClr val="accent1"/></a:solidFill>'
            "<a:ln><a:noFill/></a:ln></p:spPr></p:sp>"
        ),
    )
