"""What the contract promises of every answer."""

import re

from assistant.answering.answer import Answer, Status
from assistant.answering.service import Service


def assert_sound(service: Service, answer: Answer) -> None:
    """Markers count from 1, quotes are verbatim in their paragraphs, each stands in one numbered line."""
    assert [c.marker for c in answer.citations] == list(range(1, len(answer.citations) + 1))
    listed = [line for line in answer.answer.split("\n\n") if re.match(r"\d+\. ", line)]
    for c in answer.citations:
        view = service.document(c.document_id)
        assert view.text[c.start : c.end] == c.quote != ""
        paragraph = view.paragraphs[c.paragraph - 1]
        assert paragraph.start <= c.start < c.end <= paragraph.end
        assert sum(line.endswith(f" [{c.marker}]") for line in listed) == 1
        assert 0 <= c.score <= 1
    assert len(answer.citations) <= 8
    assert bool(answer.citations) == (answer.status is not Status.NOT_FOUND)
