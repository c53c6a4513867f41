import threading

import pytest

from assistant.base.errors import SettingsError, StoreError
from assistant.base.jobs import KEPT, ONE_AT_A_TIME, UNEXPECTED, UNKNOWN, Job, Jobs, Progress, Stage
from support.pages import wait_for


def over(jobs: Jobs, owner: str, job: Job) -> Job:
    wait_for(lambda: jobs.get(owner, job.id).is_over, 20)
    return jobs.get(owner, job.id)


def test_a_job_is_watched_to_its_end() -> None:
    jobs, going, seen = Jobs(), threading.Event(), threading.Event()

    def work(progress: Progress) -> None:
        progress("提问", 1, 3)
        seen.set()
        assert going.wait(20)
        progress.result("r1")
        progress("提问", 3, 3)

    job = jobs.start("甲", work)
    assert seen.wait(20)
    assert jobs.get("甲", job.id) == Job(job.id, "甲", Stage.RUNNING, "提问", 1, 3)
    assert jobs.latest("甲") == jobs.get("甲", job.id) and jobs.latest("乙") is None
    with pytest.raises(SettingsError, match=ONE_AT_A_TIME):
        jobs.start("甲", work)
    going.set()
    assert over(jobs, "甲", job) == Job(job.id, "甲", Stage.DONE, "提问", 3, 3, "", ("r1",))
    assert jobs.latest("甲") is None


def test_a_stopped_job_ends_at_its_next_step_and_one_that_waits_never_begins() -> None:
    jobs, begun = Jobs(), threading.Event()
    steps: list[str] = []

    def endless(progress: Progress) -> None:
        begun.set()
        while True:
            progress("提问", 0, 1)

    first = jobs.start("甲", endless)
    assert begun.wait(20)
    second = jobs.start("乙", lambda progress: steps.append("乙"))
    assert jobs.get("乙", second.id).stage is Stage.WAITING
    jobs.stop("乙", second.id)
    jobs.stop("甲", first.id)
    assert over(jobs, "甲", first).stage is Stage.STOPPED
    assert over(jobs, "乙", second).stage is Stage.STOPPED
    assert steps == []


def test_a_failure_is_said_in_one_line() -> None:
    jobs = Jobs()

    def fails(error: Exception) -> Job:
        def work(progress: Progress) -> None:
            raise error

        return over(jobs, "甲", jobs.start("甲", work))

    assert (fails(StoreError("请再来。")).stage, fails(StoreError("请再来。")).message) == (Stage.FAILED, "请再来。")
    assert fails(RuntimeError("secret")).message == UNEXPECTED


def test_jobs_are_their_owners_alone() -> None:
    jobs = Jobs()
    job = jobs.start("甲", lambda progress: None)
    for deed in (jobs.get, jobs.stop):
        for owner, identity in (("乙", job.id), ("甲", "x")):
            with pytest.raises(SettingsError, match=UNKNOWN):
                deed(owner, identity)


def test_old_jobs_are_forgotten() -> None:
    jobs = Jobs()
    made = [jobs.start(str(n), lambda progress: None) for n in range(KEPT)]
    for n, job in enumerate(made):
        over(jobs, str(n), job)
    jobs.start("新", lambda progress: None)
    with pytest.raises(SettingsError):
        jobs.get("0", made[0].id)
    assert jobs.get("1", made[1].id).is_over
