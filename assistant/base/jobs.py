"""Long work in the background that people can watch and stop: one job at a time, none outlives the program."""

import logging
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from assistant.base.errors import AssistantError, SettingsError

KEPT = 50
UNKNOWN = "找不到这次运行：它可能已经结束很久，请刷新页面。"
ONE_AT_A_TIME = "您还有一次运行没有结束：请等它结束，或先停止它。"
UNEXPECTED = "程序出错，这次运行没有完成：请再试一次；仍不行请联系管理员。"


class Stage(StrEnum):
    """How far a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True)
class Job:
    """A job as it stands: `message` says why it failed, `results` are what it has brought so far."""

    id: str
    owner: str
    stage: Stage = Stage.WAITING
    label: str = ""
    done: int = 0
    total: int = 0
    message: str = ""
    results: tuple[str, ...] = ()

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.stage in (Stage.DONE, Stage.STOPPED, Stage.FAILED)


class Stopped(Exception):
    """Raised inside a job that was told to stop."""


class Progress:
    """What a job reports to; reporting raises `Stopped` once someone stopped the job."""

    def __init__(self, jobs: "Jobs", identity: str) -> None:
        self._jobs, self._id = jobs, identity
        self.stop = threading.Event()

    def __call__(self, label: str, done: int, total: int) -> None:
        """Say how far the job is."""
        if self.stop.is_set():
            raise Stopped
        self._jobs._change(self._id, label=label, done=done, total=total)

    def result(self, name: str) -> None:
        """Add what the job has brought."""
        self._jobs._add_result(self._id, name)


class Jobs:
    """The jobs of one program, the last `KEPT` of them; somebody sees and stops only their own."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._lock = threading.Lock()
        self._jobs: dict[str, Job] = {}
        self._progress: dict[str, Progress] = {}

    def start(self, owner: str, work: Callable[[Progress], None]) -> Job:
        """Do `work` when its turn comes; raises `SettingsError` while another job of `owner` is not over."""
        job = Job(secrets.token_hex(8), owner)
        with self._lock:
            if any(j.owner == owner and not j.is_over for j in self._jobs.values()):
                raise SettingsError(ONE_AT_A_TIME)
            for old in [j.id for j in self._jobs.values() if j.is_over][: max(0, len(self._jobs) - KEPT + 1)]:
                del self._jobs[old], self._progress[old]
            self._jobs[job.id] = job
            self._progress[job.id] = Progress(self, job.id)
        threading.Thread(target=self._work, args=(job.id, work), name="job", daemon=True).start()
        return job

    def get(self, owner: str, identity: str) -> Job:
        """Return the job; raises `SettingsError` where `owner` has none with this id."""
        with self._lock:
            job = self._jobs.get(identity)
        if job is None or job.owner != owner:
            raise SettingsError(UNKNOWN)
        return job

    def latest(self, owner: str) -> Job | None:
        """Return the job of `owner` that is not over, if there is one."""
        with self._lock:
            return next((j for j in self._jobs.values() if j.owner == owner and not j.is_over), None)

    def stop(self, owner: str, identity: str) -> Job:
        """Tell the job to stop at its next step."""
        self.get(owner, identity)
        self._progress[identity].stop.set()
        return self.get(owner, identity)

    def _work(self, identity: str, work: Callable[[Progress], None]) -> None:
        progress = self._progress[identity]
        with self._turn:
            self._done(identity, progress, work)

    def _done(self, identity: str, progress: Progress, work: Callable[[Progress], None]) -> None:
        self._change(identity, stage=Stage.RUNNING)
        try:
            progress("", 0, 0)
            work(progress)
        except Stopped:
            self._change(identity, stage=Stage.STOPPED)
        except AssistantError as error:
            self._change(identity, stage=Stage.FAILED, message=str(error))
        except Exception:  # a thread that dies silently would leave the page waiting for ever
            logging.getLogger(__name__).exception("a job failed")
            self._change(identity, stage=Stage.FAILED, message=UNEXPECTED)
        else:
            self._change(identity, stage=Stage.DONE)

    def _change(self, identity: str, **values: object) -> None:
        with self._lock:
            self._jobs[identity] = replace(self._jobs[identity], **values)  # type: ignore[arg-type]

    def _add_result(self, identity: str, name: str) -> None:
        with self._lock:
            job = self._jobs[identity]
            self._jobs[identity] = replace(job, results=(*job.results, name))
