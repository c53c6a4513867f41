"""Which files there are, what becomes of each, and what is said of those that cannot be read."""

import dataclasses
import hashlib
import io
import os
import re
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import docx
import pytest

from assistant.base.errors import ReadingError
from assistant.documents import document as document_module
from assistant.documents import docx as docx_reading
from assistant.documents import encodings, pdf
from assistant.documents.catalog import Catalog, CatalogEntry
from assistant.documents.document import Document, Problem, SourceFile, list_files, read_file
from assistant.documents.formats import Heading, markdown_headings
from support.encoded import SIMPLIFIED, SPEECH, TRADITIONAL
from support.paths import ROOT


def read_corpus(files: Iterable[SourceFile], catalog: Catalog) -> Iterator[Document | Problem]:
    """Read the files as `builder` does: what cannot be read becomes a Problem."""
    for file in files:
        try:
            yield read_file(file, catalog.entry_for(file.path))
        except ReadingError as error:
            yield Problem(file.path, str(error))


def read(folder: Path, name: str, data: bytes, limit: int = document_module.MAX_BYTES) -> Document:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return read_file(SourceFile(name, path, len(data), 0), CatalogEntry(), limit)


def reason(folder: Path, name: str, data: bytes, limit: int = document_module.MAX_BYTES) -> str:
    with pytest.raises(ReadingError) as caught:
        read(folder, name, data, limit)
    assert "\n" not in str(caught.value)
    assert str(caught.value).endswith("。")
    return str(caught.value)


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


MEND = "请拆成几份，或调大设置 max_file_mb 后运行 build --full。"


def test_size_limit(tmp_path: Path) -> None:
    data = "讲话".encode()
    assert read(tmp_path, "甲.txt", data, limit=6).text == "讲话"
    assert reason(tmp_path, "甲.txt", data, limit=5) == "文件超过 5 字节的上限，" + MEND
    assert reason(tmp_path, "甲.docx", data * 500_000, limit=2_500_000) == "文件超过 2.5 MB 的上限，" + MEND


def test_text_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document_module, "MAX_CHARACTERS", 30_000)
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
    assert document.id == document_module.document_id(name) == document_module.document_id(file.path)
    assert document.title == unicodedata.normalize("NFC", name)[:-4]


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
    code = f"import assistant.documents.document, sys; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == "[]"


# ---- Word documents and PDF as files


def docx_data(*paragraphs: str) -> bytes:
    document, buffer = docx.Document(), io.BytesIO()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(buffer)
    return buffer.getvalue()


def test_docx_as_a_file(tmp_path: Path) -> None:
    document = read(tmp_path, "甲.docx", docx_data("总则", "内容"))
    assert (document.text, document.encoding, document.pages, document.warnings) == ("总则\n内容", None, (), ())


def test_docx_truncated_and_other_archives(tmp_path: Path) -> None:
    data = docx_data("内容")
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
    assert reason(tmp_path, "白.docx", docx_data()) == "文件里只有空白，没有文字，请重新保存或删除它。"


def test_every_mend_is_in_the_documentation() -> None:
    guide = (ROOT / "assistant" / "documents" / "README.md").read_text(encoding="utf-8")
    code = "".join(
        Path(module.__file__ or "").read_text(encoding="utf-8")
        for module in (document_module, encodings, docx_reading, pdf)
    )
    said = re.findall(r'(?:ReadingError\(f?|Problem\(file.path, )"(.*)。"\)', code)
    mends = ["请" + message.partition("，请")[2] for message in said] + [mend for _, mend in document_module._MENDS]
    assert len(mends) > 25
    assert [mend for mend in mends if "{" not in mend and mend not in guide] == []
