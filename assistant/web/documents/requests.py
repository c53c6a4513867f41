"""What the documents page sends, checked: ids, what was said of a document, and what comes with a file."""

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
    """Annotate a str that people write under `name` as one that goes on a line of the catalogue."""

    def clean(value: str) -> str:
        if len(value) > TEXT_LIMIT:
            raise SettingsError(f"{name}太长（{len(value)} 字）：请缩短到 {TEXT_LIMIT} 字以内。")
        return " ".join(drop_controls(value).split())

    return AfterValidator(clean)


class DocumentRequest(RequestModel):
    """Names a document."""

    id: Text = ""


class SplitRequest(DocumentRequest):
    """Asks how a document was cut, from a paragraph on, whose number a query says as text."""

    start: Annotated[str, Field(alias="from", pattern=r"^\d{1,9}$")]


class CompareRequest(RequestModel):
    """Names two documents of which `new` may have come after `old`."""

    old: Text = ""
    new: Text = ""


class DescribeRequest(DocumentRequest):
    """Says what the catalogue is to say of a document: "" is nothing, and what is not sent stays as it is."""

    title: Annotated[Said, _line("标题")] = ""
    date: Annotated[Text, AfterValidator(str.strip)] = ""
    issuer: Annotated[Said, _line("发文单位")] = ""
    validity: Text = ""
    replaced_by: Text = ""

    @property
    def values(self) -> dict[str, str | None]:
        """What was sent, by the names of the catalogue."""
        return {name: getattr(self, name) or None for name in self.model_fields_set - {"id"}}


class RestoreRequest(RequestModel):
    """Names a document that was taken out."""

    token: Text = ""


class FileRequest(RequestModel):
    """Says what comes with a file: its name, and the folder for it."""

    name: Annotated[str, Field(min_length=1)]
    folder: str = ""


class AddRequest(FileRequest):
    """Says what comes with a file that is to stay."""

    clash: OnClash = OnClash.ASK
