import codecs
import dataclasses
import hashlib
import io
import itertools
import json
import lzma
import os
import random
import re
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant import formats, reading
from assistant.catalog import Catalog, CatalogEntry
from assistant.errors import ReadingError
from assistant.formats import Heading, markdown_headings, read_docx, read_pdf
from assistant.reading import Document, Problem, SourceFile, decode, list_files, read_corpus, read_file

SPEECH = Path(__file__).parents[1] / "corpus" / "市委巡视动员部署会讲话.txt"
DATA = Path(__file__).parents[2] / "shared" / "data"
SIMPLIFIED = [
    "第一，始终聚焦“两个维护”，把准政治巡视的定位和方向。",
    "各巡视组要提高政治站位，深入学习习近平总书记关于巡视工作的重要论述。",
    "对巡视移交的问题线索要及时处置。",
    "同志们：",
    "反馈问题要一针见血、明确具体；",
    "第十二条　机动车驾驶人应当随身携带驾驶证。",
    "关于印发《实施办法》的通知",
    "附件：2024年工作要点",
]
TRADITIONAL = [
    "為促進經濟發展，保障勞工權益，特制定本條例。",
    "本辦法所稱主管機關，在中央為內政部。",
    "前項規定，自公布日施行。",
    "各級學校應設置輔導委員會，辦理學生輔導工作。",
    "申請人應檢附下列文件，向主管機關提出申請。",
    "第三條　政府應定期公開財務報告。",
    "違反前條規定者，處新臺幣三萬元以上十五萬元以下罰鍰。",
    "委員會每月召開會議一次，必要時得召開臨時會議。",
    "行政長官會同行政會議可不時修訂有關規例。",
    "環境保護署負責監察空氣質素及水質。",
    "這項計畫的目的，是讓長者得到適切的照顧。",
    "我們會繼續與各界保持溝通，聽取市民的意見。",
    "醫院管理局已增撥資源，縮短病人輪候時間。",
    "教育局發言人表示，學校應加強防疫措施。",
    "市政府昨日舉行記者會，說明都市更新進度。",
    "各位同仁，大家好！",
]


def read(folder: Path, name: str, data: bytes, limit: int = reading.MAX_BYTES) -> Document:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return read_file(SourceFile(name, path, len(data), 0), CatalogEntry(), limit)


def reason(folder: Path, name: str, data: bytes, limit: int = reading.MAX_BYTES) -> str:
    with pytest.raises(ReadingError) as caught:
        read(folder, name, data, limit)
    assert "\n" not in str(caught.value)
    assert str(caught.value).endswith("。")
    return str(caught.value)


# ---- encodings


@pytest.mark.parametrize("line", SIMPLIFIED)
@pytest.mark.parametrize(
    ("codec", "name"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("gb18030", "gb18030"), ("utf-16", "utf-16"), ("utf-32", "utf-32")],
)
def test_encodings_of_short_simplified_text(line: str, codec: str, name: str) -> None:
    assert decode(line.encode(codec)) == (line, name)


@pytest.mark.parametrize("line", TRADITIONAL)
@pytest.mark.parametrize(
    ("codec", "name"), [("utf-8", "utf-8"), ("big5", "big5"), ("gb18030", "gb18030"), ("utf-16", "utf-16")]
)
def test_encodings_of_short_traditional_text(line: str, codec: str, name: str) -> None:
    assert decode(line.encode(codec)) == (line, name)


@pytest.mark.parametrize(
    ("codec", "name"), [("gb18030", "gb18030"), ("utf-16-le", "utf-16"), ("utf-16-be", "utf-16"), ("utf-8", "utf-8")]
)
def test_every_sentence_of_the_speech(codec: str, name: str) -> None:
    for sentence in re.findall(r"[^。；\n]+[。；：]?", SPEECH.read_text(encoding="utf-8")):
        assert decode(sentence.encode(codec)) == (sentence, name)


@pytest.mark.skipif(not DATA.exists(), reason="the shared data is absent")
@pytest.mark.parametrize(
    ("source", "field", "codec", "name"),
    [
        ("training/drcd.jsonl.xz", "passage", "big5", "big5"),
        ("training/drcd.jsonl.xz", "passage", "gb18030", "gb18030"),
        ("cmrc2018-dev/corpus.jsonl.xz", "text", "gb18030", "gb18030"),
        ("cmrc2018-dev/corpus.jsonl.xz", "text", "utf-16-le", "utf-16"),
    ],
)
def test_encodings_of_many_pieces_of_eight_and_of_twenty_characters(
    source: str, field: str, codec: str, name: str
) -> None:
    with lzma.open(DATA / source, "rt", encoding="utf-8") as lines:
        text = "".join(json.loads(line)[field] for line in itertools.islice(lines, 400))
    text = re.sub("[^\u3001\u3002\uff0c\u4e00-\u9fff]", "", text).encode(codec, "ignore").decode(codec)
    assert share_of_wrong(text, 8, codec, name) < 0.007
    assert share_of_wrong(text, 20, codec, name) < 0.0007


