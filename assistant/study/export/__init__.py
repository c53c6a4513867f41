"""A pack as files to hand out: which formats there are, and one of them made."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from assistant.errors import SettingsError
from assistant.study.pack import Pack


@dataclass(frozen=True)
class Format:
    """A kind of file."""

    what: str


class Exported(NamedTuple):
    """A file to hand out."""

    data: bytes
    name: str
    media_type: str


FORMATS: Mapping[str, Format] = {}


def export(pack: Pack, name: str, address: str = "") -> Exported:
    """Return `pack` in the format `name` of `FORMATS`; raises `SettingsError` for one that is none."""
    raise SettingsError(f"没有“{name}”这种导出格式：请从菜单里选。")
