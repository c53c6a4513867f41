"""What the contract promises of every answer."""

import json
import re
from typing import Any

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
    assert_told(answer)
    assert bool(answer.citations) == (answer.status is not Status.NOT_FOUND)


def assert_told(answer: Answer) -> None:
    """The blocks in JSON say all that `answer` does, and each quote stands in a statement that is marked with it."""
    table = json.loads(json.dumps(answer.as_json(), ensure_ascii=False))
    assert as_markdown(table["blocks"]) == table["answer"] == answer.answer
    assert {m for block in table["blocks"] for m in block["markers"]} == {c["marker"] for c in table["citations"]}
    said = {m: b["text"].strip("…") for b in table["blocks"] if b["kind"] == "statement" for m in b["markers"]}
    assert answer.generator or said == {c["marker"]: c["quote"].strip("…") for c in table["citations"]}


def as_markdown(blocks: list[dict[str, Any]]) -> str:
    """Return blocks in JSON as the Markdown of an answer, from docs/answers.md alone."""
    short = [block for block in blocks if block["kind"] == "short_answer"]
    text = ""
    for before, block in zip([None, *blocks], blocks, strict=False):
        kind = block["kind"]
        again = before is not None and before["kind"] == kind and kind in ("short_answer", "nearest")
        text += ("；" if kind == "short_answer" else "\n") if again else "\n\n" if before else ""
        if kind == "short_answer" and len(short) > 1:
            text += ("" if again else "各文件所说不同：") + shown(block["documents"]) + words_of(block)
        elif kind == "short_answer":
            text += words_of(block) + (f"（{block['validity']}）" if "validity" in block else "")
        elif kind == "heading":
            text += words_of(block) + (f"（{shown(block['documents'])}）" if "documents" in block else "")
        else:
            text += {"statement": f"{block.get('number')}. ", "nearest": "- "}.get(kind, "") + words_of(block)
    return text


def words_of(block: dict[str, Any]) -> str:
    """Return the words of a block with its markers, in bold where they stand out."""
    bold = "**" * (block["kind"] in ("heading", "short_answer"))
    text = ""
    for span in block.get("spans", [block]):
        text += f"{bold}{shown(span['text'])}{bold}" + " " * bool(span["markers"])
        text += "".join(f"[{marker}]" for marker in span["markers"])
    return text


def shown(words: str) -> str:
    """Return words with what Markdown would read escaped."""
    return "".join("\\" + character if character in "\\`*_[]<>#|~$&" else character for character in words)
