"""Steps that a text counts (第一步, 第二步 …): what is to be put in order where they are no sections."""

import re
from collections.abc import Iterator

from assistant.numerals import numeral
from assistant.study.pack import Quote
from assistant.study.statements import balanced
from assistant.study.texts import Text

STEPS_LEAST, STEPS_MOST = 3, 6
SHORTEST, LONGEST = 4, 60
_MARK = re.compile("第([一二三四五六七八九十])步[，、：:是要 ]{0,2}")
_END = re.compile("[。；\n]")
_TELLS = re.compile("首先|其次|最后|然后|随后|接着|最终|上一步|下一步|第.步")


def steps(text: Text) -> Iterator[list[Quote]]:
    """Yield the steps of each procedure of the sentences that may be used, in their order, without their marks."""
    run: list[Quote] = []
    for sentence in text.sentences:
        words = text.words(sentence)
        mark = _MARK.match(words)
        if mark is None:
            continue
        number = numeral(mark.group(1))
        if number != len(run) + 1:
            yield from _fit(run)
            run = []
        if number == len(run) + 1:
            start = sentence.start + mark.end()
            stop = _END.search(text.text, start, sentence.end)
            run.append(text.quote(start, stop.start() if stop else sentence.end))
    yield from _fit(run)


def _fit(run: list[Quote]) -> Iterator[list[Quote]]:
    """Yield a run of steps where they can be asked for."""
    shown = [quote.text for quote in run]
    sized = STEPS_LEAST <= len(run) <= STEPS_MOST and len(set(shown)) == len(shown)
    near = sized and run[-1].paragraph - run[0].paragraph <= STEPS_MOST
    if near and all(SHORTEST <= len(one) <= LONGEST and balanced(one) and not _TELLS.search(one) for one in shown):
        yield run
