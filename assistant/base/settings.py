"""Settings: defaults, then `assistant.toml` in the working folder, then the environment, then options.

Each field is named the same in the file and, as ASSISTANT_<FIELD>, in the environment; a blank
variable is as good as none.
"""

import math
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any

from assistant.base.errors import SettingsError

AUTO = "auto"
DTYPES = (AUTO, "float32", "float16", "bfloat16")


@dataclass(frozen=True)
class ModelOptions:
    """How a model is run; an empty prompt leaves the model's own, `AUTO` is what suits model and machine."""

    query_prompt: str = ""
    document_prompt: str = ""
    dtype: str = AUTO
    batch: int = 32
    device: str = AUTO


@dataclass(frozen=True)
class GeneratorOptions:
    """How a language model is run or reached.

    `url` is a server's, "" for a model in this process; `timeout` is in seconds, for a whole answer.
    """

    url: str = ""
    key: str = field(default="", repr=False)
    dtype: str = AUTO
    device: str = AUTO
    max_tokens: int = 800
    timeout: float = 60.0


class Use(StrEnum):
    """What is counted."""

    QUESTION = "question"
    UPLOAD = "upload"
    LOGIN = "login"
    READ = "read"
    ANSWER = "answer"


SETTINGS_NAME = "assistant.toml"
PREFIX = "ASSISTANT_"
DAYS_MOST = 36_500
COUNTS = (
    *("encoder_batch", "reranker_candidates", "generator_max_tokens", "max_documents"),
    *("session_idle_minutes", "session_minutes"),
    *("questions_per_minute", "uploads_per_minute", "logins_per_minute"),
)
FIXED_RATES = {Use.READ: 600, Use.ANSWER: 600}
TRUTHS = {"true": True, "1": True, "yes": True, "是": True, "false": False, "0": False, "no": False, "否": False}


@dataclass(frozen=True)
class Settings:
    """What can be set.

    `encoder`: "bundled", a folder, or a sentence-transformers name; its prompts, where empty, are the
    model's own. `reranker`: a cross-encoder likewise, or "" for none; it sees the best
    `reranker_candidates` passages. `encoder_dtype`, `encoder_batch` and `device` are for both, and
    not for the bundled encoder. `generator`: a language model that words answers, a folder or a hub
    name, or its name at the server `generator_url`; "" for none. `generator_key` is the server's, best
    kept in the environment; `generator_timeout` seconds are for a whole answer. `dense_weight`: share
    of the dense score in the fused one, 0 to 1. `answer_threshold`: probability below which a
    sentence is no answer, 0 to 1; higher is more silent. `max_file_mb`: larger files are not read.
    `max_documents`: the page adds no more files than this.
    `history`: where questions and feedback are kept for `history_days` days; 0 keeps nothing.
    `question_sets`: where question sets and the runs of them are kept.

    `users`: the file of the accounts; they are in use as soon as it names somebody. `sessions`: who is
    logged in, kept for restarts; a session ends after `session_idle_minutes` without use and after
    `session_minutes` in all. `audit`: the log of log-ins and changes. `without_accounts` allows listening
    beyond this computer without accounts. `proxy_user_header`: the header in which the reverse proxies at
    `proxy_addresses` (comma-separated) say who asks; "" for none. What one visitor may ask for in a
    minute: `questions_per_minute`, `uploads_per_minute`; log-ins are counted by address.
    `conversations`: where accounts' conversations are kept, by their questions. `study`: where study packs
    are kept, `quizzes`: where quizzes and their papers are.
    """

    corpus: Path = Path("corpus")
    index: Path = Path("index")
    encoder: str = "bundled"
    encoder_query_prompt: str = ""
    encoder_document_prompt: str = ""
    encoder_dtype: str = AUTO
    encoder_batch: int = 32
    device: str = AUTO
    reranker: str = ""
    reranker_candidates: int = 50
    generator: str = ""
    generator_url: str = ""
    generator_key: str = field(default="", repr=False)
    generator_dtype: str = AUTO
    generator_max_tokens: int = 800
    generator_timeout: float = 60.0
    dense_weight: float = 0.4
    answer_threshold: float = 0.5
    max_file_mb: float = 50.0
    max_documents: int = 20_000
    history: Path = Path("history.sqlite")
    history_days: int = 180
    question_sets: Path = Path("question_sets.sqlite")
    users: Path = Path("users.toml")
    sessions: Path = Path("sessions.sqlite")
    session_idle_minutes: int = 120
    session_minutes: int = 720
    audit: Path = Path("audit.jsonl")
    without_accounts: bool = False
    proxy_user_header: str = ""
    proxy_addresses: str = ""
    questions_per_minute: int = 30
    uploads_per_minute: int = 600
    logins_per_minute: int = 30
    conversations: Path = Path("conversations.sqlite")
    study: Path = Path("study.sqlite")
    quizzes: Path = Path("quizzes.sqlite")
    host: str = "127.0.0.1"
    port: int = 7860

    def __post_init__(self) -> None:
        """Check ranges; raise `SettingsError` naming the field."""
        for name in ("dense_weight", "answer_threshold"):
            self._require(name, 0 <= getattr(self, name) <= 1, "请改为 0 到 1 的小数")
        self._require("port", 0 <= self.port <= 65535, "端口号请改为 0 到 65535 的整数")
        for name in ("max_file_mb", "generator_timeout"):
            self._require(name, 0 < getattr(self, name) < math.inf, "请改为大于 0 的数")
        days = f"请改为 0（不记录）到 {DAYS_MOST} 之间的天数"
        self._require("history_days", 0 <= self.history_days <= DAYS_MOST, days)
        for name in COUNTS:
            self._require(name, getattr(self, name) >= 1, "请改为 1 或更大的整数")
        self._check_proxy()
        for name in ("encoder_dtype", "generator_dtype"):
            self._require(name, getattr(self, name) in DTYPES, f"请改为 {'、'.join(DTYPES)} 之一")

    def _require(self, name: str, fine: bool, mend: str) -> None:
        if not fine:
            raise SettingsError(f"设置 {name} 的值 {getattr(self, name)} 无效：{mend}。")

    def _check_proxy(self) -> None:
        header = re.fullmatch(r"[A-Za-z0-9-]*", self.proxy_user_header)
        self._require("proxy_user_header", header is not None, "请写请求头的名称，如 X-Remote-User")
        self._require("proxy_addresses", _are_addresses(self.proxy_addresses), "请写 IP 地址，用逗号隔开")
        trusted = not self.proxy_user_header or self.proxy_addresses.strip()
        self._require("proxy_user_header", bool(trusted), "请在 proxy_addresses 写明哪些代理的话可信")

    @property
    def rates(self) -> dict[Use, int]:
        """How often somebody may do what, a minute."""
        rates = (self.questions_per_minute, self.uploads_per_minute, self.logins_per_minute)
        return dict(zip((Use.QUESTION, Use.UPLOAD, Use.LOGIN), rates, strict=True)) | FIXED_RATES

    @property
    def model_options(self) -> ModelOptions:
        """How a model other than the bundled one is run."""
        return ModelOptions(
            query_prompt=self.encoder_query_prompt,
            document_prompt=self.encoder_document_prompt,
            dtype=self.encoder_dtype,
            batch=self.encoder_batch,
            device=self.device,
        )

    @property
    def generator_options(self) -> GeneratorOptions:
        """How the language model is run or reached."""
        return GeneratorOptions(
            url=self.generator_url,
            key=self.generator_key,
            dtype=self.generator_dtype,
            device=self.device,
            max_tokens=self.generator_max_tokens,
            timeout=self.generator_timeout,
        )


