"""Language models that write: one in this process (transformers), or any server that talks like OpenAI's.

They only turn messages into text, piece by piece; nothing that they write is shown before `citation_check`.
What went wrong is said without the server's own words, which may repeat the key.
"""

import re
from collections.abc import Callable, Iterator
from collections.abc import Generator as Stream
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from queue import Empty, Queue
from threading import Event, Lock, Thread, Timer
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from assistant.base.errors import EncoderError, GenerationError, SettingsError
from assistant.base.settings import GeneratorOptions
from assistant.base.text import printable
from assistant.models.loading import GENERATOR, damaged_model, find_model, one_line, usable_device

if TYPE_CHECKING:
    from openai import OpenAI

Message = dict[str, str]

_WRITES = ("ForCausalLM", "LMHeadModel", "ForConditionalGeneration")
_MENDS = {
    401: "请检查设置 generator_key",
    403: "请检查设置 generator_key",
    404: "请检查设置 generator_url（一般以 /v1 结尾）和 generator",
}


class Generator(Protocol):
    """Writes an answer to messages as chat models take them (`role`, `content`)."""

    name: str

    def stream(self, messages: list[Message]) -> Iterator[str]:
        """Yield the answer in pieces of any length; raises GenerationError."""
        ...


class LocalGenerator:
    """An instruct model of transformers, in a folder or by its name on the hub; greedy, one answer at a time."""

    def __init__(self, name: str, options: GeneratorOptions) -> None:
        """Load the model; raises EncoderError where it is missing or none, SettingsError for the device."""
        folder = find_model(GENERATOR, name)
        self.name = Path(name).name if Path(name).expanduser().is_dir() else name
        self._options = options
        self._tokenizer, self._model = _load(folder, name, options)
        self._turn = Lock()

    def stream(self, messages: list[Message]) -> Iterator[str]:
        """Yield the answer as the model writes it; it stops writing when no one listens any more."""
        from transformers import TextIteratorStreamer

        streamer = TextIteratorStreamer(self._tokenizer, skip_prompt=True, skip_special_tokens=True)
        unheard, failures = Event(), list[Exception]()

        def write() -> None:
            try:
                with self._turn:
                    self._write(messages, streamer, unheard)
            except Exception as error:  # torch raises whatever it likes: no memory, a missing kernel
                failures.append(error)
            finally:
                streamer.text_queue.put(streamer.stop_signal)

        Thread(target=write, daemon=True).start()
        try:
            yield from (piece for piece in streamer if piece)
        finally:
            unheard.set()
        if failures:
            mend = "请把设置 device 改为 cpu、换一个较小的模型，或删去设置 generator。"
            raise GenerationError(f"语言模型 {self.name} 运行出错（{one_line(failures[0])}）：{mend}") from failures[0]

    def _write(self, messages: list[Message], streamer: Any, unheard: Event) -> None:
        import torch

        plain = [{role: printable(text) for role, text in message.items()} for message in messages]
        shape: dict[str, Any] = {"add_generation_prompt": True, "return_tensors": "pt", "return_dict": True}
        asked = self._tokenizer.apply_chat_template(plain, enable_thinking=False, **shape)

        def stop(ids: torch.Tensor, scores: Any, **_: Any) -> torch.Tensor:
            return torch.full((len(ids),), unheard.is_set(), device=ids.device)

        if not unheard.is_set():
            self._model.generate(
                **asked.to(self._model.device),
                streamer=streamer,
                max_new_tokens=self._options.max_tokens,
                max_time=self._options.timeout,
                do_sample=False,
                temperature=None,
                top_p=None,
                top_k=None,
                stopping_criteria=[stop],
            )


class ServerGenerator:
    """A model behind OpenAI's chat interface: vLLM, Ollama, llama.cpp and others."""

    def __init__(self, name: str, options: GeneratorOptions) -> None:
        """Check what is set, without calling the server; raises SettingsError."""
        _check_server(name, options)
        self.name = name
        self._options = options
        self._place = urlsplit(options.url).netloc.rsplit("@", 1)[-1]
        self._opening = Lock()
        self._opened: OpenAI | None = None

    def stream(self, messages: list[Message]) -> Iterator[str]:
        """Yield the answer as the server sends it; the connection is closed when no one listens any more."""
        import openai

        try:
            yield from self._pieces(messages)
        except openai.APITimeoutError:
            raise self._failed("没有按时回答", "请确认它在运行，或把设置 generator_timeout 改大") from None
        except openai.APIStatusError as error:
            mend = _MENDS.get(error.status_code, "请查看该服务的日志")
            raise self._failed(f"返回错误 {error.status_code}", mend) from None
        except openai.APIConnectionError:
            raise self._failed("连不上，或中途断开", "请确认它在运行，并检查设置 generator_url") from None
        except Exception:  # whatever a server that is none, or a key that is none, makes the library raise
            raise self._failed("回答的格式不对", "请检查设置 generator_url 是不是 OpenAI 兼容的地址") from None

    def _pieces(self, messages: list[Message]) -> Iterator[str]:
        plain: list[Any] = [{role: printable(text) for role, text in message.items()} for message in messages]
        ways: dict[str, Any] = {"temperature": 0, "max_tokens": self._options.max_tokens, "stream": True}
        with self._client().chat.completions.create(model=self.name, messages=plain, **ways) as events:
            closing = Timer(self._options.timeout, events.close)  # a server that only keeps the line alive
            closing.daemon = True
            closing.start()
            try:
                for event in events:
                    piece = event.choices[0].delta.content if event.choices else None
                    if piece:
                        yield str(piece)
            finally:
                closing.cancel()

    def _client(self) -> "OpenAI":
        import openai

        with self._opening:
            if self._opened is None:
                options = self._options
                http = openai.DefaultHttpxClient(trust_env=not _is_near(options.url))
                ways: dict[str, Any] = {"timeout": options.timeout, "max_retries": 0, "http_client": http}
                self._opened = openai.OpenAI(api_key=options.key or "none", base_url=options.url, **ways)
            return self._opened

    def _failed(self, reason: str, mend: str) -> GenerationError:
        return GenerationError(f"语言模型 {self.name}（{self._place}）{reason}：{mend}。")