def share_of_wrong(text: str, length: int, codec: str, name: str) -> float:
    pieces = [text[at : at + length] for at in range(0, min(len(text), 60_000) - length, length)]
    return sum(not is_decoded(piece, codec, name) for piece in pieces) / len(pieces)


def is_decoded(piece: str, codec: str, name: str) -> bool:
    try:
        return decode(piece.encode(codec)) == (piece, name)
    except ReadingError:
        return False


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE])
def test_big_endian_byte_order_marks(mark: bytes) -> None:
    width = 16 if mark == codecs.BOM_UTF16_BE else 32
    assert decode(mark + "通知".encode(f"utf-{width}-be")) == ("通知", f"utf-{width}")


def test_ascii_as_utf16_without_byte_order_mark() -> None:
    assert decode("Notice no. 3\r\n".encode("utf-16-le")) == ("Notice no. 3\r\n", "utf-16")
    assert decode("Notice no. 3\r\n".encode("utf-16-be")) == ("Notice no. 3\r\n", "utf-16")


def test_utf8_without_chinese_is_utf8() -> None:
    for text in ("Le résumé de la décision n° 5", "Сегодня прошло заседание", "plain", "“quoted” – dashed"):
        assert decode(text.encode("utf-8")) == (text, "utf-8")


def test_gb18030_that_happens_to_be_valid_utf8() -> None:
    data = "一台".encode("gb18030")
    assert data.decode("utf-8") == "һ\u0328"
    assert decode(data) == ("一台", "gb18030")


@pytest.mark.parametrize("codec", ["utf-8", "gb18030", "big5"])
def test_a_few_bad_bytes_lose_no_other_text_and_are_named(tmp_path: Path, codec: str) -> None:
    lines = TRADITIONAL if codec == "big5" else SIMPLIFIED
    coded = [line.encode(codec) for line in lines]
    coded[2] = coded[2][:-2] + b"\xff" + coded[2][-2:]
    document = read(tmp_path, "甲.txt", b"\n".join(coded))
    assert document.encoding == codec
    assert [line for n, line in enumerate(document.text.split("\n")) if n != 2] == lines[:2] + lines[3:]
    assert "\ufffd" in document.text.split("\n")[2]
    assert document.warnings[-1] == "第 3 行有无法识别的字节，已显示为“\ufffd”，请对照原件改正后另存为 UTF-8。"


def test_truncated_utf8_keeps_the_rest(tmp_path: Path) -> None:
    text = "\n".join(SIMPLIFIED)
    document = read(tmp_path, "甲.txt", text.encode("utf-8")[:-1])
    assert document.text == text[:-1] + "\ufffd"
    assert document.encoding == "utf-8"
    assert len(document.warnings) == 1


@pytest.mark.parametrize(
    ("codec", "warnings"),
    [
        ("utf-8", ()),
        ("utf-8-sig", ()),
        ("gb18030", ("按 GB18030 读取。",)),
        ("utf-16", ("按 UTF-16 读取。",)),
        ("utf-16-le", ("按 UTF-16 读取。",)),
    ],
)
def test_the_encoding_is_said(tmp_path: Path, codec: str, warnings: tuple[str, ...]) -> None:
    assert read(tmp_path, "甲.txt", "\n".join(SIMPLIFIED).encode(codec)).warnings == warnings


def test_big5_is_said(tmp_path: Path) -> None:
    assert read(tmp_path, "甲.txt", "\n".join(TRADITIONAL).encode("big5")).warnings == ("按 BIG5 读取。",)


@settings(deadline=None)
@given(st.binary(max_size=400))
@example(b"\xff\xfe")
@example(b"\xff\xfe\x00")
@example(b"\x00")
def test_decode_raises_nothing_but_reading_errors(data: bytes) -> None:
    try:
        text, encoding = decode(data)
    except ReadingError:
        return
    assert encoding in {"utf-8", "utf-16", "utf-32", "gb18030", "big5"}
    text.encode("utf-8")


COMMON_TEXT = st.lists(st.sampled_from(SIMPLIFIED), min_size=2, max_size=9).map("\r\n".join)


@settings(deadline=None)
@given(COMMON_TEXT, st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]))
def test_round_trip(text: str, codec: str) -> None:
    assert decode(text.encode(codec))[0] == text


@settings(deadline=None)
@given(
    st.permutations(TRADITIONAL).map("".join),
    st.integers(8, 200),
    st.sampled_from(["big5", "gb18030", "utf-16-be"]),
)
def test_round_trip_of_traditional_text(text: str, length: int, codec: str) -> None:
    assert decode(text[:length].encode(codec))[0] == text[:length]


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
def test_any_text_round_trips_with_a_byte_order_mark(text: str) -> None:
    assert decode(text.encode("utf-8-sig")) == (text, "utf-8")
    assert decode(text.encode("utf-16")) == (text, "utf-16")


# ---- text and Markdown


def test_text_is_verbatim(tmp_path: Path) -> None:
    raw = "\ufeff　　同志们：\r\n\r\n　　一、要\u200b求\t甲 乙\x07\r二\x0c三\n"
    document = read(tmp_path, "讲话 稿.txt", raw.encode("utf-8"))
    assert document.text == "　　同志们：\n\n　　一、要求\t甲 乙\n二\n三\n"


