"""What stands out in the wording of documents: variants, doubled or missing characters, unpaired marks."""

from collections.abc import Sequence

from assistant.study.pack import Remark
from assistant.study.texts import Text


def remarks(texts: Sequence[Text]) -> tuple[Remark, ...]:
    """Return what a reader may stumble over, in the order of the source."""
    return ()
