"""Bytes of a text file to text: which encoding it is in, by the share of common characters.

Decides between UTF-8, UTF-16, UTF-32, GB18030 and Big5. Where that cannot decide, the file is
refused, and charset-normalizer only names the likely encoding for the error: as a judge it
misread short Chinese texts (assistant/documents/README.md). Line ends, controls and warnings are for `document`.
"""

import codecs
import re
from collections import Counter

from assistant.base.errors import ReadingError
from assistant.base.text import HAN

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
_NAMED_BY = 20_000
_JUDGED = re.compile("utf|ascii|gb|big5$|cp950")  # what charset-normalizer calls the encodings that were refused here
_USUAL_NAMES = {"cp932": "shift_jis", "cp949": "euc_kr"}
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
    if name := _likely(_sample(data)):
        return ReadingError(f"看起来是 {name} 编码，请用 Word 或 WPS 按这种编码打开，确认没有乱码后另存为 .docx。")
    return ReadingError("文字编码无法识别，请用记事本打开，确认没有乱码后另存为 UTF-8。")


def _likely(data: bytes) -> str | None:
    """Return the name of an encoding that `decode` does not know and `data` is likely in."""
    from charset_normalizer import from_bytes

    head = data[:_NAMED_BY]
    whole_lines = head if len(data) <= _NAMED_BY else head[: head.rfind(b"\n") + 1] or head
    best = from_bytes(whole_lines).best()
    name = best.encoding if best else ""
    return _USUAL_NAMES.get(name, name) if name and not _JUDGED.match(name) else None


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
