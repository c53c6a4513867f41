"""How far long work in the background is, as the pages get it."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.base.jobs import Job


@dataclass(frozen=True)
class JobView:
    """A job; `results` are the ids of what it has kept so far."""

    id: str
    stage: str
    over: bool
    label: str
    done: int
    total: int
    message: str
    results: Sequence[str]


def job_view(job: Job) -> JobView:
    """Return how far a job is."""
    return JobView(
        id=job.id,
        stage=job.stage,
        over=job.is_over,
        label=job.label,
        done=job.done,
        total=job.total,
        message=job.message,
        results=job.results,
    )
