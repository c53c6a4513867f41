"""What `encodings` decides, on single sentences, on many short pieces of real text and on any bytes."""

import codecs
import itertools
import json
import lzma
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.base.errors import ReadingError
from assistant.documents.encodings import decode
from support.encoded import SIMPLIFIED, SPEECH, TRADITIONAL
from support.paths import SHARED_DATA


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


@pytest.mark.skipif(not SHARED_DATA.exists(), reason="the shared data is absent")
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
    with lzma.open(SHARED_DATA / source, "rt", encoding="utf-8") as lines:
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


RUSSIAN = "Сегодня состоялось заседание правительства, на котором обсуждались вопросы развития экономики."
JAPANESE = "個人情報の保護に関する法律の施行について、次のとおり通知します。"
GERMAN = "Für die Durchführung der Maßnahmen sind die Länder zuständig. Größere Änderungen müssen genehmigt werden."


@pytest.mark.parametrize(
    ("text", "codec", "name"),
    [
        (JAPANESE, "shift_jis", "shift_jis"),
        (JAPANESE * 1000, "shift_jis", "shift_jis"),
        ("\r\n".join([JAPANESE] * 1000), "shift_jis", "shift_jis"),
        (RUSSIAN, "koi8_r", "koi8_r"),
        (RUSSIAN, "cp1251", "cp1251"),
        (GERMAN, "cp1252", "cp1250"),  # the bytes of this text say the same in both
    ],
)
def test_an_encoding_that_is_not_read_is_named(text: str, codec: str, name: str) -> None:
    with pytest.raises(ReadingError) as caught:
        decode(text.encode(codec))
    said = f"看起来是 {name} 编码，请用 Word 或 WPS 按这种编码打开，确认没有乱码后另存为 .docx。"
    assert str(caught.value) == said
    assert text.encode(codec).decode(name) == text


def test_gb18030_that_happens_to_be_valid_utf8() -> None:
    data = "一台".encode("gb18030")
    assert data.decode("utf-8") == "һ\u0328"
    assert decode(data) == ("一台", "gb18030")


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


@given(COMMON_TEXT, st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]))
def test_round_trip(text: str, codec: str) -> None:
    assert decode(text.encode(codec))[0] == text


@given(
    st.permutations(TRADITIONAL).map("".join),
    st.integers(8, 200),
    st.sampled_from(["big5", "gb18030", "utf-16-be"]),
)
def test_round_trip_of_traditional_text(text: str, length: int, codec: str) -> None:
    assert decode(text[:length].encode(codec))[0] == text[:length]


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
def test_any_text_round_trips_with_a_byte_order_mark(text: str) -> None:
    assert decode(text.encode("utf-8-sig")) == (text, "utf-8")
    assert decode(text.encode("utf-16")) == (text, "utf-16")
