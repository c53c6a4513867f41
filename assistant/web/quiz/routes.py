"""The page 测验: trainers publish the questions of a pack and see results, others take the quiz.

A quiz made from documents that the visitor may not read, and another person's paper, give the same error as one
that does not exist. Right answers are not sent before the paper is handed in (`views.going`).
"""

from collections.abc import Sequence
from time import time
from typing import TYPE_CHECKING, Any

from assistant.accounts.visitor import Role, Visitor
from assistant.answering.service import Service
from assistant.base.errors import MissingError, SettingsError
from assistant.base.settings import Use
from assistant.study.paper.editing import marked
from assistant.study.quiz.quiz import (
    Attempt,
    Quiz,
    answers_of,
    asked_items,
    name_of,
    paper,
    shows_answers,
    title_of,
)
from assistant.study.quiz.quiz_store import NO_ATTEMPT, NO_QUIZ, QuizLine, Taker
from assistant.study.quiz.results import mistakes
from assistant.study.quiz.results_workbook import results_workbook
from assistant.study.staleness import State, documents_of, missing, quotes_of, state_of, views_of
from assistant.web.assets import add_page, own_page
from assistant.web.endpoint import Download, download, endpoint
from assistant.web.quiz import trainer_views, views
from assistant.web.quiz.requests import (
    AnswersRequest,
    AttemptRequest,
    ChangeRequest,
    ListRequest,
    MarkRequest,
    PaperRequest,
    PublishRequest,
    QuizRequest,
    RemoveRequest,
    StartRequest,
)
from assistant.web.requests import checked
from assistant.web.routing import Route, Routes, visitor_of
from assistant.web.testing.routes import XLSX

if TYPE_CHECKING:
    from fastapi import Request

    from assistant.web.desk import Desk

Body = dict[str, Any]

ANSWERS_LIMIT = 500_000  # bytes
STALE = "这份材料的试题有 {} 处出处已变动：请先点“按现在的文件重新生成”，再发布。"
NOT_SHOWN = "这份测验现在不公布答案，不能重做错题：请等培训员公布。"
NO_MISTAKES = "没有可以重做的错题：请回到测验列表。"


def add_routes(routes: Routes, desk: "Desk") -> None:
    """Add the page, its JSON routes, and the workbook of results."""
    tests = QuizPage(desk)
    add_page(routes, Route("GET", "/quiz"), own_page("quiz", "测验", "reader", "quiz"))
    endpoint(routes, Route("POST", "/api/quiz/listed", use=Use.ANSWER), tests.listed)
    endpoint(routes, Route("POST", "/api/quiz/start", use=Use.ANSWER), tests.start)
    endpoint(routes, Route("POST", "/api/quiz/attempt", use=Use.ANSWER), tests.attempt)
    endpoint(routes, Route("POST", "/api/quiz/again", use=Use.ANSWER), tests.again)
    endpoint(routes, Route("POST", "/api/quiz/save", limit=ANSWERS_LIMIT, use=Use.ANSWER), tests.save)
    endpoint(routes, Route("POST", "/api/quiz/hand", limit=ANSWERS_LIMIT, use=Use.ANSWER), tests.hand)
    endpoint(routes, Route("POST", "/api/quiz/publish", Role.TRAINER, use=Use.ANSWER), tests.publish)
    endpoint(routes, Route("POST", "/api/quiz/change", Role.TRAINER, use=Use.ANSWER), tests.change)
    endpoint(routes, Route("POST", "/api/quiz/remove", Role.TRAINER, use=Use.ANSWER), tests.remove)
    endpoint(routes, Route("POST", "/api/quiz/mark", Role.TRAINER, use=Use.ANSWER), tests.mark)
    endpoint(routes, Route("GET", "/api/quiz/results", Role.TRAINER, use=Use.ANSWER), tests.results)
    endpoint(routes, Route("GET", "/api/quiz/paper", Role.TRAINER, use=Use.ANSWER), tests.paper)

    def results(request: "Request") -> Download:
        return tests.workbook(visitor_of(request.scope), dict(request.query_params))

    download(routes, Route("GET", "/quiz/results.xlsx", Role.TRAINER, use=Use.ANSWER), results)


