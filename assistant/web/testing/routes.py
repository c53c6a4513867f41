"""The page 命中测试 for trainers: explain one answer; run, compare, keep and export question sets.

Everything is done on behalf of the visitor: only with documents in their folders and their own sets.
"""

import base64
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Any

from assistant.accounts.visitor import Role, Visitor
from assistant.answering.answerer import Answerer
from assistant.answering.service import Service
from assistant.base.errors import AssistantError, SettingsError
from assistant.base.jobs import Job, Jobs, Progress
from assistant.base.settings import Use
from assistant.evaluation.explanation import explain
from assistant.evaluation.question_sets import doubts, parse_set, template
from assistant.evaluation.run_store import Regression, StoredRun, StoredSet
from assistant.evaluation.run_workbook import run_workbook
from assistant.evaluation.runs import Corpus, RunFacts, changed, index_digest, run_set
from assistant.language.question import check_question
from assistant.web.assets import add_page, own_page
from assistant.web.endpoint import BAD_REQUEST, Download, download, endpoint
from assistant.web.routing import Route, Routes, visitor_of
from assistant.web.testing import views as shapes

if TYPE_CHECKING:
    from fastapi import Request

    from assistant.web.desk import Desk

SETTINGS_MOST = 2
UPLOAD_LIMIT = 3_000_000
DOUBTS_SHOWN = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NAME_LIMIT = 200


@dataclass(frozen=True)
class Trial:
    """The settings to try a question or a set with."""

    dense_weight: float
    answer_threshold: float


def add_routes(routes: Routes, desk: "Desk") -> None:
    """Add the page, its JSON routes, and the workbooks to download."""
    tests = Tests(desk, Regression(desk.settings.question_sets), Jobs())
    add_page(routes, Route("GET", "/testing"), own_page("testing", "命中测试", "testing"))
    endpoint(routes, Route("POST", "/api/testing/explain", Role.TRAINER, use=Use.QUESTION), tests.explain)
    endpoint(routes, Route("POST", "/api/testing/upload", Role.TRAINER, UPLOAD_LIMIT, Use.UPLOAD), tests.upload)
    endpoint(routes, Route("POST", "/api/testing/run", Role.TRAINER), tests.run)
    endpoint(routes, Route("POST", "/api/testing/stop", Role.TRAINER), tests.stop)
    endpoint(routes, Route("POST", "/api/testing/remove", Role.TRAINER), tests.remove)
    endpoint(routes, Route("GET", "/api/testing/sets", Role.TRAINER), tests.sets)
    endpoint(routes, Route("GET", "/api/testing/set", Role.TRAINER), tests.set)
    endpoint(routes, Route("GET", "/api/testing/job", Role.TRAINER), tests.job)
    endpoint(routes, Route("GET", "/api/testing/result", Role.TRAINER), tests.result)
    endpoint(routes, Route("GET", "/api/testing/compare", Role.TRAINER), tests.compare)

    def blank(_: "Request") -> Download:
        return Download("命中测试模板.xlsx", XLSX, template())

    def result(request: "Request") -> Download:
        return tests.workbook(visitor_of(request.scope), dict(request.query_params))

    download(routes, Route("GET", "/testing/template.xlsx", Role.TRAINER), blank)
    download(routes, Route("GET", "/testing/result.xlsx", Role.TRAINER), result)


