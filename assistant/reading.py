"""From the files of the corpus to `Document`: which files there are, their text, what is wrong.

`formats` turns the bytes of one kind of file into text; here a file is found, read once, checked
and named. A file that cannot be read becomes a `Problem` with its reason and mend, and never
stops the others. Nothing is cut into sentences here and nothing is stored.
"""

import codecs
import hashlib
import os
import re
import stat
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.catalog import CATALOG_NAME, Catalog, CatalogEntry
from assistant.errors import ReadingError
from assistant.formats import Extract, Heading, markdown_headings, read_docx, read_pdf, true_kind
from assistant.text import HAN, drop_controls

MAX_BYTES = 50_000_000
MAX_CHARACTERS = 20_000_000
GLOSSARY_NAME = "glossary.toml"

_SKIPPED_AT_TOP = {CATALOG_NAME, GLOSSARY_NAME}
_SKIPPED = re.compile(r"\.|~\$|~WR.*\.tmp$|(Thumbs\.db|desktop\.ini|__MACOSX)$", re.IGNORECASE)
_KINDS = (".txt", ".md", ".docx", ".pdf")
_MENDS = (
    (".doc .wps .rtf .odt .docm .dot .dotx .wpt", "请用 Word 或 WPS 另存为 .docx"),
    (".xls .xlsx .et .csv .ods", "请把要查询的内容复制到 Word，另存为 .docx"),
    (".ppt .pptx .pps .ppsx .dps", "请用 PowerPoint 或 WPS 导出为 .pdf"),
    (".ofd .caj .ceb .djvu", "请用它的阅读器导出或打印为 .pdf"),
    (".png .jpg .jpeg .bmp .gif .tif .tiff .webp .heic", "请先做文字识别（OCR），另存为 .docx 或 .txt"),
    (".zip .rar .7z .tar .gz", "请先解压，把里面的文件放进来"),
    (".htm .html .mht .mhtml", "请用浏览器打开，把正文复制到 Word 另存为 .docx"),
    (".mp3 .wav .m4a .mp4 .avi .mov", "请先转写成文字，另存为 .txt 或 .docx"),
)

_BOMS = (
    (codecs.BOM_UTF8, "utf-8", "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16"),
)
_NARROW = {"utf-8": "utf-8", "gb18030": "gb18030", "cp950": "big5"}
_WIDE = {"utf-16-le": "utf-16", "utf-16-be": "utf-16"}
# The standards order characters by use: lead bytes up to these hold the first level (3,755 of
# GB 2312, 5,401 of Big5), which ordinary text hardly leaves.
_LEVELS = {"gb18030": ("gb2312", 0xD7), "cp950": ("big5", 0xC6)}
_PLAUSIBLE = 0.4
_HAN = re.compile(f"[{HAN}]")
_NOT_ASCII = re.compile(b"[\x80-\xff]")
_SAMPLE = 1_000_000
_LINE_ENDS = re.compile("[\x0b\x0c\x85\u2028\u2029]")

# The 500 most frequent characters of Chinese law articles and of questions on them, and the other
# forms that Traditional text writes for the 700 most frequent: GB18030 and Big5 bytes are valid in
# each other's encoding, and only the right one gives mostly these.
_COMMON = frozenset(
    "条第法十的人民理例管二行关三规定院一和用四事五业国应政保高于六当最有施工七以设全安八会生者务公九案地实产件百机部门中市解护作建物或区干诉制若问适资题审办合员讼动防释检本处品监经"
    "刑不权责对律水其主在进可出证企等共境发府位察所体通单上及为外家交构同海督治级程查内方则标大由照收依信自商营组下成化提环计任时期利代城他学得与表委并服议报划要文电据职织育华教农源"
    "开准按污社专款违备使项道技反相场险执金路性立情染运特调分质重罚县害未基取供能量记费告活请司息术医具暂年向置域典采改土偿障承个纠军投展税预车口村纷加登决予申卫放明各后元入求度正集"
    "网接益限批别受负名药确支范止许力强乡序协统科书原劳日担财持疗列目气指核复况犯促是常种损货新赔过之征航试非意排前无助需房间知格罪镇省食系认器船料造价林导疫传病销结输算零验消被现测"
    "矿根式易筑评线故空急券细除裁令约措装节给养万河补数起济从效包港健破面因际长修义危救卖将游直警转态编流符役励围侵形废旅校参涉托广络点付到布影举居容移禁灾严舶停联票住融密属子洋变果"
    "师配维究庭送判平台志存推守履选识控植见户然纳失辖退类官整身银千称研风购小优必互领注毒示材绿鼓响草仲善震录额总债续视争就完"
    "條關規業國應於當設會務實產機門護區幹訴問適資題審辦員訟動釋檢處監經權責對進證發體單爲構級內則標營組環計時學與並議報劃電據職織華農開準專違備項場險執運調質罰縣記費請術醫暫採償個糾"
    "軍稅預車紛決衛後網別負藥確範許強鄉協統書勞擔財療氣復況種損貨賠過徵試無間鎮認價導傳銷結輸驗現測礦築評線細約裝節給養萬補數濟從際長義賣將遊轉態編勵圍廢參託廣絡點舉災嚴聯屬變師維臺"
    "選識見戶納轄類銀稱風購優領綠響錄額總債續視爭殘沒減達讓遺園壞檔團該鐵嗎籤煙冊館圖鑑還駛郵兩儲綜漁訓繳買歷祕創輛須衆駐礙願訂佔兒詢礎積匯帶滿獎糧傷駕聲臨庫貿斷夥樹隊狀陸麼離飲憲觀"
    "熱載繼虛黃邊僑訪灣終來獻繪飛揮溼說為眾裡這們"
    "　、。，．；：？！“”‘’「」『』（）《》〈〉【】—…·０１２３４５６７８９％"
)


