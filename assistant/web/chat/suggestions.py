"""Suggested questions on the page: examples to begin with, and next questions after an answer.

They have routes of their own instead of Gradio events: when the last event of a page ends, Gradio closes its
stream of answers, and the answer to a question sent at that moment would be lost.
"""

from itertools import islice
from typing import TYPE_CHECKING, Any

from assistant.accounts.visitor import Visitor
from assistant.answering.answer import Status
from assistant.answering.conversation.suggestions import suggest
from assistant.answering.service import Service
from assistant.base.errors import AssistantError
from assistant.base.settings import Use
from assistant.documents.catalog import load_catalog
from assistant.language.question import parse_question
from assistant.web.chat.requests import NextRequest
from assistant.web.endpoint import endpoint
from assistant.web.last_answers import Last
from assistant.web.requests import checked
from assistant.web.routing import Route, Routes

if TYPE_CHECKING:
    from assistant.web.desk import Desk

EXAMPLES = 4
EXAMPLES_TRIED = 8  # each costs as much as an answer
EXAMPLE_TITLE_CHARACTERS = 40


def next_questions(service: Service, last: Last) -> list[str]:
    """Return questions that could be asked after an answer."""
    within = last.scope.ids(service.documents())
    return suggest(service.answerer, last.answer, last.conversation, last.asked, within)


def example_questions(service: Service) -> list[str]:
    """Return the example questions that are answered: those of the catalogue, then ones about the documents."""
    titles = dict.fromkeys(record.title for record in service.documents())
    about = (f"《{title}》主要讲了什么？" for title in titles if len(title) <= EXAMPLE_TITLE_CHARACTERS)
    offered = islice(dict.fromkeys([*load_catalog(service.settings.corpus).examples, *about]), EXAMPLES_TRIED)
    ask = service.answerer.answer  # in the documents' own words: no language model is asked for this
    return list(islice((text for text in offered if ask(parse_question(text)).status is Status.ANSWERED), EXAMPLES))


def add_routes(routes: Routes, desk: "Desk") -> None:
    """Add the routes of suggestions.js; errors give an empty list, for the page works without suggestions."""

    def examples(visitor: Visitor, _: dict[str, Any]) -> list[str]:
        try:
            return example_questions(desk.service_for(visitor))
        except AssistantError:
            return []

    def following(visitor: Visitor, said: dict[str, Any]) -> list[str]:
        try:
            asked = checked(NextRequest, said)
            last = desk.last_answers.recall(asked.id, asked.serial, visitor)
            return next_questions(desk.service_for(visitor), last) if last else []
        except AssistantError:
            return []

    endpoint(routes, Route("GET", "/api/examples"), examples)
    endpoint(routes, Route("POST", "/api/next", use=Use.READ), following)
