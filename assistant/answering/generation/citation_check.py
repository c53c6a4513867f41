"""Citation check: a sentence written by a language model against exactly the passages whose markers it carries.

The words before a marker must restate its passage (`paraphrase.py`). A sentence is rejected if it has no marker
or an unknown one, or holds links, markup, or invisible or odd characters. A false alarm costs only wording: the
passage is quoted instead.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.answering.generation.paraphrase import Restated, restates
from assistant.language.tokens import letters

SENTENCE_MOST = 300

_MARKER = re.compile(r"\[([1-9][0-9]?)\]")
_MARKERS = re.compile(r"((?:\s*\[[1-9][0-9]?\])+)")
_COMMON = re.compile("[\u4e00-\u9fffA-Za-z0-9０-９Ａ-Ｚａ-ｚ%％.,，。；;：:！？!?、“”‘’《》〈〉（）()…—·/ \u3000-]")
_MARKUP = re.compile(r"[\[\]<>*_#`|\\~]|://|www\.")
_PAIR = re.compile(r"“[^“”]*”|‘[^‘’]*’|《[^《》]*》|（[^（）]*）|\([^()]*\)")
_SINGLE = re.compile("[“”‘’《》（）()]")
_QUOTED = re.compile('[“‘「『"]([^“”‘’「」『』"]*)[”’」』"]')
_TITLE = re.compile("《([^《》]*)》")
_EDGE = "，,；;、：:。！？!? 　"
_SAYS = "(?:的?(?:规定|要求|指出|强调|提出|明确|提到))?[，,：:]?"


@dataclass(frozen=True)
class Source:
    """A passage that may be cited, with the title of its document and its section there."""

    text: str
    title: str = ""
    section: str = ""


@dataclass(frozen=True)
class Verdict:
    """Whether a sentence may be shown, the existing passages whose markers it carries, and the flaw if not.

    `inside`: its first words come from the middle of a sentence of the passage.
    """

    sound: bool
    markers: tuple[int, ...] = ()
    reason: str = ""
    inside: bool = False


def check(sentence: str, sources: Mapping[int, Source]) -> Verdict:
    """Return the verdict on one sentence with its markers; `sources` are the passages by marker."""
    cited = [int(number) for number in _MARKER.findall(sentence)]
    known = tuple(dict.fromkeys(n for n in cited if n in sources))
    reason = _flaw(sentence, cited, sources)
    if reason:
        return Verdict(False, known, reason)
    parts = _MARKERS.split(sentence)[:-1]
    found = [
        [_says(sources[int(n)], words, at > 0) for n in _MARKER.findall(markers)]
        for at, (words, markers) in enumerate(zip(parts[::2], parts[1::2], strict=True))
    ]
    if any(Restated.NO in each for each in found):
        return Verdict(False, known, "not what the passage says")
    return Verdict(True, known, inside=Restated.INSIDE in found[0])


def _flaw(sentence: str, cited: list[int], sources: Mapping[int, Source]) -> str:
    """Return what is wrong with the looks of a sentence, "" for nothing."""
    if not cited:
        return "no marker"
    if any(number not in sources for number in cited):
        return "a marker that does not exist"
    if len(sentence) > SENTENCE_MOST:
        return "too long"
    passages = [sources[number] for number in cited]
    bare = _MARKER.sub("", sentence)
    odd = [c for c in bare if not _COMMON.match(c) and not any(c in p.text for p in passages)]
    if odd or _MARKUP.search(bare) or _SINGLE.search(_PAIR.sub("", bare)):
        return "odd characters, markup, or a bracket left open"
    if _MARKERS.split(sentence)[-1].strip(_EDGE + "”’）)"):
        return "words behind the last marker"
    return ""


def _says(passage: Source, words: str, continuing: bool) -> Restated:
    bare = words.strip(_EDGE)
    wordings = dict.fromkeys((bare, _without_place(bare, passage)))
    found = (restates(words, passage.text, continuing) for words in wordings if _quotes_hold(words, passage.text))
    return next((one for one in found if one is not Restated.NO), Restated.NO)


def _quotes_hold(words: str, text: str) -> bool:
    """Say whether each quoted term and each 《title》 in `words` is quoted or titled in `text`, too."""
    for pattern in (_QUOTED, _TITLE):
        there = {letters(quoted) for quoted in pattern.findall(text)}
        if not {letters(quoted) for quoted in pattern.findall(words)} <= there:
            return False
    return True


def _without_place(words: str, passage: Source) -> str:
    """Return `words` without 根据《…》第…条规定 before them, where that is the passage's own place."""
    title, section = re.escape(passage.title), re.escape(passage.section.rsplit(" · ", 1)[-1])
    named = rf"(?:根据|按照|依据)?《{title}》(?:{section})?{_SAYS}"
    return re.sub(f"^{named}", "", words, count=1)