@dataclass(frozen=True)
class Document:
    """One document as text; `text[start:end]` of any offset pair made from it is a quote.

    `id` depends on `path` alone, `sha256` on the file's bytes alone: together they say what is
    indexed. Every non-empty line of `text` is a paragraph. `pages[k - 1]` is the offset at which
    page k of a PDF starts. `size` is in bytes.
    """

    id: str
    title: str
    date: str | None
    issuer: str | None
    validity: str | None
    path: str
    text: str
    size: int
    sha256: str
    encoding: str | None
    headings: tuple[Heading, ...] = ()
    pages: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Problem:
    """A file that could not be read; `reason` is one line of Chinese that ends in the mend."""

    path: str
    reason: str


@dataclass(frozen=True)
class SourceFile:
    """A file of the corpus: `path` is NFC, POSIX and relative, `location` is where it really is."""

    path: str
    location: Path
    size: int
    mtime_ns: int


def document_id(path: str) -> str:
    """Return the id of the document at `path`, relative to the corpus folder."""
    return "d" + hashlib.sha256(unicodedata.normalize("NFC", path).encode("utf-8")).hexdigest()[:12]


def list_files(corpus: Path) -> list[SourceFile]:
    """Return all files of `corpus` and its subfolders, by path; unsupported kinds included.

    Left out: hidden files and folders, lock and temporary files of Office, the catalogue and the
    glossary, devices. Links that leave the corpus and folders that cannot be opened are listed,
    so that reading them says why. Raises ReadingError if the folder itself cannot be opened.
    """
    try:
        os.scandir(corpus).close()
    except OSError as error:
        raise _no_folder(corpus, error) from error
    closed: list[OSError] = []
    files: list[SourceFile] = []
    for folder, folders, names in os.walk(corpus, onerror=closed.append):
        folders[:] = [name for name in folders if not _SKIPPED.match(name)]
        names += [name for name in folders if os.path.islink(os.path.join(folder, name))]
        files.extend(_listed(corpus, Path(folder), names))
    files.extend(SourceFile(_relative(corpus, Path(error.filename)), Path(error.filename), 0, 0) for error in closed)
    return sorted(files, key=lambda file: file.path)


def read_corpus(files: Iterable[SourceFile], catalog: Catalog, limit: int = MAX_BYTES) -> Iterator[Document | Problem]:
    """Read `files` one at a time, as asked for: memory holds one document, not the corpus."""
    seen: set[str] = set()
    for file in files:
        if file.path in seen:
            yield Problem(file.path, "与另一个文件的名称看起来完全相同，请给其中一个改名。")
            continue
        seen.add(file.path)
        try:
            yield read_file(file, catalog.entry_for(file.path), limit)
        except ReadingError as error:
            yield Problem(file.path, str(error))


def read_file(file: SourceFile, entry: CatalogEntry, limit: int = MAX_BYTES) -> Document:
    """Read one file of at most `limit` bytes.

    Raises ReadingError, and nothing else, for whatever is wrong with the file; its message does
    not name the file.
    """
    if file.location.is_symlink() and _leaves(file.location.parents[file.path.count("/")], file.location):
        raise ReadingError("是指向语料文件夹之外的链接，请把文件本身复制进来。")
    if file.location.is_dir():
        raise ReadingError("文件夹打不开，请检查它的读取权限。")
    suffix = Path(file.path).suffix.lower()
    if suffix not in _KINDS:
        raise _unsupported(file.path)
    data = _bytes(file, limit)
    extract, encoding = _extract(data, suffix)
    _require_letters(extract.text)
    return Document(
        id=document_id(file.path),
        title=entry.title or Path(file.path).stem,
        date=entry.date,
        issuer=entry.issuer,
        validity=entry.validity,
        path=file.path,
        text=extract.text,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        encoding=encoding,
        headings=extract.headings,
        pages=extract.pages,
        warnings=extract.warnings,
    )