def test_the_speech(tmp_path: Path) -> None:
    data = SPEECH.read_bytes()
    entry = CatalogEntry("市委巡视动员部署会上的讲话", "2023", "市委", "现行有效")
    document = read_file(SourceFile("子/讲话.txt", SPEECH, 0, 0), entry)
    assert document == Document(
        id="d" + hashlib.sha256("子/讲话.txt".encode()).hexdigest()[:12],
        title="市委巡视动员部署会上的讲话",
        date="2023",
        issuer="市委",
        validity="现行有效",
        path="子/讲话.txt",
        text=data.decode("utf-8").replace("\r\n", "\n"),
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        encoding="utf-8",
    )


def test_title_is_the_stem_of_the_file(tmp_path: Path) -> None:
    assert read(tmp_path, "子 夹/关于 2024.5 的通知.txt", "内容".encode()).title == "关于 2024.5 的通知"
    assert read(tmp_path, "乙.TXT", "内容".encode()).title == "乙"


MARKDOWN = """# 总则
正文 # 不是标题
  ## 第一章 #
#没有空格
####### 七个
#
```python
# 注释
~~~
```
~~~ 文
# 注释
~~~~
    # 代码
### 附则
"""


def test_markdown_headings(tmp_path: Path) -> None:
    document = read(tmp_path, "甲.md", MARKDOWN.replace("\n", "\r\n").encode("utf-8-sig"))
    assert document.text == MARKDOWN
    assert [(document.text[h.start : h.end], h.level) for h in document.headings] == [
        ("# 总则", 1),
        ("## 第一章 #", 2),
        ("### 附则", 3),
    ]
    assert markdown_headings("# 甲\n##\t乙") == (Heading(0, 3, 1), Heading(4, 8, 2))


def test_text_files_have_no_headings(tmp_path: Path) -> None:
    assert read(tmp_path, "甲.txt", "# 总则\n".encode()).headings == ()


# ---- files that cannot be read


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("空.txt", b"", "文件是空的（0 字节），请重新保存或删除它。"),
        ("空.docx", b"", "文件是空的（0 字节），请重新保存或删除它。"),
        ("白.txt", "\ufeff \n　\t\r\n".encode(), "文件里只有空白，没有文字，请重新保存或删除它。"),
        ("数.txt", "12-34 ……！\n".encode(), "文件里只有数字或符号，没有文字，请检查是否放错了文件。"),
        (
            "二.txt",
            bytes(range(256)) * 4,
            "里面有二进制数据（空字节），不是纯文字或已损坏，请用原来的程序打开后重新保存。",
        ),
        (
            "夹.txt",
            "讲话\0\0\0稿".encode(),
            "里面有二进制数据（空字节），不是纯文字或已损坏，请用原来的程序打开后重新保存。",
        ),
        ("乱.txt", b"\xff\xfd" * 50, "文字编码无法识别，请用记事本打开，确认没有乱码后另存为 UTF-8。"),
        ("旧.doc", b"x", "不支持 .doc 文件，请用 Word 或 WPS 另存为 .docx。"),
        ("旧.WPS", b"x", "不支持 .wps 文件，请用 Word 或 WPS 另存为 .docx。"),
        ("表.xlsx", b"x", "不支持 .xlsx 文件，请把要查询的内容复制到 Word，另存为 .docx。"),
        ("图.png", b"x", "不支持 .png 文件，请先做文字识别（OCR），另存为 .docx 或 .txt。"),
        ("文.ofd", b"x", "不支持 .ofd 文件，请用它的阅读器导出或打印为 .pdf。"),
        ("包.zip", b"x", "不支持 .zip 文件，请先解压，把里面的文件放进来。"),
        ("某.xyz", b"x", "不支持 .xyz 文件，请另存为 .txt、.md、.docx 或 .pdf。"),
        ("没有", b"x", "不支持没有扩展名的文件，请另存为 .txt、.md、.docx 或 .pdf。"),
        (
            "假.docx",
            "讲话".encode(),
            "不是真正的 .docx 文件或文件已损坏，请用原来的程序打开后重新另存为 .docx。",
        ),
        (
            "假.pdf",
            "讲话".encode(),
            "不是真正的 PDF 文件或文件已损坏，请用原来的程序重新导出为 .pdf。",
        ),
        (
            "旧.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"),
            "扩展名是 .docx，其实是 .doc 文件，请用 Word 或 WPS 另存为 .docx。",
        ),
        (
            "密.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "文件有密码保护，请用 Word 或 WPS 打开，取消密码后重新保存。",
        ),
        ("富.txt", rb"{\rtf1\ansi}", "扩展名是 .txt，其实是 .rtf 文件，请用 Word 或 WPS 另存为 .docx。"),
        ("文.txt", b"%PDF-1.7\n", "扩展名是 .txt，其实是 .pdf 文件，请把扩展名改成 .pdf。"),
        (
            "图.pdf",
            b"\x89PNG\r\n",
            "扩展名是 .pdf，其实是 .png 文件，请先做文字识别（OCR），另存为 .docx 或 .txt。",
        ),
    ],
)
def test_each_fault_has_its_reason_and_mend(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    assert reason(tmp_path, name, data) == said


def test_size_limit(tmp_path: Path) -> None:
    data = "讲话".encode()
    assert read(tmp_path, "甲.txt", data, limit=6).text == "讲话"
    assert reason(tmp_path, "甲.txt", data, limit=5) == "文件超过 5 字节的上限，请拆成几个小文件。"
    assert reason(tmp_path, "甲.docx", data * 500_000, limit=2_500_000) == "文件超过 2.5 MB 的上限，请拆成几个小文件。"


def test_text_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_CHARACTERS", 30_000)
    assert reason(tmp_path, "甲.txt", b"a" * 30_001) == "文字超过 3 万字的上限，请拆成几个小文件。"


def test_vanished_and_closed_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "甲.txt").write_text("讲话", encoding="utf-8")
    files = list_files(tmp_path)
    (tmp_path / "甲.txt").unlink()
    assert list(read_corpus(files, Catalog())) == [Problem("甲.txt", "读取时文件已不在，请放回文件后重新建立索引。")]

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert list(read_corpus(files, Catalog())) == [
        Problem("甲.txt", "文件打不开（Permission denied），请检查读取权限，并关闭正在使用它的程序。")
    ]


