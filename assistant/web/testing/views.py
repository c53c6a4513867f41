"""JSON of the page 命中测试: explanations, sets, runs and jobs, with their labels for people."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from assistant.base.dates import when
from assistant.base.jobs import Job
from assistant.evaluation.explanation import Explanation, PassageRow, SentenceRow
from assistant.evaluation.run_store import RunLine, StoredRun, StoredSet
from assistant.evaluation.run_workbook import band_names, settings_rows
from assistant.evaluation.runs import KS, RIGHT, STATUSES, VERDICTS, WAY_NAMES, Outcome, Verdict


@dataclass(frozen=True)
class Now:
    """The visitor's current index digest ("" without an index), and the folders that limit what they see."""

    digest: str
    folders: tuple[str, ...] | None

    def differs(self, run: RunLine) -> bool:
        """Say whether the documents changed since a run; unknown, so False, for a run made with other folders."""
        return bool(self.digest) and self.folders == run.facts.folders and self.digest != run.facts.index


def explanation(e: Explanation) -> dict[str, Any]:
    """Return the explanation of one question's answer."""
    ways = list(e.passages[0].ranks) if e.passages else []
    return {
        "status": str(e.answer.status),
        "verdict": STATUSES[e.answer.status],
        "asked": e.asked,
        "kind": e.kind,
        "words": [{"word": word, "share": round(share, 3)} for word, share in e.words],
        "how": e.how,
        "likely": e.likely,
        "threshold": e.threshold,
        "ways": [{"key": way, "name": WAY_NAMES[way]} for way in ways],
        "passages": [_passage(row) for row in e.passages],
        "sentences": [_sentence(row) for row in e.sentences],
        "judged": e.judged,
        "citations": [
            {"marker": c.marker, "place": f"《{c.document}》{c.section} 第{c.paragraph}段", "quote": c.quote}
            for c in e.answer.citations
        ],
    }


def _passage(row: PassageRow) -> dict[str, Any]:
    scores = {way: None if score is None else round(score, 3) for way, score in row.scores.items()}
    place = {"title": row.document.title, "paragraph": row.paragraph, "text": row.text}
    return place | {"ranks": dict(row.ranks), "scores": scores, "read": row.is_read}


def _sentence(row: SentenceRow) -> dict[str, Any]:
    place = {"title": row.document.title, "paragraph": row.paragraph, "text": row.text}
    figures = {name: round(getattr(row, name), 3) for name in ("coverage", "worth", "closeness")}
    return place | figures | {"gives": row.gives, "marker": row.marker, "reason": row.reason}


def set_line(kept: StoredSet, runs: Sequence[RunLine]) -> dict[str, Any]:
    """Return a set as a row of the list."""
    with_texts = sum(bool(q.expected) for q in kept.questions)
    silent = sum(q.answerable is False for q in kept.questions)
    return {
        "id": kept.id,
        "name": kept.name,
        "when": when(kept.at),
        "questions": len(kept.questions),
        "with_texts": with_texts,
        "silent": silent,
        "runs": len(runs),
        "last": _figures(runs[-1].totals) | {"when": when(runs[-1].at)} if runs else None,
    }


def whole_set(kept: StoredSet, runs: Sequence[RunLine], now: Now) -> dict[str, Any]:
    """Return a set with its runs."""
    return set_line(kept, runs) | {"history": [run_line(run, now) for run in runs]}


def run_line(run: RunLine, now: Now) -> dict[str, Any]:
    """Return a run with its figures; `other_index` says whether the documents have changed since."""
    return {
        "id": run.id,
        "when": when(run.at),
        "dense_weight": run.facts.dense_weight,
        "answer_threshold": run.facts.answer_threshold,
        "documents": run.facts.documents,
        "passages": run.facts.passages,
        "other_index": now.differs(run),
        "index": run.facts.index,
    } | _figures(run.totals)


def whole_run(run: StoredRun, name: str, now: Now) -> dict[str, Any]:
    """Return a run with the outcome of each question."""
    return {
        "set": run.line.set_id,
        "name": name,
        "line": run_line(run.line, now),
        "made_with": [[str(cell) for cell in row] for row in settings_rows(run.line.facts)],
        "outcomes": [outcome(o) for o in run.outcomes],
    }


def outcome(o: Outcome) -> dict[str, Any]:
    """Return the outcome of a question."""
    return {
        "line": o.asked.line,
        "question": o.asked.question,
        "expected": list(o.asked.expected),
        "status": STATUSES[o.status],
        "verdict": VERDICTS[o.verdict],
        "kind": str(o.verdict),
        "right": o.verdict in RIGHT,
        "judged": o.verdict is not Verdict.UNJUDGED,
        "ranks": {way: list(ranks) for way, ranks in o.ranks.items()},
        "quoted": list(o.quoted),
        "absent": list(o.absent),
        "likely": None if o.likely is None else round(o.likely, 2),
        "cited": [asdict(c) for c in o.cited],
    }


def job(found: Job) -> dict[str, Any]:
    """Return the progress of a job."""
    names = ("id", "label", "done", "total", "message")
    said = {name: getattr(found, name) for name in names}
    return said | {"stage": str(found.stage), "over": found.is_over, "results": list(found.results)}


def _figures(totals: Mapping[str, Any]) -> dict[str, Any]:
    """Return a run's totals, counts with their labels, and how many questions came out as expected."""
    verdicts = totals["verdicts"]
    judged = sum(count for verdict, count in verdicts.items() if verdict != Verdict.UNJUDGED)
    ways = [{"key": way, "name": WAY_NAMES[way]} for way in totals["recall"]]
    return {
        "questions": totals["questions"],
        "texts": totals["texts"],
        "absent": totals["absent"],
        "ks": list(KS),
        "ways": ways,
        "recall": {way: [row[str(k)] for k in KS] for way, row in totals["recall"].items()},
        "mrr": totals["mrr"],
        "bands": {"names": band_names(), "counts": totals["bands"]},
        "statuses": [{"name": name, "count": totals["statuses"][status]} for status, name in STATUSES.items()],
        "verdicts": [{"key": v, "name": name, "count": verdicts[v]} for v, name in VERDICTS.items()],
        "judged": judged,
        "right": sum(verdicts[verdict] for verdict in RIGHT),
    }