def load_generator(name: str, options: GeneratorOptions | None = None) -> Generator | None:
    """Return the language model of that name, at the server if one is set; None where none is set."""
    options = options or GeneratorOptions()
    if not name and not options.url:
        return None
    return ServerGenerator(name, options) if options.url else LocalGenerator(name, options)


def within(
    seconds: float, pieces: Callable[[], Iterator[str]], unheard: Event | None = None
) -> Stream[str, None, None]:
    """Yield what `pieces()` yields, for so many seconds in all however seldom it does.

    Ends at the next piece once `unheard` is set, as it does where no one goes on reading.
    Raises GenerationError when they are over; what `pieces` raises is raised here.
    """
    given: Queue[str | Exception | None] = Queue()
    over = Event()

    def gone() -> bool:
        return over.is_set() or (unheard is not None and unheard.is_set())

    Thread(target=_pump, args=(pieces, given, gone), daemon=True).start()
    end = monotonic() + seconds
    try:
        while True:
            try:
                piece = given.get(timeout=max(end - monotonic(), 0))
            except Empty:
                mend = "请把设置 generator_timeout 改大，或换一个较快的模型。"
                raise GenerationError(f"语言模型在 {seconds:g} 秒内没有写完：{mend}") from None
            if piece is None:
                return
            if isinstance(piece, Exception):
                raise piece
            yield piece
    finally:
        over.set()


def _pump(
    pieces: Callable[[], Iterator[str]], given: "Queue[str | Exception | None]", gone: Callable[[], bool]
) -> None:
    try:
        for piece in pieces():  # dropped when no one listens: that closes it, and with it the connection
            if gone():
                break
            given.put(piece)
        given.put(None)
    except Exception as error:  # raised again where it is awaited
        given.put(error)


def _load(folder: Path, name: str, options: GeneratorOptions) -> tuple[Any, Any]:
    import torch
    import transformers
    from transformers.utils import logging

    device = usable_device(options.device) or (
        torch.accelerator.current_accelerator() if torch.accelerator.is_available() else "cpu"
    )
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    try:
        config = transformers.AutoConfig.from_pretrained(str(folder), local_files_only=True)
        if not any(kind.endswith(_WRITES) for kind in getattr(config, "architectures", None) or []):
            raise ValueError("不是生成文字的模型")
        tokenizer = transformers.AutoTokenizer.from_pretrained(str(folder), local_files_only=True)
        kind = getattr(transformers, GENERATOR.kind)
        model = kind.from_pretrained(str(folder), dtype=options.dtype, local_files_only=True)
        model = model.to(device).eval()
    except Exception as error:  # whatever a foreign folder makes torch, transformers or json raise
        raise damaged_model(GENERATOR, name, error) from error
    if not getattr(tokenizer, "chat_template", None):
        mend = "请换成名称带 Instruct 或 Chat 的模型，或删去设置 generator 而不用语言模型。"
        raise EncoderError(f"语言模型 {name} 没有对话模板，不会回答问题：{mend}")
    return tokenizer, model


def _check_server(name: str, options: GeneratorOptions) -> None:
    try:
        parts = urlsplit(options.url)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fine = False
    if not fine:
        raise SettingsError("设置 generator_url 不是网址：请写成 http://127.0.0.1:8000/v1 这样的地址。")
    if not name:
        raise SettingsError("设置了 generator_url 而没有 generator：请在 generator 写服务上的模型名称。")
    if not re.fullmatch("[!-~]*", options.key):
        raise SettingsError("设置 generator_key 含有空格、换行或不是英文的字符：请重新复制密钥。")
    if find_spec("openai") is None:
        command = "pip install -c constraints.txt -e '.[generation]'"
        raise SettingsError(f"设置了 generator_url，但没有安装 openai：请运行 {command}。")


def _is_near(url: str) -> bool:
    """Say whether a server is on this computer or its network, where no proxy stands between."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_private
    except ValueError:
        return host == "localhost"
