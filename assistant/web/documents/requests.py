"""Requests of the documents page, validated: ids, catalogue entries, and the metadata sent with a file."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from assistant.base.errors import SettingsError
from assistant.base.text import drop_controls
from assistant.library.corpus_changes import OnClash
from assistant.web.requests import RequestModel

TEXT_LIMIT = 200

Said = Annotated[str, BeforeValidator(lambda value: "" if value is None else value)]  # null is as good as nothing
Text = Annotated[Said, Field(max_length=TEXT_LIMIT)]


def _line(name: str) -> AfterValidator:
    """Annotate a str field shown to people as `name`: it must fit on one line of the catalogue."""

    def clean(value: str) -> str:
        if len(value) > TEXT_LIMIT:
            raise SettingsError(f"{name}太长（{len(value)} 字）：请缩短到 {TEXT_LIMIT} 字以内。")
        return " ".join(drop_controls(value).split())

    return AfterValidator(clean)


class DocumentRequest(RequestModel):
    """Names a document."""

    id: Text = ""


class SplitRequest(DocumentRequest):
    """Asks how a document was split, from a paragraph on; its number is text in a query."""

    start: Annotated[str, Field(alias="from", pattern=r"^\d{1,9}$")]


class CompareRequest(RequestModel):
    """Names two documents, or versions of one, to compare."""

    old: Text = ""
    new: Text = ""


class DescribeRequest(DocumentRequest):
    """Sets fields of a document's catalogue entry: "" clears a field, fields not sent stay as they are."""

    title: Annotated[Said, _line("标题")] = ""
    date: Annotated[Text, AfterValidator(str.strip)] = ""
    issuer: Annotated[Said, _line("发文单位")] = ""
    validity: Text = ""
    replaced_by: Text = ""

    @property
    def values(self) -> dict[str, str | None]:
        """The fields that were sent, by their names in the catalogue."""
        return {name: getattr(self, name) or None for name in self.model_fields_set - {"id"}}


class RestoreRequest(RequestModel):
    """Names a removed document."""

    token: Text = ""


class FileRequest(RequestModel):
    """The metadata of an uploaded file: its name, and the folder for it."""

    name: Annotated[str, Field(min_length=1)]
    folder: str = ""


class AddRequest(FileRequest):
    """The metadata of an uploaded file that is to be added."""

    clash: OnClash = OnClash.ASK
