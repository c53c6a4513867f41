"""A question as one index is asked it: in the wordings that searching and comparing need, each parsed once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from assistant.answering.scope import Names
from assistant.answering.sentences.answer_type import defined
from assistant.language.question import Kind, Question, parse_question

DEFINING = "所称{}，是指"


@dataclass(frozen=True)
class Wording:
    """One wording: `sought` as passages are searched for it; `asked`, its `text` apart, in the glossary's form."""

    sought: Question
    asked: Question

    @cached_property
    def defining(self) -> Question | None:
        """How documents begin to define what is asked about; None where no definition is asked for."""
        subject = defined(self.asked) if self.asked.kind is Kind.DEFINITION else ""
        return parse_question(DEFINING.format(subject)) if subject else None


class Query:
    """A question of a turn, for any choice of documents.

    A document's name in it says where to look, not for what: where that document may be looked in, the
    question is taken without the name.
    """

    def __init__(self, question: Question, names: Names, canonical: Callable[[str], str]) -> None:
        self.question = question
        self._canonical = canonical
        self._named, self._rest = names.in_question(question.text)

    def of(self, documents: Sequence[str] | None) -> tuple[Wording, Sequence[str] | None]:
        """Return the wording for these document ids, all if None, and the ids of those to look in."""
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