def _no_folder(corpus: Path, error: OSError) -> ReadingError:
    if isinstance(error, FileNotFoundError):
        return ReadingError(f"没有找到语料文件夹 {corpus}，请新建它并放入文件，或用 --corpus 指定。")
    if isinstance(error, NotADirectoryError):
        return ReadingError(f"{corpus} 不是文件夹，请用 --corpus 指定放文件的文件夹。")
    return ReadingError(f"语料文件夹 {corpus} 打不开（{error.strerror}），请检查读取权限。")


def _listed(corpus: Path, folder: Path, names: list[str]) -> Iterator[SourceFile]:
    for name in names:
        if _SKIPPED.match(name) or (folder == corpus and name in _SKIPPED_AT_TOP):
            continue
        location = folder / name
        try:
            status = location.lstat()
            if stat.S_ISLNK(status.st_mode) and not _leaves(corpus, location):
                status = location.stat()
        except FileNotFoundError:  # gone since its folder was listed
            continue
        if stat.S_ISREG(status.st_mode) or stat.S_ISLNK(status.st_mode):
            yield SourceFile(_relative(corpus, location), location, status.st_size, status.st_mtime_ns)


def _relative(corpus: Path, location: Path) -> str:
    path = location.relative_to(corpus).as_posix()
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:  # a name in GBK bytes, as old zip tools leave it on Linux
        path = os.fsencode(path).decode("gb18030", "replace")
    return unicodedata.normalize("NFC", path)


def _leaves(corpus: Path, location: Path) -> bool:
    try:
        return not location.resolve(strict=True).is_relative_to(corpus.resolve())
    except (OSError, RuntimeError):
        return True


def _unsupported(path: str) -> ReadingError:
    suffix = Path(path).suffix.lower()
    kind = f" {suffix} " if suffix else "没有扩展名的"
    return ReadingError(f"不支持{kind}文件，{_mend(suffix)}。")


def _mend(suffix: str) -> str:
    for suffixes, mend in _MENDS:
        if suffix in suffixes.split():
            return mend
    return "请另存为 .txt、.md、.docx 或 .pdf"


def _bytes(file: SourceFile, limit: int) -> bytes:
    try:
        with file.location.open("rb") as source:
            data = source.read(limit + 1)
    except FileNotFoundError as error:
        raise ReadingError("读取时文件已不在，请放回文件后重新建立索引。") from error
    except OSError as error:
        raise ReadingError(f"文件打不开（{error.strerror}），请检查读取权限，并关闭正在使用它的程序。") from error
    if len(data) > limit:
        raise ReadingError(f"文件超过 {_size(limit)}的上限，请拆成几个小文件。")
    if not data:
        raise ReadingError("文件是空的（0 字节），请重新保存或删除它。")
    return data


def _size(size: int) -> str:
    return f"{size / 1_000_000:g} MB " if size >= 1_000_000 else f"{size} 字节"


def _extract(data: bytes, suffix: str) -> tuple[Extract, str | None]:
    kind = true_kind(data)
    if kind not in (None, suffix) or (kind is None and suffix == ".docx"):
        raise _mislabelled(suffix, kind)
    if suffix == ".docx":
        return read_docx(data), None
    if suffix == ".pdf":
        return read_pdf(data), None
    raw, encoding = decode(data)
    text = drop_controls(_LINE_ENDS.sub("\n", raw))
    headings = markdown_headings(text) if suffix == ".md" else ()
    return Extract(text, headings, warnings=_text_warnings(text, encoding)), encoding


def _mislabelled(suffix: str, kind: str | None) -> ReadingError:
    if kind is None:
        return ReadingError(f"不是真正的 {suffix} 文件或文件已损坏，请用原来的程序打开后重新另存为 {suffix}。")
    if kind == "encrypted":
        return ReadingError("文件有密码保护，请用 Word 或 WPS 打开，取消密码后重新保存。")
    if kind in _KINDS:
        return ReadingError(f"扩展名是 {suffix}，其实是 {kind} 文件，请把扩展名改成 {kind}。")
    return ReadingError(f"扩展名是 {suffix}，其实是 {kind} 文件，{_mend(kind)}。")