class Tests:
    """Handlers of the page's routes; each gets the visitor and the request's JSON."""

    def __init__(self, desk: "Desk", kept: Regression, jobs: Jobs) -> None:
        self._desk, self._kept, self._jobs = desk, kept, jobs

    def explain(self, visitor: Visitor, body: dict[str, Any]) -> dict[str, Any]:
        """Return the explanation of one question's answer, with other settings if the request names them."""
        question, problem = check_question(_clean(body.get("question")))
        if problem:
            raise SettingsError(problem)
        service = self._service(visitor)
        return shapes.explanation(explain(_tried(service, _trial(body, service)), question))

    def sets(self, visitor: Visitor, _: dict[str, Any]) -> dict[str, Any]:
        """Return the visitor's sets, the current settings, and their unfinished job."""
        settings, job = self._desk.settings, self._jobs.latest(visitor.name)
        trial = Trial(settings.dense_weight, settings.answer_threshold)
        kept = [shapes.set_line(s, self._kept.runs(visitor, s.id)) for s in self._kept.sets(visitor)]
        return {"settings": asdict(trial), "sets": kept, "job": job and shapes.job(job)}

    def set(self, visitor: Visitor, body: dict[str, Any]) -> dict[str, Any]:
        """Return a set with its runs, oldest first."""
        found = self._kept.get(visitor, _id(body, "set"))
        return shapes.whole_set(found, self._kept.runs(visitor, found.id), self._now(visitor))

    def upload(self, visitor: Visitor, body: dict[str, Any]) -> dict[str, Any]:
        """Keep the questions of a table; return them with the rows that are unusable or cannot be met."""
        name, data = body.get("name"), body.get("data")
        if not isinstance(name, str) or not isinstance(data, str) or not 0 < len(name) <= NAME_LIMIT:
            raise SettingsError(BAD_REQUEST)
        parsed = parse_set(name, _bytes(data))
        corpus = Corpus(self._service(visitor).index.records)
        holders = corpus.holders(parsed.questions)
        made = self._kept.add(visitor, _clean(name.rpartition(".")[0]), parsed.questions)
        doubtful = doubts(parsed.questions, lambda line, text: bool(holders[line, text]), corpus.knows)
        return {
            "set": shapes.set_line(made, []),
            "problems": [asdict(p) for p in parsed.problems],
            "doubts": [asdict(p) for p in doubtful[:DOUBTS_SHOWN]],
        }

    def run(self, visitor: Visitor, body: dict[str, Any]) -> dict[str, Any]:
        """Start running a set with one or two settings in the background; return the job."""
        found, service = self._kept.get(visitor, _id(body, "set")), self._service(visitor)
        given = body.get("settings")
        if not isinstance(given, list) or not 1 <= len(given) <= SETTINGS_MOST:
            raise SettingsError(BAD_REQUEST)
        trials = [_trial(one, service) for one in given]
        return shapes.job(self._jobs.start(visitor.name, partial(self._work, visitor, found, trials)))

    def job(self, visitor: Visitor, body: dict[str, Any]) -> dict[str, Any]:
        """Return the progress of a job."""
        return shapes.job(self._job(self._jobs.get, visitor, body))

    def stop(self, visitor: Visitor, body: dict[str, Any]) -> dict[str, Any]:
        """Tell a job to stop."""
        return shapes.job(self._job(self._jobs.stop, visitor, body))

    def remove(self, visitor: Visitor, body: dict[str, Any]) -> dict[str, Any]:
        """Delete a run, or a set with its runs."""
        if "run" in body:
            self._kept.remove_run(visitor, _id(body, "run"))
        else:
            self._kept.remove(visitor, _id(body, "set"))
        return {}

    def result(self, visitor: Visitor, body: dict[str, Any]) -> dict[str, Any]:
        """Return the outcomes of a run's questions, with its totals."""
        run, name = self._run(visitor, body, "run")
        return shapes.whole_run(run, name, self._now(visitor))

    def compare(self, visitor: Visitor, body: dict[str, Any]) -> dict[str, Any]:
        """Return two runs of a set side by side, and the questions whose outcomes differ."""
        (first, name), (second, other) = (self._run(visitor, body, key) for key in ("first", "second"))
        if first.line.set_id != second.line.set_id:
            raise SettingsError(f"《{name}》和《{other}》不是同一组问题：请选同一组的两次运行。")
        pairs = changed(first.outcomes, second.outcomes)
        return {
            "name": name,
            "runs": [shapes.run_line(run.line, self._now(visitor)) for run in (first, second)],
            "changed": [{"before": shapes.outcome(a), "after": shapes.outcome(b)} for a, b in pairs],
        }

    def workbook(self, visitor: Visitor, query: dict[str, Any]) -> Download:
        """Return a run as .xlsx."""
        run, name = self._run(visitor, query, "run")
        stamp = shapes.when(run.line.at).replace(":", "").replace(" ", "-")
        data = run_workbook(name, run.line.at, run.line.facts, run.outcomes)
        return Download(f"{name}-{stamp}.xlsx", XLSX, data)

    def _work(self, visitor: Visitor, found: StoredSet, trials: Sequence[Trial], progress: Progress) -> None:
        service = self._service(visitor)
        for count, trial in enumerate(trials, 1):
            which = f"（第 {count} 种设置）" if len(trials) > 1 else ""
            started = perf_counter()
            answerer = _tried(service, trial)

            def report(label: str, done: int, total: int, which: str = which) -> None:
                progress(f"{label}{which}", done, total)

            outcomes = run_set(answerer, found.questions, report)
            facts = _facts(service, answerer, visitor, perf_counter() - started)
            progress.result(self._kept.add_run(visitor, found.id, facts, outcomes))

    def _job(self, ask: Callable[[str, str], Job], visitor: Visitor, body: dict[str, Any]) -> Job:
        return ask(visitor.name, _id(body, "job"))

    def _run(self, visitor: Visitor, body: dict[str, Any], key: str) -> tuple[StoredRun, str]:
        run = self._kept.run(visitor, _id(body, key))
        return run, self._kept.get(visitor, run.line.set_id).name

    def _service(self, visitor: Visitor) -> Service:
        return self._desk.service().for_visitor(visitor)

    def _now(self, visitor: Visitor) -> shapes.Now:
        """Return the state of the index as the visitor sees it now."""
        try:
            return shapes.Now(index_digest(self._service(visitor).index), visitor.folders)
        except AssistantError:
            return shapes.Now("", visitor.folders)


