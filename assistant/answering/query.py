"""Query wordings: a question as one index is asked it, each wording parsed once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from assistant.answering.scope import Names
from assistant.answering.sentences.answer_type import defined
from assistant.language.question import Kind, Question, parse_question

DEFINING = "所称{}，是指"


@dataclass(frozen=True)
class Wording:
    """One wording: `sought` is used to search passages, `asked` (in the glossary's form) to score sentences.

    The `text` of `asked` stays as it was typed.
    """

    sought: Question
    asked: Question

    @cached_property
    def defining(self) -> Question | None:
        """The question in the words with which documents begin a definition; None where no definition is asked for."""
        subject = defined(self.asked) if self.asked.kind is Kind.DEFINITION else ""
        return parse_question(DEFINING.format(subject)) if subject else None


class Query:
    """The question of a turn, ready to be asked of any choice of documents.

    A document's name in a question says where to look, not what for: where that document may be searched, the
    question is taken without the name.
    """

    def __init__(self, question: Question, names: Names, canonical: Callable[[str], str]) -> None:
        self.question = question
        self._canonical = canonical
        self._named, self._rest = names.in_question(question.text)

    def of(self, documents: Sequence[str] | None) -> tuple[Wording, Sequence[str] | None]:
        """Return the wording to use for these document ids (None for all), and the ids of those to search."""
        given = None if documents is None else set(documents)
        allowed = [n for n in self._named if given is None or n in given]
        wording = self._nameless if allowed and self._rest.strip("？?。的") else self._whole
        return wording, allowed or documents

    @cached_property
    def _whole(self) -> Wording:
        return self._worded(self.question)

    @cached_property
    def _nameless(self) -> Wording:
        return self._worded(parse_question(self._rest))

    def _worded(self, sought: Question) -> Wording:
        form = self._canonical(sought.text)
        asked = sought if form == sought.text else parse_question(form)
        return Wording(sought, replace(asked, text=sought.text, heading=self.question.heading))
