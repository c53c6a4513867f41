"""Models other than the bundled one: found or fetched, and those of sentence_transformers loaded and called.

What goes wrong with them, from a folder that is not there to a graphics card without memory, is
said here in one line. What is made of them: `encoder`, `reranker`, `generator`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

from assistant.base.errors import EncoderError, SettingsError
from assistant.base.settings import AUTO, ModelOptions

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


_REACH_SECONDS = 4.0
_HUB_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)?")


@dataclass(frozen=True)
class Role:
    """What a model is for: its Chinese name, its setting, its class in its library, how to do without."""

    noun: str
    setting: str
    kind: str
    without: str


ENCODER = Role("编码模型", "encoder", "SentenceTransformer", "删去该设置以使用自带模型")
RERANKER = Role("重排模型", "reranker", "CrossEncoder", "删去该设置而不用重排")
GENERATOR = Role("语言模型", "generator", "AutoModelForCausalLM", "删去该设置而不用语言模型")


class Model:
    """A loaded model. Threads take turns: a shared tokenizer may raise "Already borrowed" (tokenizers #537)."""

    def __init__(self, role: Role, name: str, options: ModelOptions) -> None:
        """Load the model; raises EncoderError where it is missing or none, SettingsError for the device."""
        self._role, self._name, self._batch = role, name, options.batch
        self.folder = find_model(role, name)
        self.loaded = _load(role, self.folder, name, options)
        self._turn = Lock()

    def call(self, method: Callable[..., Any], texts: list[Any], **arguments: Any) -> "NDArray[np.float32]":
        """Return what `method` of the loaded model makes of `texts`; raises EncoderError where it fails."""
        import numpy as np

        try:
            with self._turn:
                made = method(texts, batch_size=self._batch, show_progress_bar=False, **arguments)
            found = np.asarray(made, dtype=np.float32)
        except Exception as error:  # torch raises whatever it likes: no memory, a missing kernel, a bad token
            raise self._failed(one_line(error)) from error
        if not np.isfinite(found).all():
            raise self._failed("算出的结果无效")
        return found

    def _failed(self, reason: str) -> EncoderError:
        mend = "请把设置 encoder_batch 改小，或把 encoder_dtype 改为 float32、device 改为 cpu 再试。"
        return EncoderError(f"{self._role.noun} {self._name} 运行出错（{reason}）：{mend}")


def find_model(role: Role, name: str) -> Path:
    """Return the folder with the model of this name, fetched first where it must be and can be."""
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder
    if not _HUB_NAME.fullmatch(name):
        mend = f"请检查设置 {role.setting} 中的路径，或{role.without}。"
        raise EncoderError(f"找不到{role.noun}文件夹 {name}：{mend}")
    return _cached(name) or _fetched(role, name)


def _cached(name: str) -> Path | None:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError):
        return None


def _fetched(role: Role, name: str) -> Path:
    from huggingface_hub import constants, snapshot_download

    if constants.HF_HUB_OFFLINE or not _reachable(constants.ENDPOINT):
        raise _out_of_reach(role, name)
    try:
        return Path(snapshot_download(name, ignore_patterns=["onnx/*", "openvino/*"]))
    except Exception as error:  # the hub's errors, those of its HTTP library and of the disk have no common root
        raise _out_of_reach(role, name) from error


def _reachable(address: str) -> bool:
    """Return whether anything answers at `address` within some seconds, name look-up included."""
    from urllib.error import HTTPError
    from urllib.request import Request, urlopen

    answered: list[bool] = []

    def knock() -> None:
        try:
            urlopen(Request(address, method="HEAD"), timeout=_REACH_SECONDS).close()
            answered.append(True)
        except HTTPError:
            answered.append(True)
        except (OSError, ValueError):
            pass

    waiting = Thread(target=knock, daemon=True)
    waiting.start()
    waiting.join(_REACH_SECONDS)
    return bool(answered)


def _load(role: Role, folder: Path, name: str, options: ModelOptions) -> Any:
    import sentence_transformers
    from transformers.utils import logging

    device = usable_device(options.device)
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    kind = getattr(sentence_transformers, role.kind)
    try:
        return kind(str(folder), device=device, local_files_only=True, model_kwargs={"dtype": options.dtype})
    except Exception as error:  # whatever a foreign folder makes torch, transformers or json raise
        raise damaged_model(role, name, error) from error


def usable_device(name: str) -> str | None:
    """Return the device `name`, None for `AUTO`: the library chooses; raises SettingsError for one not here."""
    if name == AUTO:
        return None
    import torch

    try:
        torch.zeros(1, device=name).tolist()
    except Exception as error:  # RuntimeError, AssertionError, NotImplementedError, ImportError: as the device has it
        reason = one_line(error)
        raise SettingsError(f"设置 device 的值 {name} 在本机用不了（{reason}）：请改为 auto 或 cpu。") from error
    return name


def damaged_model(role: Role, name: str, error: Exception) -> EncoderError:
    """Return the error for a folder that lacks files or holds another kind of model."""
    mend = f"请重新复制该文件夹，或换一个模型，或{role.without}。"
    return EncoderError(f"{role.noun} {name} 缺文件、已损坏或不是{role.noun}（{one_line(error)}）：{mend}")


def _out_of_reach(role: Role, name: str) -> EncoderError:
    folder = f"models/{name.rsplit('/', 1)[-1]}"
    mend = f'请把模型文件夹放到 {folder}，再在 assistant.toml 写 {role.setting} = "{folder}"。'
    return EncoderError(f"本机没有{role.noun} {name}，也下载不到：{mend}")


def one_line(error: Exception) -> str:
    """Return what `error` says in one short line."""
    return " ".join(str(error).split())[:120] or type(error).__name__
