"""A mind map of the outlines as SVG: the document at the left, its points as branches to the right, each a link.

Drawn for 1280 pixels, on paper, light and dark. Its colours come from its style sheet; where that is not let in
(a page's content security policy) the map is drawn in the colour of the text around it.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from assistant.study.pack import DocumentOutline, Point, Quote

Link = Callable[[Quote], str]

MARGIN, GAP = 16, 10
COLUMNS = ((16, 150), (206, 300), (546, 340), (926, 338))  # left edge and width of the document and three levels
FONT, LINE, PADDING = 14, 20, 8
LATIN = 0.64  # of a Chinese character's width
SHOWN_MOST = 90  # points of a document
EACH_LEAST = 2  # shown under a point, if not all
CENTRED_MOST = 700  # a taller branch has its node at its top, where it is seen
BETWEEN_DOCUMENTS = 32
COLOURS = 6

_BAD = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BLANK = re.compile(r"\s+")
_TOKEN = re.compile(r"[“‘（《〈「『【〔]*(?:[!-~]+|\s|.)", re.DOTALL)
_NOT_FIRST = "，。；：、！？”’」』）》〉】〕,.;:!?)]…"
_STYLE = """
.mindmap { color-scheme: light dark; background: #fff; color: #1d2733; }
.mindmap .c0 { --ink: #1f5fa8; } .mindmap .c1 { --ink: #a33a2c; } .mindmap .c2 { --ink: #2f7d4f; }
.mindmap .c3 { --ink: #7a4aa0; } .mindmap .c4 { --ink: #97690a; } .mindmap .c5 { --ink: #14717d; }
.mindmap path { stroke: var(--ink, currentColor); stroke-opacity: .7; }
.mindmap rect { fill: var(--ink, currentColor); stroke: var(--ink, currentColor); }
.mindmap a:hover rect, .mindmap a:focus rect { fill-opacity: .22; stroke-opacity: 1; }
@media (prefers-color-scheme: dark) {
  .mindmap { background: #15191e; color: #e7ebf0; }
  .mindmap .c0 { --ink: #7fb4f0; } .mindmap .c1 { --ink: #f09a8c; } .mindmap .c2 { --ink: #82d0a2; }
  .mindmap .c3 { --ink: #c9a4ea; } .mindmap .c4 { --ink: #e3bd67; } .mindmap .c5 { --ink: #74cdd8; }
}
@media print {
  .mindmap { background: #fff; color: #000; }
  .mindmap .c0 { --ink: #1f5fa8; } .mindmap .c1 { --ink: #a33a2c; } .mindmap .c2 { --ink: #2f7d4f; }
  .mindmap .c3 { --ink: #7a4aa0; } .mindmap .c4 { --ink: #97690a; } .mindmap .c5 { --ink: #14717d; }
}
"""
_OPENING = (
    '<svg xmlns="http://www.w3.org/2000/svg" class="mindmap" viewBox="0 0 1280 {height}" width="1280" '
    'height="{height}" role="group" aria-label="思维导图" fill="currentColor" font-size="14" '
    "font-family=\"system-ui, 'Microsoft YaHei', 'PingFang SC', 'Noto Sans CJK SC', sans-serif\">"
)


@dataclass(frozen=True)
class _Node:
    """A box of the map: its words, what it links to, in which column and how high it and its branch are."""

    words: str
    quote: Quote | None
    column: int
    lines: tuple[str, ...]
    below: tuple["_Node", ...] = ()

    @property
    def height(self) -> int:
        return len(self.lines) * LINE + 2 * PADDING

    @property
    def branch(self) -> int:
        """The height that it takes with all that hangs from it."""
        inner = sum(node.branch for node in self.below) + GAP * max(len(self.below) - 1, 0)
        return max(self.height, inner)


def mindmap(found: Sequence[DocumentOutline], link: Link) -> str:
    """Return an SVG document in which each point is a link, `link` of its first quote.

    Three levels of each document are shown; what there is no room for is counted where it would stand.
    """
    parts: list[str] = []
    top = MARGIN
    for outline in found:
        root = _root(outline)
        parts += _drawn(root, top, link)
        top += root.branch + BETWEEN_DOCUMENTS
    height = max(top - BETWEEN_DOCUMENTS, 0) + MARGIN
    return "\n".join([_OPENING.format(height=height), f"<style>{_STYLE}</style>", *parts, "</svg>", ""])


def wrapped(words: str, room: float) -> Iterator[str]:
    """Yield the lines of words, `room` Chinese characters wide, the last of them kept for closing marks.

    No line begins with a closing mark or ends with an opening one.
    """
    line, wide = "", 0.0
    for token in _tokens(words, room):
        if line and wide + _wide(token) > room - 1 and token not in _NOT_FIRST:
            yield line.rstrip()
            line, wide = "", 0.0
        if line or not token.isspace():
            line, wide = line + token, wide + _wide(token)
    if line:
        yield line.rstrip()


def _tokens(words: str, room: float) -> Iterator[str]:
    """Yield what is not parted at the end of a line: Chinese characters, Latin words as far as a line holds them."""
    longest = max(int((room - 1) / LATIN), 1)
    for token in _TOKEN.findall(words):
        yield from (token[at : at + longest] for at in range(0, len(token), longest))


def _wide(words: str) -> float:
    return sum(LATIN if letter.isascii() else 1.0 for letter in words)


def _root(outline: DocumentOutline) -> _Node:
    """Return a document as the node that its points hang from, with as many of them as there is room for."""
    below = _nodes(outline.points, SHOWN_MOST, _room(outline.points), 1)
    first = outline.points[0].quotes[0] if outline.points else None
    rest = (_node(f"另有 {outline.left_out} 项未列入提纲", None, 1),) if outline.left_out else ()
    return _node(outline.title, first, 0, below + rest)


def _room(points: Sequence[Point]) -> dict[int, int]:
    """Return how many of the points under each are shown, by its identity.

    Whole levels, of the first that does not fit the same number under each, if that is more than one.
    """
    shown: dict[int, int] = {}
    level, left = points[:SHOWN_MOST], SHOWN_MOST - len(points)
    for _ in COLUMNS[2:]:
        parents = [point for point in level if point.children]
        if not parents:
            break
        total = sum(len(point.children) for point in parents)
        each = left // len(parents) if total > left else total
        if each < EACH_LEAST and total > left:
            break
        shown |= {id(point): min(each, len(point.children)) for point in parents}
        level = [child for point in parents for child in point.children[:each]]
        left -= len(level)
    return shown


def _nodes(points: Sequence[Point], most: int, shown: dict[int, int], column: int) -> tuple[_Node, ...]:
    """Return the first of some points as nodes with what is shown under them; a last one says how much is not shown."""
    kept, hidden = points[:most], _size(points[most:])
    made = []
    for point in kept:
        below: tuple[_Node, ...] = ()
        if id(point) in shown:
            below = _nodes(point.children, shown[id(point)], shown, column + 1)
        elif point.children and (most < len(points) or column + 1 == len(COLUMNS)):
            hidden += _size(point.children)
        elif point.children:
            below = (_node(f"另有 {_size(point.children)} 项", point.children[0].quotes[0], column + 1),)
        made.append(_node(_words(point), point.quotes[0], column, below))
    at = points[most:] or points[-1:]
    rest = [_node(f"另有 {hidden} 项", at[0].quotes[0], column)] if hidden else []
    return (*made, *rest)


def _words(point: Point) -> str:
    return f"{point.label}　{point.words}".strip("　")


def _size(points: Sequence[Point]) -> int:
    return sum(1 + _size(point.children) for point in points)


def _node(words: str, quote: Quote | None, column: int, below: tuple[_Node, ...] = ()) -> _Node:
    clean = _BLANK.sub(" ", _BAD.sub("", words)).strip()
    room = (COLUMNS[column][1] - 2 * PADDING) / FONT
    return _Node(clean, quote, column, tuple(wrapped(clean, room)) or ("",), below)


def _drawn(node: _Node, top: int, link: Link) -> Iterator[str]:
    """Yield the elements of a branch whose upper edge is at `top`: lines first, boxes over them."""
    y = top + _offset(node)
    inner = sum(one.branch + GAP for one in node.below) - GAP
    at = top + max((node.height - inner) // 2, 0)
    boxes: list[str] = []
    for number, one in enumerate(node.below):
        drawn = [_edge(node, y, one, at + _offset(one)), *_drawn(one, at, link)]
        boxes += [f'<g class="c{number % COLOURS}">', *drawn, "</g>"] if node.column == 0 else drawn
        at += one.branch + GAP
    yield from boxes
    yield from _box(node, y, link)


def _offset(node: _Node) -> int:
    """Return how far below the upper edge of its branch a node stands."""
    return (node.branch - node.height) // 2 if node.branch <= CENTRED_MOST else 0


def _edge(node: _Node, y: int, other: _Node, other_y: int) -> str:
    left, wide = COLUMNS[node.column]
    x, to = left + wide, COLUMNS[other.column][0]
    a, b, middle = y + node.height // 2, other_y + other.height // 2, (left + wide + to) // 2
    curved = f"M{x} {a}C{middle} {a} {middle} {b} {to} {b}"
    square = f"M{x} {a}H{middle}V{b}H{to}"  # of a tall branch curves would run into each other
    line = curved if node.branch <= CENTRED_MOST else square
    return f'<path d="{line}" fill="none" stroke="currentColor" stroke-width="1.5"/>'


def _box(node: _Node, y: int, link: Link) -> Iterator[str]:
    """Yield a node's box and words, in a link to its place."""
    x, wide = COLUMNS[node.column]
    bold = ' font-weight="600"' if node.column < 2 else ""
    yield f"<a href={quoteattr(_BAD.sub('', link(node.quote)))}>" if node.quote else "<g>"
    yield f"<title>{escape(node.words)}</title>"
    yield (
        f'<rect x="{x}" y="{y}" width="{wide}" height="{node.height}" rx="6" fill="currentColor" fill-opacity=".08" '
        'stroke="currentColor" stroke-opacity=".45"/>'
    )
    first = y + PADDING + FONT + 1
    lines = (
        f'<tspan x="{x + PADDING}" y="{first + n * LINE}">{escape(line)}</tspan>' for n, line in enumerate(node.lines)
    )
    yield f"<text{bold}>{''.join(lines)}</text>"
    yield "</a>" if node.quote else "</g>"
