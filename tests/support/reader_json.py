"""What the reader's routes answer, as the browser reads it."""

from typing import Any

from pydantic_core import to_jsonable_python

from assistant.web.reader import routes


def open_place(*asked: Any) -> Any:
    return to_jsonable_python(routes.open_place(*asked))


def more_paragraphs(*asked: Any) -> Any:
    return to_jsonable_python(routes.more_paragraphs(*asked))


def find_in_document(*asked: Any) -> Any:
    return to_jsonable_python(routes.find_in_document(*asked))