def _text_warnings(text: str, encoding: str) -> tuple[str, ...]:
    warnings = () if encoding == "utf-8" else (f"按 {encoding.upper()} 读取。",)
    damaged = [number for number, line in enumerate(text.split("\n"), 1) if "\ufffd" in line]
    if not damaged:
        return warnings
    named = "、".join(map(str, damaged[:5])) + (" 等" if len(damaged) > 5 else "")
    return (*warnings, f"第 {named} 行有无法识别的字节，已显示为“\ufffd”，请对照原件改正后另存为 UTF-8。")


def decode(data: bytes) -> tuple[str, str]:
    """Return the text of `data` without its byte order mark, and the name of the encoding.

    Names: utf-8, utf-16, utf-32, gb18030, big5. A byte order mark decides; then valid UTF-8;
    then the encoding in which the largest share of characters is common. A few bytes that are
    not valid in it become U+FFFD. Raises ReadingError where no encoding gives plausible Chinese.
    """
    for mark, codec, name in _BOMS:
        if data.startswith(mark):
            return _without_zeros(data[len(mark) :].decode(codec, "replace")), name
    if b"\0" not in data and (text := _plain_utf8(data)) is not None:
        return text, "utf-8"
    candidates, sample = _candidates(data), _sample(data)
    scores = {codec: _commonness(sample, codec) for codec in candidates}
    best = max(scores, key=scores.__getitem__)
    if scores[best] < _PLAUSIBLE:
        raise _unknown(data)
    return _without_zeros(data.decode(best, "replace")), candidates[best]


def _candidates(data: bytes) -> dict[str, str]:
    """Return the codecs that `data` may be in, with the names of their encodings."""
    if b"\0" in data:
        return _WIDE
    return _NARROW | _WIDE if len(data) % 2 == 0 else _NARROW


def _sample(data: bytes) -> bytes:
    """Return up to `_SAMPLE` bytes from the first that is not ASCII, on an even offset for UTF-16."""
    first = _NOT_ASCII.search(data)
    start = first.start() & ~1 if first else 0
    return data[start : start + _SAMPLE]


def _unknown(data: bytes) -> ReadingError:
    if b"\0" in data:
        return _binary()
    return ReadingError("文字编码无法识别，请用记事本打开，确认没有乱码后另存为 UTF-8。")


def _binary() -> ReadingError:
    return ReadingError("里面有二进制数据（空字节），不是纯文字或已损坏，请用原来的程序打开后重新保存。")


def _without_zeros(text: str) -> str:
    if "\0" in text:
        raise _binary()
    return text


def _plain_utf8(data: bytes) -> str | None:
    """Return `data` as UTF-8 if it is valid and surely meant so, as text with Han characters is."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if text.isascii() or _HAN.search(text):
        return text
    chinese = any(_commonness(_sample(data), codec) > 0.8 for codec in _LEVELS)
    return None if chinese else text


def _commonness(data: bytes, codec: str) -> float:
    """Return how common the characters of `data` in `codec` are, 1 at best; ASCII counts in UTF-16 only."""
    counts = Counter(data.decode(codec, "replace"))
    if codec in _NARROW:
        counts = Counter({character: n for character, n in counts.items() if not _is_plain(character)})
    total = counts.total()
    return sum(n * _weight(character, codec) for character, n in counts.items()) / total if total else 0.0


def _is_plain(character: str) -> bool:
    return " " <= character <= "~" or character in "\t\r\n"


def _weight(character: str, codec: str) -> float:
    if character in _COMMON or _is_plain(character):
        return 1.0
    if character == "\ufffd" or character < " ":
        return -2.0
    levels = {codec: _LEVELS[codec]} if codec in _LEVELS else _LEVELS
    return max(_rank(character, *level) for level in levels.values())


def _rank(character: str, standard: str, first_level: int) -> float:
    """Return .5 for a Han character on the first level of `standard`, .25 on the second, else 0."""
    coded = character.encode(standard, "ignore") if _HAN.match(character) else b""
    return (0.5 if coded[0] <= first_level else 0.25) if coded else 0.0


def _require_letters(text: str) -> None:
    if not text.strip():
        raise ReadingError("文件里只有空白，没有文字，请重新保存或删除它。")
    if not any(character.isalpha() for character in text):
        raise ReadingError("文件里只有数字或符号，没有文字，请检查是否放错了文件。")
    if len(text) > MAX_CHARACTERS:
        raise ReadingError(f"文字超过 {MAX_CHARACTERS // 10_000} 万字的上限，请拆成几个小文件。")