def _tried(service: Service, trial: Trial) -> Answerer:
    return service.answerer.adjusted(trial.dense_weight, trial.answer_threshold)


def _trial(given: object, service: Service) -> Trial:
    """Return the settings in the request, the current ones where it names none."""
    if not isinstance(given, dict):
        raise SettingsError(BAD_REQUEST)
    values = {}
    for name, title in (("dense_weight", "按意思找的份量"), ("answer_threshold", "作答的把握")):
        value = given.get(name, getattr(service.settings, name))
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            raise SettingsError(f"“{title}”请填 0 到 1 之间的数。")
        values[name] = float(value)
    return Trial(**values)


def _facts(service: Service, answerer: Answerer, visitor: Visitor, seconds: float) -> RunFacts:
    index, settings = answerer.retriever.index, service.settings
    return RunFacts(
        dense_weight=answerer.retriever.weight,
        answer_threshold=answerer.threshold,
        encoder=index.manifest.encoder,
        reranker=settings.reranker,
        index=index_digest(index),
        documents=index.manifest.counts["document"],
        passages=index.manifest.counts["passage"],
        folders=visitor.folders,
        seconds=seconds,
    )


def _bytes(data: str) -> bytes:
    try:
        return base64.b64decode(data, validate=True)
    except ValueError:
        raise SettingsError(BAD_REQUEST) from None


def _clean(text: object) -> str:
    """Return a text from the browser without what cannot be stored, "" for anything that is no text."""
    return text.encode("utf-8", "replace").decode() if isinstance(text, str) else ""


def _id(body: dict[str, Any], key: str) -> str:
    value = body.get(key)
    if not isinstance(value, str) or not 0 < len(value) <= 40:
        raise SettingsError(BAD_REQUEST)
    return value
