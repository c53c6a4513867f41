"""The page 命中测试 for trainers: explain one answer; run, compare, keep and export question sets.

Everything is done on behalf of the visitor: only with documents in their folders and their own sets.
"""

from collections.abc import Sequence
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Any

from assistant.accounts.visitor import Role, Visitor
from assistant.answering.answerer import Answerer
from assistant.answering.service import Service
from assistant.base.dates import when
from assistant.base.errors import AssistantError, SettingsError
from assistant.base.jobs import Jobs, Progress
from assistant.base.settings import Use
from assistant.evaluation.explanation import explain
from assistant.evaluation.question_sets import doubts, parse_set, template
from assistant.evaluation.run_store import Regression, StoredRun, StoredSet
from assistant.evaluation.run_workbook import run_workbook
from assistant.evaluation.runs import Corpus, RunFacts, changed, index_digest, run_set
from assistant.language.question import check_question
from assistant.web.assets import add_page, own_page
from assistant.web.endpoint import Download, download, endpoint
from assistant.web.job_view import JobView, job_view
from assistant.web.requests import checked
from assistant.web.routing import Route, Routes, visitor_of
from assistant.web.testing import views
from assistant.web.testing.requests import (
    CompareRequest,
    ExplainRequest,
    JobRequest,
    ResultRequest,
    RunRequest,
    SetRequest,
    TrialRequest,
    UploadRequest,
)
from assistant.web.testing.views import Trial

if TYPE_CHECKING:
    from fastapi import Request

    from assistant.web.desk import Desk

UPLOAD_LIMIT = 3_000_000
DOUBTS_SHOWN = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Body = dict[str, Any]


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

    def explain(self, visitor: Visitor, body: Body) -> views.ExplanationView:
        """Return one question laid open, with other settings where the body names them."""
        said = checked(ExplainRequest, body)
        question, problem = check_question(said.question)
        if problem:
            raise SettingsError(problem)
        service = self._service(visitor)
        return views.explanation(explain(_tried(service, _trial(said, service)), question))

    def sets(self, visitor: Visitor, _: Body) -> views.SetList:
        """Return the visitor's sets, the settings in force, and the job that is not over."""
        settings, job = self._desk.settings, self._jobs.latest(visitor.name)
        trial = Trial(settings.dense_weight, settings.answer_threshold)
        kept = [views.set_row(one, self._kept.runs(visitor, one.id)) for one in self._kept.sets(visitor)]
        return views.SetList(trial, kept, job_view(job) if job else None)

    def set(self, visitor: Visitor, query: Body) -> views.SetView:
        """Return a set with its runs, oldest first."""
        found = self._kept.get(visitor, checked(SetRequest, query).set)
        return views.set_view(found, self._kept.runs(visitor, found.id), self._now(visitor))

    def upload(self, visitor: Visitor, body: Body) -> views.Uploaded:
        """Keep the questions of a table; return them with the rows that cannot be used or cannot come true."""
        said = checked(UploadRequest, body)
        parsed = parse_set(said.name, said.data)
        corpus = Corpus(self._service(visitor).index.records)
        holders = corpus.holders(parsed.questions)
        made = self._kept.add(visitor, said.name.rpartition(".")[0], parsed.questions)
        doubtful = doubts(parsed.questions, lambda line, text: bool(holders[line, text]), corpus.knows)
        return views.Uploaded(views.set_row(made, []), parsed.problems, doubtful[:DOUBTS_SHOWN])

    def run(self, visitor: Visitor, body: Body) -> JobView:
        """Start running a set with one or two settings in the background; return the job."""
        said = checked(RunRequest, body)
        found, service = self._kept.get(visitor, said.set), self._service(visitor)
        trials = [_trial(one, service) for one in said.settings]
        return job_view(self._jobs.start(visitor.name, partial(self._work, visitor, found, trials)))

    def job(self, visitor: Visitor, query: Body) -> JobView:
        """Return how far a job is."""
        return job_view(self._jobs.get(visitor.name, checked(JobRequest, query).job))

    def stop(self, visitor: Visitor, body: Body) -> JobView:
        """Tell a job to stop."""
        return job_view(self._jobs.stop(visitor.name, checked(JobRequest, body).job))

    def remove(self, visitor: Visitor, body: Body) -> Body:
        """Delete a run, or a set with its runs."""
        if "run" in body:
            self._kept.remove_run(visitor, checked(ResultRequest, body).run)
        else:
            self._kept.remove(visitor, checked(SetRequest, body).set)
        return {}

    def result(self, visitor: Visitor, query: Body) -> views.RunView:
        """Return a run question by question, with its totals."""
        run, name = self._run(visitor, checked(ResultRequest, query).run)
        return views.run_view(run, name, self._now(visitor))

    def compare(self, visitor: Visitor, query: Body) -> views.Comparison:
        """Return two runs of a set side by side, and the questions that came out otherwise."""
        said = checked(CompareRequest, query)
        (first, name), (second, other) = self._run(visitor, said.first), self._run(visitor, said.second)
        if first.line.set_id != second.line.set_id:
            raise SettingsError(f"《{name}》和《{other}》不是同一组问题：请选同一组的两次运行。")
        rows = [views.run_row(run.line, self._now(visitor)) for run in (first, second)]
        pairs = changed(first.outcomes, second.outcomes)
        return views.Comparison(name, rows, [views.Change(views.outcome(a), views.outcome(b)) for a, b in pairs])

    def workbook(self, visitor: Visitor, query: Body) -> Download:
        """Return a run as .xlsx."""
        run, name = self._run(visitor, checked(ResultRequest, query).run)
        stamp = when(run.line.at).replace(":", "").replace(" ", "-")
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

    def _run(self, visitor: Visitor, identity: str) -> tuple[StoredRun, str]:
        """Return a run and the name of its set."""
        run = self._kept.run(visitor, identity)
        return run, self._kept.get(visitor, run.line.set_id).name

    def _service(self, visitor: Visitor) -> Service:
        return self._desk.service().for_visitor(visitor)

    def _now(self, visitor: Visitor) -> views.Now:
        """Return the index as the visitor sees it now."""
        try:
            return views.Now(index_digest(self._service(visitor).index), visitor.folders)
        except AssistantError:
            return views.Now("", visitor.folders)


def _tried(service: Service, trial: Trial) -> Answerer:
    return service.answerer.adjusted(trial.dense_weight, trial.answer_threshold)


def _trial(said: TrialRequest, service: Service) -> Trial:
    """Return the settings that the browser asks for, those in force where it names none."""
    weight, threshold = said.dense_weight, said.answer_threshold
    return Trial(
        dense_weight=service.settings.dense_weight if weight is None else weight,
        answer_threshold=service.settings.answer_threshold if threshold is None else threshold,
    )


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
