"""What `encodings` decides, on single sentences, on many short pieces of real text and on any bytes."""

import codecs
import itertools
import json
import lzma
import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant.base.errors import ReadingError
from assistant.documents.encodings import decode

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