class QuizPage:
    """Handlers of the page's routes; each gets the visitor and the request's JSON."""

    def __init__(self, desk: "Desk") -> None:
        self._desk, self._kept = desk, desk.quizzes

    def listed(self, visitor: Visitor, body: Body) -> views.QuizList:
        """Return the quizzes that the visitor can take or has taken, and those they made."""
        service, papers = self._service(visitor), self._kept.own(visitor.name, checked(ListRequest, body).attempts)
        rows: list[views.QuizRow] = []
        for found in self._kept.listed():
            lost, mine = missing(service, found.documents), _owns(visitor, found.owner)
            own = [one for one in papers if one.quiz == found.id]
            if lost and mine:
                rows.append(views.lost_row(found, lost))
            elif not lost and (mine or own or found.settings.is_open):
                rows.append(self._row(found, mine, own))
        return views.QuizList(visitor.role.covers(Role.TRAINER), bool(visitor.name), rows)

    def publish(self, visitor: Visitor, body: Body) -> trainer_views.Published:
        """Make a quiz of the questions of one of the visitor's packs."""
        said = checked(PublishRequest, body)
        pack = self._desk.packs.get(visitor.name, said.pack).pack
        documents = views_of(self._service(visitor), pack)
        items = asked_items(marked(pack).items)
        quotes = set(quotes_of(items))
        moved = sum(state_of(documents[q.document_id].text, q.start, q.end, q.text) is not State.HERE for q in quotes)
        if moved:
            raise SettingsError(STALE.format(moved))
        title = title_of(said.title, items)
        made = self._kept.publish(visitor.name, title, items, documents_of(pack), said.settings.settings)
        return trainer_views.Published(made.id, made.title, len(made.items))

    def start(self, visitor: Visitor, body: Body) -> views.Paper:
        """Return a new paper of a quiz, or the account's paper that is not handed in yet."""
        said = checked(StartRequest, body)
        quiz = self._readable(visitor, self._kept.get(said.quiz), NO_QUIZ)
        taker = Taker(visitor.name, visitor.name or name_of(said.name))
        return self._shown(visitor, quiz, self._kept.start(quiz, taker))

    def attempt(self, visitor: Visitor, body: Body) -> views.Paper:
        """Return one of the visitor's papers: to be answered, or marked."""
        return self._shown(visitor, *self._own(visitor, checked(AttemptRequest, body).attempt))

    def save(self, visitor: Visitor, body: Body) -> views.Left:
        """Keep the answers so far."""
        said = checked(AnswersRequest, body)
        quiz, attempt = self._own(visitor, said.attempt)
        self._kept.save(attempt, answers_of(said.answers, paper(quiz, attempt)))
        return views.Left(views.left(attempt, time()))

    def hand(self, visitor: Visitor, body: Body) -> views.Paper:
        """Hand a paper in; return it marked."""
        said = checked(AnswersRequest, body)
        quiz, attempt = self._own(visitor, said.attempt)
        self._kept.hand_in(attempt, answers_of(said.answers, paper(quiz, attempt)))
        return self._shown(visitor, quiz, self._kept.attempt(attempt.id, visitor.name))

    def again(self, visitor: Visitor, body: Body) -> views.Paper:
        """Return a new practice paper with the questions answered wrong in a paper that was handed in."""
        quiz, before = self._own(visitor, checked(AttemptRequest, body).attempt)
        if not shows_answers(quiz, before):
            raise SettingsError(NOT_SHOWN)
        wrong = mistakes(quiz, before)
        if not wrong:
            raise SettingsError(NO_MISTAKES)
        return self._shown(visitor, quiz, self._kept.again(quiz, before, wrong))

    def change(self, visitor: Visitor, body: Body) -> views.Settings:
        """Open or close a quiz, and say when answers are shown."""
        said = checked(ChangeRequest, body)
        changed = self._kept.change(self._mine(visitor, said.quiz), said.is_open, said.shown)
        return views.Settings(changed.settings)

    def remove(self, visitor: Visitor, body: Body) -> Body:
        """Delete a quiz, or one of its papers."""
        said = checked(RemoveRequest, body)
        quiz = self._owned(visitor, said.quiz)
        if said.number:
            self._kept.remove_attempt(quiz.id, said.number)
        else:
            self._kept.remove(quiz.id)
        return {}

    def mark(self, visitor: Visitor, body: Body) -> views.MarkedPaper:
        """Give points to a short answer; return the paper as it is marked now."""
        said = checked(MarkRequest, body)
        quiz = self._mine(visitor, said.quiz)
        self._kept.mark(quiz, said.number, said.question, said.points)
        return self._handed(visitor, quiz, str(said.number))

    def results(self, visitor: Visitor, query: Body) -> trainer_views.Results:
        """Return the results of a quiz."""
        quiz = self._mine(visitor, checked(QuizRequest, query).quiz)
        return trainer_views.results(quiz, self._kept.attempts(quiz.id), self._views(visitor, quiz))

    def paper(self, visitor: Visitor, query: Body) -> views.MarkedPaper:
        """Return a paper that was handed in, for the trainer."""
        said = checked(PaperRequest, query)
        return self._handed(visitor, self._mine(visitor, said.quiz), said.number)

    def workbook(self, visitor: Visitor, query: Body) -> Download:
        """Return the results as .xlsx."""
        quiz = self._mine(visitor, checked(QuizRequest, query).quiz)
        data = results_workbook(quiz, self._kept.attempts(quiz.id))
        return Download(f"{quiz.title}-成绩.xlsx", XLSX, data)

    def _row(self, found: QuizLine, mine: bool, own: Sequence[Attempt]) -> views.QuizRow:
        quiz = self._kept.get(found.id) if own else None
        return views.readable_row(found, mine, [(one, quiz) for one in own] if quiz else [])

    def _shown(self, visitor: Visitor, quiz: Quiz, attempt: Attempt) -> views.Paper:
        if attempt.handed is None:
            return views.going(quiz, attempt, time())
        return views.own_handed(quiz, attempt, self._views(visitor, quiz))

    def _handed(self, visitor: Visitor, quiz: Quiz, number: str) -> views.MarkedPaper:
        """Return the paper `number` of a quiz for its trainer; raises `MissingError` where it was not handed in."""
        found = next((one for one in self._kept.attempts(quiz.id) if str(one.number) == number), None)
        if found is None or found.handed is None:
            raise MissingError(NO_ATTEMPT)
        return views.handed(quiz, found, self._views(visitor, quiz))

    def _own(self, visitor: Visitor, identity: str) -> tuple[Quiz, Attempt]:
        """Return one of the visitor's papers with its quiz; raises `MissingError`."""
        attempt = self._kept.attempt(identity, visitor.name)
        return self._readable(visitor, self._kept.get(attempt.quiz), NO_ATTEMPT), attempt

    def _owned(self, visitor: Visitor, identity: str) -> Quiz:
        """Return a quiz that the visitor manages; raises `MissingError`."""
        quiz = self._kept.get(identity)
        if not _owns(visitor, quiz.owner):
            raise MissingError(NO_QUIZ)
        return quiz

    def _mine(self, visitor: Visitor, identity: str) -> Quiz:
        """Return a quiz that the visitor manages and whose documents they may read."""
        return self._readable(visitor, self._owned(visitor, identity), NO_QUIZ)

    def _readable(self, visitor: Visitor, quiz: Quiz, problem: str) -> Quiz:
        if missing(self._service(visitor), quiz.documents):
            raise MissingError(problem)
        return quiz

    def _views(self, visitor: Visitor, quiz: Quiz) -> views.Views:
        service = self._service(visitor)
        return {identity: service.document(identity) for identity in quiz.documents}

    def _service(self, visitor: Visitor) -> Service:
        return self._desk.service().for_visitor(visitor)


def _owns(visitor: Visitor, owner: str) -> bool:
    """Say whether a visitor looks after the quizzes of `owner`: that is them, or they manage everything."""
    is_own = visitor.name == owner and visitor.role.covers(Role.TRAINER)
    return is_own or (visitor.role is Role.MANAGER and visitor.folders is None)