def load_settings(folder: Path = Path("."), environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings for a program that runs in `folder`; raise `SettingsError`."""
    values: dict[str, object] = {}
    file = folder / SETTINGS_NAME
    if file.is_file():
        values.update(_from_file(file))
    names = {PREFIX + f.name.upper(): f.name for f in fields(Settings)}
    for variable, value in (os.environ if environment is None else environment).items():
        if variable in names and value.strip():
            values[names[variable]] = value
    return with_values(Settings(), values)


def with_values(settings: Settings, values: Mapping[str, object]) -> Settings:
    """Return `settings` with `values` put in, converted to each field's type; None leaves a field as it is."""
    known = {f.name: f.type for f in fields(Settings)}
    converted: dict[str, Any] = {}
    for name, value in values.items():
        if name not in known:
            near = get_close_matches(name, known, 1)
            hint = f"是不是想写 {near[0]}？" if near else f"可用的设置：{'、'.join(known)}。"
            raise SettingsError(f"没有名为 {name} 的设置：{hint}")
        if value is not None:
            converted[name] = _convert(name, value, type(getattr(settings, name)))
    return replace(settings, **converted)


def _convert(name: str, value: object, kind: type) -> object:
    kind = Path if issubclass(kind, Path) else kind
    if kind is bool:
        return _truth(name, value)
    try:
        if isinstance(value, bool) or (kind is str and not isinstance(value, str)):
            raise TypeError
        if (kind is int and isinstance(value, float)) or (kind is Path and not str(value).strip()):
            raise ValueError
        return kind(value)  # type: ignore[call-arg]
    except (TypeError, ValueError):
        shown = "" if name.endswith("_key") else f" {value!r} "
        words = {float: "数", int: "整数", str: "文字", Path: "路径"}[kind]
        raise SettingsError(f"设置 {name} 的值{shown}不对：请写成{words}。") from None


def _truth(name: str, value: object) -> bool:
    found = value if isinstance(value, bool) else TRUTHS.get(str(value).strip().lower())
    if found is None:
        raise SettingsError(f"设置 {name} 的值 {value!r} 不对：请写成 true 或 false。")
    return found


def _are_addresses(text: str) -> bool:
    try:
        addresses(text)
    except ValueError:
        return False
    return True


def addresses(text: str) -> list[IPv4Network | IPv6Network]:
    """Return the addresses and networks in a comma-separated list; raises `ValueError`."""
    return [ip_network(one.strip(), strict=False) for one in text.split(",") if one.strip()]


def _from_file(file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"设置文件 {file} 读不懂（{error}）：请改正这一处，或删去该文件用默认设置。") from None
    except OSError as error:
        raise SettingsError(f"设置文件 {file} 打不开（{error.strerror}）：请检查它的读取权限。") from None
