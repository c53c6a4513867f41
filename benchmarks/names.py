"""Names: what is answered of a thing that the documents do not hold, where they hold its neighbour.

benchmarks/names.toml holds 60 kinds of things, written by one who had not seen the program. For each a
corpus of two notices, about the first two of its eight names; then both questions are asked of all eight.
"""

import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.answering.answer import Status
from assistant.answering.service import Service
from assistant.base.settings import Settings

FILE = Path(__file__).with_name("names.toml")
KNOWN = 2
NUMBERS = (12, 30, 45, 80)
PROPER = 30  # the first kinds bear proper names (光明煤矿), the others ordinary words (运钞车)
NOTICE = "有关事项的通知\n各有关单位：\n现将有关事项通知如下。\n{said}\n"


def report(data: Path) -> Iterator[str]:
    """Yield the lines of the section; `data` is not needed."""
    kinds = tomllib.loads(FILE.read_text(encoding="utf-8"))["kind"]
    yield "| kinds | asked of a thing that is there | rightly answered | of one that is not | answered all the same |"
    yield "|---|---|---|---|---|"
    for name, chosen in (("proper names", kinds[:PROPER]), ("ordinary words", kinds[PROPER:])):
        total: Counter[str] = sum((_asked(kind) for kind in chosen), Counter())
        columns = (total[column] for column in ("known", "right", "unknown", "wrong"))
        yield f"| {name} | {' | '.join(map(str, columns))} |"


def _asked(kind: dict[str, Any]) -> Counter[str]:
    """Return how one kind's questions were answered."""
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder, "corpus")
        corpus.mkdir()
        for number, name in enumerate(kind["names"][:KNOWN]):
            said = kind["sentence"].format(name=name, number=NUMBERS[number])
            (corpus / f"{number}.txt").write_text(NOTICE.format(said=said), encoding="utf-8")
        service = Service(Settings(corpus=corpus, index=Path(folder, "index")))
        service.ensure()
        for question in kind["questions"]:
            for number, name in enumerate(kind["names"]):
                answer = service.ask(question.format(name=name))
                answered = answer.status is Status.ANSWERED
                if number < KNOWN:
                    counts.update(known=1, right=answered and name in answer.citations[0].quote)
                else:
                    counts.update(unknown=1, wrong=answered)
    return counts