def test_reading_goes_on_after_a_bad_file_and_is_lazy(tmp_path: Path) -> None:
    for name, text in (("1.txt", "讲话一"), ("2.txt", ""), ("3.txt", "讲话三")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    results = read_corpus(list_files(tmp_path), Catalog({"3.txt": CatalogEntry("题目")}))
    first = next(results)
    (tmp_path / "3.txt").write_text("讲话改", encoding="utf-8")
    second, third = results
    assert isinstance(first, Document) and first.title == "1"
    assert second == Problem("2.txt", "文件是空的（0 字节），请重新保存或删除它。")
    assert isinstance(third, Document) and (third.title, third.text) == ("题目", "讲话改")


# ---- which files there are


def names(folder: Path) -> list[str]:
    return [file.path for file in list_files(folder)]


def test_list_files(tmp_path: Path) -> None:
    wanted = ["b.doc", "a/讲话 一.txt", "a/c/表.xlsx", "二.TXT", "a/catalog.toml"]
    left_out = [
        "catalog.toml", "glossary.toml", ".隐藏.txt", ".git/甲.txt", "~$二.docx", "a/~$c.docx", "~WRL0001.tmp",
        "Thumbs.db", "__MACOSX/甲.txt", ".~lock.二.docx#",
    ]  # fmt: skip
    for name in wanted + left_out:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("讲话", encoding="utf-8")
    os.mkfifo(tmp_path / "管道.txt")
    assert names(tmp_path) == sorted(wanted)
    status = (tmp_path / "a/catalog.toml").stat()
    assert SourceFile("a/catalog.toml", tmp_path / "a" / "catalog.toml", 6, status.st_mtime_ns) in list_files(tmp_path)


def test_names_are_nfc_and_ids_depend_on_them_alone(tmp_path: Path) -> None:
    name = unicodedata.normalize("NFD", "カフェ é 讲话.txt")
    (tmp_path / name).write_text("讲话", encoding="utf-8")
    [file] = list_files(tmp_path)
    assert file.path == unicodedata.normalize("NFC", name)
    assert file.location.name == name
    document = read_file(file, CatalogEntry())
    assert document.id == reading.document_id(name) == reading.document_id(file.path)
    assert document.title == unicodedata.normalize("NFC", name)[:-4]


def test_two_files_of_one_name_are_one_document_and_one_problem(tmp_path: Path) -> None:
    for form in ("NFC", "NFD"):
        (tmp_path / unicodedata.normalize(form, "é.txt")).write_text("讲话", encoding="utf-8")
    first, second = read_corpus(list_files(tmp_path), Catalog())
    assert isinstance(first, Document)
    assert second == Problem("é.txt", "与另一个文件的名称看起来完全相同，请给其中一个改名。")


def test_a_file_name_in_gbk_bytes(tmp_path: Path) -> None:
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + "讲话.txt".encode("gbk"))).write_bytes("讲话".encode())
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    [document] = read_corpus(list_files(tmp_path), Catalog())
    assert isinstance(document, Document)
    assert (document.path, document.title) == ("讲话.txt", "讲话")


def test_links(tmp_path: Path) -> None:
    corpus, outside = tmp_path / "语料", tmp_path / "外"
    for folder in (corpus, outside):
        folder.mkdir()
        (folder / "甲.txt").write_text("讲话", encoding="utf-8")
    (corpus / "内.txt").symlink_to(corpus / "甲.txt")
    (corpus / "外.txt").symlink_to(outside / "甲.txt")
    (corpus / "外夹").symlink_to(outside)
    (corpus / "断.txt").symlink_to(corpus / "没有.txt")
    (corpus / "圈").symlink_to(corpus)
    results = {(r.path): getattr(r, "reason", "") for r in read_corpus(list_files(corpus), Catalog())}
    out = "是指向语料文件夹之外的链接，请把文件本身复制进来。"
    assert results == {"甲.txt": "", "内.txt": "", "外.txt": out, "外夹": out, "断.txt": out}
    (tmp_path / "link").symlink_to(corpus)
    assert names(tmp_path / "link") == names(corpus)


