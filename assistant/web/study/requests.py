"""Requests of the page 学习材料, validated: briefs, ids, a question's wording. Packs and quotes are never sent."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field, model_validator

from assistant.answering.scope import CHOSEN_MOST
from assistant.base.errors import SettingsError
from assistant.base.text import drop_controls
from assistant.study.pack import KIND_NAMES, TOPIC_LIMIT, Brief, Difficulty, ItemKind
from assistant.study.pack_store import TITLE_LIMIT
from assistant.study.paper.editing import Wording
from assistant.web.requests import (
    ID_LIMIT,
    Count,
    Flag,
    Id,
    RequestModel,
    number_in,
    require_number,
    text_within,
)

COUNT_MOST, ITEMS_MOST = 100, 200
MINUTES_LEAST, MINUTES_MOST = 10, 600
SEED_MOST = 999_999
SECTIONS_MOST = 2_000
STEM_LIMIT, PART_LIMIT, PARTS_MOST = 2_000, 1_000, 20
NOTHING_CHOSEN = "请选择至少一份文件，或写一个主题。"


def _counts(said: dict[ItemKind, Any]) -> dict[ItemKind, int]:
    """Return the number of questions asked for of every kind; raises `SettingsError`."""
    counts = {kind: require_number(said.get(kind, 0), 0, COUNT_MOST, KIND_NAMES[kind]) for kind in ItemKind}
    if sum(counts.values()) > ITEMS_MOST:
        raise SettingsError(f"一份材料最多 {ITEMS_MOST} 道题：请少要一些。")
    return counts


def _distinct(said: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(said))


Document = Annotated[str, Field(max_length=ID_LIMIT)]
Documents = Annotated[tuple[Document, ...], Field(max_length=CHOSEN_MOST), AfterValidator(_distinct)]
Sections = Annotated[tuple[tuple[str, Count], ...], Field(max_length=SECTIONS_MOST), AfterValidator(_distinct)]
Part = Annotated[str, Field(max_length=PART_LIMIT), AfterValidator(lambda part: drop_controls(part).strip())]
Parts = Annotated[tuple[Part, ...], Field(max_length=PARTS_MOST)]


class PacksRequest(RequestModel):
    """Asks for the list of packs; `state`: also whether their documents have changed since."""

    state: str | None = None


class PackRequest(RequestModel):
    """Names a pack."""

    pack: Id


class DocumentRequest(RequestModel):
    """Names a document."""

    document: Id


class JobRequest(RequestModel):
    """Names a job."""

    job: Id


class ExportRequest(PackRequest):
    """Asks for a pack as a file; `version` is B for the second one."""

    format: Id
    version: str = ""


class RenameRequest(PackRequest):
    """Gives a pack a new title."""

    title: str = ""


class AgainRequest(PackRequest):
    """Asks for a pack to be rebuilt, with other questions if `next`; `revision` is the one that the page shows."""

    revision: Count
    next: Flag = False


class WordingRequest(RequestModel):
    """A question's wording as typed."""

    stem: Annotated[str, text_within(STEM_LIMIT, "题干")]
    options: Parts
    answer: Parts
    note: Annotated[str, text_within(PART_LIMIT, "说明")] = ""

    @property
    def wording(self) -> Wording:
        """The wording, as the editor takes it."""
        return Wording(self.stem, self.options, self.answer, self.note)


class ChangeRequest(PackRequest):
    """Names one action (`do`) on a question; `wording` is for reword, `place` for move."""

    revision: Count
    item: Id
    do: str
    wording: WordingRequest | None = None
    place: Count | None = None


class BriefRequest(RequestModel):
    """Asks for a pack from `documents` or about a `topic`, one of which is needed; sections are of these documents."""

    documents: Documents
    sections: Sections = ()
    topic: Annotated[str, text_within(TOPIC_LIMIT, "主题")] = ""
    title: Annotated[str, text_within(TITLE_LIMIT, "材料的名称")] = ""
    audience: Annotated[str, text_within(TITLE_LIMIT, "学习对象")] = ""
    minutes: Annotated[int, number_in(MINUTES_LEAST, MINUTES_MOST, "时长")]
    counts: Annotated[dict[ItemKind, Any], AfterValidator(_counts)]
    difficulty: Difficulty
    seed: Annotated[int, number_in(1, SEED_MOST, "组题号")] = 1

    @model_validator(mode="after")
    def _fits_together(self) -> "BriefRequest":
        if not self.documents and not self.topic:
            raise SettingsError(NOTHING_CHOSEN)
        if not {document for document, _ in self.sections} <= set(self.documents):
            raise ValueError("a section of a document that was not chosen")
        return self

    @property
    def brief(self) -> Brief:
        """The request as the builder's brief."""
        return Brief(**dict(self))