def test_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="^没有找到语料文件夹 .*请新建它并放入文件，或用 --corpus 指定。$"):
        list_files(tmp_path / "没有")
    (tmp_path / "文件").write_text("讲话", encoding="utf-8")
    with pytest.raises(ReadingError, match="不是文件夹，请用 --corpus 指定放文件的文件夹。$"):
        list_files(tmp_path / "文件")


def test_a_closed_subfolder_is_not_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "锁").mkdir()
    (tmp_path / "甲.txt").write_text("讲话", encoding="utf-8")
    real = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("锁"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    results = list(read_corpus(list_files(tmp_path), Catalog()))
    assert [result.path for result in results] == ["甲.txt", "锁"]
    assert results[1] == Problem("锁", "文件夹打不开，请检查它的读取权限。")


def test_documents_are_frozen(tmp_path: Path) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        read(tmp_path, "甲.txt", "讲话".encode()).text = "改"  # type: ignore[misc]


def test_importing_loads_no_heavy_library() -> None:
    heavy = ("docx", "lxml", "pypdfium2", "charset_normalizer", "numpy")
    code = f"import assistant.reading, sys; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == "[]"


# ---- Word documents


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


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def test_docx_paragraphs_tables_and_headings_in_order(tmp_path: Path) -> None:
    word = Word()
    word.document.add_heading("总  则", 1)
    word.add("　　第一段，全角空格保留。")
    word.add("  ")
    table = word.document.add_table(3, 2)
    for cell, text in zip(table._cells, ["姓名", "职务", "张三", "组长\n兼联络员", "", ""], strict=True):
        cell.text = text
    word.document.add_heading("关于开展巡视\n工作的通知", 2)
    word.add("末段\t完\n换行")
    document = read(tmp_path, "甲.docx", word.data())
    assert document.text == (
        "总  则\n　　第一段，全角空格保留。\n姓名 | 职务\n张三 | 组长 兼联络员\n关于开展巡视工作的通知\n末段\t完\n换行"
    )
    assert [(document.text[h.start : h.end], h.level) for h in document.headings] == [
        ("总  则", 1),
        ("关于开展巡视工作的通知", 2),
    ]
    assert (document.encoding, document.pages, document.warnings) == (None, (), ())


def test_docx_headings_by_chinese_style_name_and_outline_level() -> None:
    word = Word()
    styles = word.document.styles
    styles.add_style("标题 2", WD_STYLE_TYPE.PARAGRAPH)
    derived = styles.add_style("公文小标题", WD_STYLE_TYPE.PARAGRAPH)
    derived.base_style = styles["Heading 3"]
    word.add("甲", "标题 2")
    word.add("乙", "公文小标题")
    word.add("丙", properties='<w:outlineLvl w:val="0"/>')
    word.add("丁", "Heading 1", properties='<w:outlineLvl w:val="9"/>')
    assert read_docx(word.data()).headings == (Heading(0, 1, 2), Heading(2, 3, 3), Heading(4, 5, 1))


def test_docx_row_of_one_cell_is_a_frame() -> None:
    word = Word()
    cell = word.document.add_table(1, 1).cell(0, 0)
    cell.text = "第一段"
    cell.add_paragraph("第二段")
    assert word.lines() == ["第一段", "第二段"]


def test_docx_tables_inside_tables_and_merged_cells() -> None:
    word = Word()
    table = word.document.add_table(2, 3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "合并"
    inner = table.cell(1, 0).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "内一", "内二"
    table.cell(1, 2).text = "丙"
    assert word.lines() == ["合并 | ", "内一 | 内二 |  | 丙"]


def test_docx_tracked_changes() -> None:
    word = Word()
    word.add(
        xml=run("原文")
        + f'<w:ins w:id="1">{run("加入")}</w:ins>'
        + '<w:del w:id="2"><w:r><w:delText>删去</w:delText></w:r></w:del>'
        + f'<w:moveFrom w:id="3">{run("移走")}</w:moveFrom><w:moveTo w:id="4">{run("移来")}</w:moveTo>'
    )
    word.add("连", properties='<w:rPr><w:del w:id="5"/></w:rPr>')
    word.add("接")
    word.add(xml=f'<w:del w:id="6">{run("整段删去")}</w:del>', properties='<w:rPr><w:del w:id="7"/></w:rPr>')
    table = word.document.add_table(2, 2)
    table.cell(0, 0).text, table.cell(1, 0).text = "删去的行", "留下的行"
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:del"))
    word.add("末尾", properties='<w:rPr><w:del w:id="8"/></w:rPr>')
    assert word.lines() == ["原文加入移来", "连接", "留下的行 | ", "末尾"]


def test_docx_fields_links_hidden_text_and_pinyin() -> None:
    word = Word()
    word.add(
        xml=f'<w:hyperlink w:anchor="a">{run("链接")}</w:hyperlink>'
        + '<w:r><w:instrText>PAGE</w:instrText></w:r>'
        + f'<w:fldSimple w:instr="DATE">{run("域值")}</w:fldSimple>'
        + run("隐藏", "<w:vanish/>")
        + run("显示", '<w:vanish w:val="0"/>')
        + f'<w:r><w:ruby><w:rt>{run("pin")}</w:rt><w:rubyBase>{run("拼")}</w:rubyBase></w:ruby></w:r>'
        + f"<w:sdt><w:sdtPr/><w:sdtContent>{run('控件')}</w:sdtContent></w:sdt>"
        + f"<w:smartTag>{run('标签')}</w:smartTag>"
    )
    body = word.document.element.body
    inner = f"<w:sdtContent><w:p>{run('整块控件')}</w:p></w:sdtContent>"
    body.insert(0, parse_xml(f"<w:sdt {nsdecls('w')}>{inner}</w:sdt>"))
    assert word.lines() == ["整块控件", "链接域值显示拼控件标签"]


def test_docx_what_is_left_out_is_said() -> None:
    word = Word()
    word.add("正文", xml='<w:r><w:footnoteReference w:id="1"/></w:r>')
    word.add(xml=f"<w:r><w:pict><w:txbxContent><w:p>{run('框内')}</w:p></w:txbxContent></w:pict></w:r>")
    word.document.styles.add_style("toc 1", WD_STYLE_TYPE.PARAGRAPH)
    word.add("第一章\t1", "toc 1")
    extract = read_docx(word.data())
    assert extract.text == "正文"
    assert extract.warnings == (
        "文本框里的文字没有收入，需要的话请把它移到正文里。",
        "脚注和尾注没有收入，需要的话请把它们移到正文里。",
        "自动目录没有收入，标题以正文为准。",
    )


def test_docx_automatic_numbers() -> None:
    word = Word()
    word.number(
        [
            ("chineseCountingThousand", "第%1章"),
            ("chineseCounting", "%2、"),
            ("chineseCounting", "（%3）"),
            ("decimal", "%4."),
            ("decimal", "%1.%4.%5"),
        ]
    )
    levels = {"总则": 0, "目的": 1, "范围": 1, "甲": 2, "乙": 2, "子": 3, "丑": 3, "细": 4, "附则": 0, "施行": 1}
    for text, level in levels.items():
        word.numbered(text, level)
    word.numbered("", 1)
    word.numbered("跳过空段", 1)
    assert word.lines() == [
        "第一章 总则", "一、目的", "二、范围", "（一）甲", "（二）乙", "1. 子", "2. 丑", "一.2.1 细",
        "第二章 附则", "一、施行", "三、跳过空段",
    ]  # fmt: skip


def test_docx_numbers_continue_and_restart() -> None:
    word = Word()
    word.number([("chineseCounting", "第%1条")])
    word.use(91, 90)
    word.use(92, 90, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>')
    for number in (90, 91, 92, 92, 0):
        word.numbered("内容", number=number)
    assert word.lines() == ["第一条 内容", "第二条 内容", "第五条 内容", "第六条 内容", "内容"]


def test_docx_numbers_of_a_style_and_bullets() -> None:
    word = Word()
    word.number([("decimal", "%1."), ("upperLetter", "%2)")])
    style = word.document.styles["Heading 1"]
    style.element.get_or_add_pPr().append(parse_xml(numbering(90, 0).replace("<w:numPr", f"<w:numPr {nsdecls('w')}")))
    word.document.add_heading("总则", 1)
    word.add("点", "List Bullet")
    word.numbered("小", 1)
    word.document.add_heading("附则", 1)
    extract = read_docx(word.data())
    assert extract.text == "1. 总则\n点\nA) 小\n2. 附则"
    assert [extract.text[h.start : h.end] for h in extract.headings] == ["1. 总则", "2. 附则"]


def test_docx_unknown_number_format_is_decimal_and_said() -> None:
    word = Word()
    word.number([("hebrew1", "%1.")])
    word.numbered("内容")
    extract = read_docx(word.data())
    assert extract.text == "1. 内容"
    assert extract.warnings == ("自动编号格式 hebrew1 已写成阿拉伯数字，请对照原件核对。",)


@pytest.mark.parametrize(
    ("kind", "count", "written"),
    [
        ("chineseCounting", 10, "十"), ("chineseCounting", 11, "十一"), ("chineseCounting", 20, "二十"),
        ("chineseCounting", 101, "一百零一"), ("chineseCounting", 110, "一百一十"),
        ("chineseCounting", 1010, "一千零一十"), ("ideographDigital", 10, "一〇"),
        ("decimalFullWidth", 12, "１２"), ("decimalEnclosedCircle", 20, "⑳"),
        ("decimalEnclosedCircle", 21, "21"), ("upperRoman", 1994, "MCMXCIV"), ("lowerLetter", 28, "bb"),
        ("ideographTraditional", 1, "甲"), ("decimalZero", 3, "03"),
    ],
)  # fmt: skip
def test_number_formats(kind: str, count: int, written: str) -> None:
    assert formats._FORMATS[kind](count) == written


def rezip(data: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return buffer.getvalue()


def simple_docx() -> bytes:
    word = Word()
    word.document.add_heading("总则", 1)
    word.add("内容")
    return word.data()


def with_part(data: bytes, part: str, content: bytes | None) -> bytes:
    return rezip(data, lambda name, old: content if name == part else old)


DAMAGED = "Word 文件已损坏或缺少正文，请用 Word 或 WPS 打开后重新另存为 .docx。"
BODY_PART = "word/document.xml"


def test_docx_bombs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "解压后有 40 MB，大得不正常，请用 Word 或 WPS 打开，把正文复制到新文件另存。"
    assert reason(tmp_path, "弹.docx", with_part(simple_docx(), BODY_PART, b" " * 40_000_000)) == said
    monkeypatch.setattr(formats, "MAX_PART", 1000)
    assert reason(tmp_path, "大.docx", simple_docx()).startswith("解压后有 0 MB")


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>',
        b"<x><body>" + b"<p>" * 100_000 + b"</p>" * 100_000 + b"</body></x>",
        b"<x>",
        b"",
        None,
    ],
)
def test_docx_whose_xml_is_no_document(tmp_path: Path, content: bytes | None) -> None:
    assert reason(tmp_path, "甲.docx", with_part(simple_docx(), BODY_PART, content)) == DAMAGED


def test_docx_parts(tmp_path: Path) -> None:
    data = simple_docx()
    assert read(tmp_path, "甲.docx", with_part(data, "word/styles.xml", None)).text == "总则\n内容"
    assert read(tmp_path, "甲.docx", with_part(data, "word/numbering.xml", None)).text == "总则\n内容"
    transitional = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    strict = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
    changed = rezip(data, lambda name, content: content.replace(transitional, strict))
    assert read(tmp_path, "甲.docx", changed).headings == (Heading(0, 2, 1),)


def test_docx_truncated_and_other_archives(tmp_path: Path) -> None:
    data = simple_docx()
    assert reason(tmp_path, "断.docx", data[: len(data) // 2]) == (
        "不是真正的 .docx 文件或文件已损坏，请用原来的程序打开后重新另存为 .docx。"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    assert reason(tmp_path, "表.docx", buffer.getvalue()) == (
        "扩展名是 .docx，其实是 .xlsx 文件，请把要查询的内容复制到 Word，另存为 .docx。"
    )
    assert reason(tmp_path, "甲.txt", data) == "扩展名是 .txt，其实是 .docx 文件，请把扩展名改成 .docx。"


def test_docx_without_text(tmp_path: Path) -> None:
    assert reason(tmp_path, "白.docx", Word().data()) == "文件里只有空白，没有文字，请重新保存或删除它。"


def damage(data: bytes, seed: int) -> bytes:
    dice = random.Random(seed)
    damaged = bytearray(data)
    for _ in range(dice.randint(1, 30)):
        damaged[dice.randrange(len(damaged))] = dice.randrange(256)
    return bytes(damaged[: dice.choice([len(damaged), dice.randrange(len(damaged))])])


@settings(max_examples=150, deadline=None)
@given(st.integers())
def test_damaged_docx_raises_nothing_but_reading_errors(seed: int) -> None:
    try:
        read_docx(damage(simple_docx_once, seed))
    except ReadingError:
        pass


@settings(max_examples=150, deadline=None)
@given(st.integers())
def test_damaged_xml_raises_nothing_but_reading_errors(seed: int) -> None:
    part = random.Random(seed).choice(["word/document.xml", "word/styles.xml", "word/numbering.xml"])
    try:
        read_docx(rezip(simple_docx_once, lambda name, content: damage(content, seed) if name == part else content))
    except ReadingError:
        pass


simple_docx_once = simple_docx()


# ---- PDF

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


def test_pdf_lines_become_paragraphs() -> None:
    title = (200.0, 800.0, 22.0, "巡视讲话")
    extract = read_pdf(pdf([[title, *wrapped([LONG, SECOND, LONG], top=760)]]))
    assert extract.text.split("\n") == ["巡视讲话", LONG, SECOND, LONG]
    assert (extract.pages, extract.warnings, extract.headings) == ((0,), (), ())


def test_pdf_sentence_end_at_a_full_line() -> None:
    exact = LONG[: FULL - 3] + "。"  # fills the indented first line
    assert len(exact) == FULL - 2
    assert read_pdf(pdf([wrapped([exact, LONG, SECOND])])).text.split("\n") == [exact, LONG, SECOND]
    flush = [LONG[: FULL - 1] + "。", LONG, SECOND]
    assert read_pdf(pdf([wrapped(flush, indent=0)])).text.split("\n") == flush


def test_pdf_short_lines_stay_apart() -> None:
    items = ["一、提高政治站位", "二、突出监督重点", "三、抓好整改落实"]
    assert read_pdf(pdf([wrapped(items, indent=0)])).text.split("\n") == items


def test_pdf_latin_words_are_joined_with_a_blank() -> None:
    full = "the committee " * 4
    lines = [(80.0, 700.0, 16.0, full + "new"), (80.0, 672.0, 16.0, "works on 2024 plans."), (80.0, 644.0, 16.0, "二")]
    assert read_pdf(pdf([lines])).text == full + "new works on 2024 plans.\n二"


def test_pdf_pages_page_numbers_and_running_titles() -> None:
    lines = wrapped([LONG, SECOND, LONG, LONG, SECOND])
    pages = [lines[:2], lines[2:7], lines[7:]]
    marks = ("- 1 -", "2", "第 3 页")
    printed = [
        [
            (60.0, 815.0, 10.0, f"某市人民政府公报 第 {number} 页"),
            *[(left, 760.0 - 28 * row, size, text) for row, (left, _, size, text) in enumerate(page)],
            (280.0, 30.0, 10.0, mark),
        ]
        for number, (page, mark) in enumerate(zip(pages, marks, strict=True), 1)
    ]
    extract = read_pdf(pdf(printed))
    assert extract.text.split("\n") == [LONG, SECOND, LONG, LONG, SECOND]
    assert [extract.text[start : start + 8] for start in extract.pages] == [page[0][3][:8] for page in pages]
    assert extract.text[extract.pages[1] - 1] == LONG[2 * FULL - 3]  # in the middle of a paragraph


@pytest.mark.parametrize(
    ("line", "is_number"),
    [
        ("3", True), ("- 3 -", True), ("— 12 —", True), ("－３－", True), ("第3页", True), ("第 3 页 共 10 页", True),
        ("3/10", True), ("Page 3 of 10", True), ("·3·", True), ("2024", False), ("（3）", False), ("3.", False),
        ("第3条", False), ("3 件", False), ("一", False), ("12345", False),
    ],
)  # fmt: skip
def test_page_numbers(line: str, is_number: bool) -> None:
    assert bool(formats._PAGE_NUMBER.fullmatch(line)) is is_number


def test_pdf_numbers_inside_a_page_stay() -> None:
    lines = [(80.0, 700.0, 16.0, "人数"), (80.0, 672.0, 16.0, "3"), (80.0, 644.0, 16.0, "合计")]
    assert read_pdf(pdf([lines])).text == "人数\n3\n合计"


def test_pdf_empty_and_picture_pages() -> None:
    pages = [wrapped([SECOND]), [], [], wrapped([LONG])]
    extract = read_pdf(pdf(pages, image=frozenset({3})))
    assert extract.text == f"{SECOND}\n{LONG}"
    assert extract.pages == (0, len(SECOND), len(SECOND), len(SECOND) + 1)
    assert extract.warnings == ("第 3 页只有图片，没有文字，需要的话请先做文字识别（OCR）。",)


def test_pdf_radicals_and_compatibility_forms_are_ordinary_characters() -> None:
    text = "\u2f00\u2f64\uf9dd"
    assert formats._RADICAL.sub(lambda m: unicodedata.normalize("NFKC", m.group()), text) == "一用利"


LOCKED = f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{'1f' * 32}> /U <{'2e' * 32}> >> /ID [<00> <00>]"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (pdf([[]], image=frozenset({1})), "PDF 里没有文字，可能是扫描件，请先做文字识别（OCR）再放入。"),
        (pdf([[(280.0, 30.0, 10.0, "- 1 -")]]), "PDF 里没有文字，可能是扫描件，请先做文字识别（OCR）再放入。"),
        (
            pdf([wrapped([SECOND])], LOCKED),
            "PDF 有密码保护，请取消密码后重新导出。",
        ),
        (b"%PDF-1.7\nnothing", "不是真正的 PDF 文件或文件已损坏，请用原来的程序重新导出为 .pdf。"),
        (
            pdf([[(80.0, 700.0, 16.0, "\ue001\ue002\ue003\ue004讲话")]]),
            "PDF 的字体没有文字对照表，读出来是乱码，请改用它的 Word 原件，或做文字识别（OCR）。",
        ),
    ],
)
def test_pdf_faults(tmp_path: Path, data: bytes, said: str) -> None:
    assert reason(tmp_path, "某.pdf", data) == said


@settings(max_examples=150, deadline=None)
@given(st.integers())
def test_damaged_pdf_raises_nothing_but_reading_errors(seed: int) -> None:
    try:
        extract = read_pdf(damage(PDF_ONCE, seed))
    except ReadingError:
        return
    assert list(extract.pages) == sorted(extract.pages)
    extract.text.encode("utf-8")


PDF_ONCE = pdf([wrapped([LONG]), wrapped([SECOND])])


def test_every_mend_is_in_the_documentation() -> None:
    guide = (Path(__file__).parents[1] / "docs" / "formats.md").read_text(encoding="utf-8")
    code = "".join(Path(module.__file__ or "").read_text(encoding="utf-8") for module in (reading, formats))
    said = re.findall(r'(?:ReadingError\(f?|Problem\(file.path, )"(.*)。"\)', code)
    mends = ["请" + message.partition("，请")[2] for message in said] + [mend for _, mend in reading._MENDS]
    assert len(mends) > 25
    assert [mend for mend in mends if "{" not in mend and mend not in guide] == []
