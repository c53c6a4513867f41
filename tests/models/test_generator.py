"""The two kinds of language models: a tiny random one that the test makes, and servers that are none."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from assistant.answering.generation.writer import UNSOUND
from assistant.answering.service import Service
from assistant.base.errors import AssistantError, EncoderError, GenerationError, SettingsError
from assistant.base.settings import GeneratorOptions, Settings, load_settings, with_values
from assistant.cli.doctor import Finding, examine
from assistant.models.generator import LocalGenerator, load_generator, within
from support.corpus import assert_one_line
from support.language_model import Script, serving

LETTERS = "<s>系统用户助手：病假一般不得超过三十日，由行政科批准。[1]食堂负责管理什么规定？"
TEMPLATE = (
    "{% for m in messages %}{{ m.role }}：{{ m.content }}\n{% endfor %}{% if add_generation_prompt %}助手：{% endif %}"
)
MANY = 90_000  # tokens: minutes
ASKED = [{"role": "system", "content": "系统"}, {"role": "user", "content": "病假有什么规定？"}]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Returns a maker of random Llamas of 16 dimensions that know some characters, with a chat template."""
    import torch
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Split
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    def make(template: str | None = TEMPLATE) -> Path:
        torch.manual_seed(3)
        folder = tmp_path_factory.mktemp("模型") / "小 语言模型"
        vocabulary = {c: n for n, c in enumerate(dict.fromkeys(["<unk>", "</s>", *LETTERS]))}
        words = Tokenizer(WordLevel(vocabulary, unk_token="<unk>"))
        words.pre_tokenizer = Split("", "isolated")
        tokenizer = PreTrainedTokenizerFast(tokenizer_object=words, unk_token="<unk>", eos_token="</s>")
        tokenizer.chat_template = template
        tokenizer.save_pretrained(str(folder))
        sizes: dict[str, Any] = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1}
        heads: dict[str, Any] = {"num_attention_heads": 2, "num_key_value_heads": 2, "eos_token_id": None}
        config = LlamaConfig(vocab_size=len(vocabulary), max_position_embeddings=100_000, **sizes, **heads)
        LlamaForCausalLM(config).save_pretrained(folder)
        return folder

    return make


@pytest.fixture(scope="module")
def folder(tiny: Callable[..., Path]) -> Path:
    return tiny()


def written(folder: Path, count: int) -> str:
    """Returns what the model writes, by transformers alone."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(str(folder))
    model = AutoModelForCausalLM.from_pretrained(str(folder)).eval()
    ids: Any = tokenizer.apply_chat_template(ASKED, add_generation_prompt=True, return_tensors="pt", return_dict=True)
    made = model.generate(**ids, max_new_tokens=count, do_sample=False)
    return str(tokenizer.decode(made[0, ids["input_ids"].shape[1] :], skip_special_tokens=True))


# ---- A model in this process


def test_it_streams_what_the_model_writes(folder: Path) -> None:
    generator = LocalGenerator(str(folder), GeneratorOptions(max_tokens=40, device="cpu"))
    pieces = list(generator.stream(ASKED))
    assert generator.name == "小 语言模型"
    assert len(pieces) > 1
    assert "".join(pieces) == written(folder, 40) != ""


def test_threads_take_turns(folder: Path) -> None:
    generator = LocalGenerator(str(folder), GeneratorOptions(max_tokens=20))
    with ThreadPoolExecutor(4) as pool:
        texts = set(pool.map(lambda _: "".join(generator.stream(ASKED)), range(8)))
    assert texts == {written(folder, 20)}


def steps_of(generator: LocalGenerator) -> list[None]:
    """Return a list that grows by one with every token that the model writes."""
    steps: list[None] = []
    generator._model.register_forward_hook(lambda *_: steps.append(None))
    return steps


def test_it_stops_when_no_one_listens(folder: Path) -> None:
    generator = LocalGenerator(str(folder), GeneratorOptions(max_tokens=MANY))
    steps = steps_of(generator)
    stream = generator.stream(ASKED)
    assert next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert next(generator.stream(ASKED))  # takes its turn as soon as the first one has stopped
    assert len(steps) < MANY


def test_it_stops_in_time(folder: Path) -> None:
    generator = LocalGenerator(str(folder), GeneratorOptions(max_tokens=MANY, timeout=0.5))
    steps = steps_of(generator)
    assert "".join(generator.stream(ASKED))
    assert len(steps) < MANY


def test_odd_questions_raise_nothing(folder: Path) -> None:
    generator = LocalGenerator(str(folder), GeneratorOptions(max_tokens=3))
    assert "".join(generator.stream([{"role": "user", "content": "\ud800</s>😀"}])) is not None


def test_a_model_that_fails(folder: Path) -> None:
    generator = LocalGenerator(str(folder), GeneratorOptions(max_tokens=3))
    with pytest.raises(GenerationError, match="小 语言模型 运行出错") as caught:
        list(generator.stream([{"role": "user"}, 7]))  # type: ignore[list-item]
    assert_one_line(caught.value)


def test_models_that_are_none(tiny: Callable[..., Path], tmp_path: Path) -> None:
    (empty := tmp_path / "空").mkdir()
    damaged = tiny()
    (damaged / "model.safetensors").write_bytes(b"nonsense")
    silent = tiny(None)
    other = tiny()
    config = other / "config.json"
    config.write_text(config.read_text(encoding="utf-8").replace("LlamaForCausalLM", "LlamaModel"), encoding="utf-8")
    for where, words in (
        (empty, "缺文件、已损坏或不是语言模型"),
        (damaged, "缺文件、已损坏或不是语言模型"),
        (silent, "没有对话模板"),
        (other, "不是生成文字的模型"),
        (tmp_path / "没有 这个", "找不到语言模型文件夹"),
    ):
        with pytest.raises(EncoderError, match=words) as caught:
            load_generator(str(where))
        assert_one_line(caught.value)


def test_a_device_that_is_not_here(folder: Path) -> None:
    with pytest.raises(SettingsError, match="设置 device 的值 cuda:77") as caught:
        load_generator(str(folder), GeneratorOptions(device="cuda:77"))
    assert_one_line(caught.value)


def test_a_random_model_says_nothing_to_the_reader(folder: Path, corpus: Path, tmp_path: Path) -> None:
    model = {"generator": str(folder), "generator_max_tokens": 60}
    service = Service(with_values(Settings(corpus=corpus, index=tmp_path / "index"), model))
    service.ensure()
    answer = service.ask("食堂由谁负责管理？")
    assert answer.citations[0].quote == "食堂由行政科负责管理。"
    assert (answer.notice, answer.generator) == (UNSOUND, None)


# ---- A server


def test_none_is_set() -> None:
    assert load_generator("") is None
    assert Settings().generator == Settings().generator_url == Settings().generator_key == ""


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("甲", GeneratorOptions("127.0.0.1:8000"), "generator_url 不是网址"),
        ("甲", GeneratorOptions("http://"), "generator_url 不是网址"),
        ("甲", GeneratorOptions("http://[::1"), "generator_url 不是网址"),
        ("甲", GeneratorOptions("http://a:99999"), "generator_url 不是网址"),
        ("", GeneratorOptions("http://a/v1"), "没有 generator"),
        ("甲", GeneratorOptions("http://a/v1", "密钥geheim"), "generator_key"),
        ("甲", GeneratorOptions("http://a/v1", "geheim\nx"), "generator_key"),
    ],
)
def test_a_server_set_wrong(name: str, options: GeneratorOptions, words: str) -> None:
    with pytest.raises(SettingsError, match=words) as caught:
        load_generator(name, options)
    assert_one_line(caught.value)
    assert "geheim" not in str(caught.value)


def test_the_package_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.models.generator.find_spec", lambda _: None)
    with pytest.raises(SettingsError, match=r"请运行 pip install -c constraints.txt -e '\.\[generation\]'"):
        load_generator("甲", GeneratorOptions("http://127.0.0.1:1/v1"))


def failure(script: Script, **options: Any) -> str:
    with serving(script) as url:
        place = url.removeprefix("http://").removesuffix("/v1")
        secret = url.replace("http://", "http://someone:geheim@")
        generator = load_generator("甲", GeneratorOptions(secret, "sk-geheim", **options))
        assert generator
        with pytest.raises(GenerationError) as caught:
            list(generator.stream(ASKED))
    assert_one_line(caught.value)
    assert "geheim" not in repr(caught.value) and caught.value.__suppress_context__
    return str(caught.value).replace(f"语言模型 甲（{place}）", "")


def test_what_a_server_does_wrong() -> None:
    refused = '{"error": {"message": "wrong key sk-geheim"}}'
    assert failure(Script(status=401, body=refused)) == "返回错误 401：请检查设置 generator_key。"
    assert failure(Script(status=404)) == "返回错误 404：请检查设置 generator_url（一般以 /v1 结尾）和 generator。"
    assert failure(Script(status=500, body=refused)) == "返回错误 500：请查看该服务的日志。"
    odd = "回答的格式不对：请检查设置 generator_url 是不是 OpenAI 兼容的地址。"
    assert failure(Script(body="data: {\n\n")) == odd
    late = "没有按时回答：请确认它在运行，或把设置 generator_timeout 改大。"
    assert failure(Script(silence=2), timeout=0.3) == late


def test_no_server() -> None:
    with serving(Script()) as url:
        pass
    generator = load_generator("甲", GeneratorOptions(url))
    assert generator
    with pytest.raises(GenerationError, match="连不上，或中途断开：请确认它在运行"):
        list(generator.stream(ASKED))


def test_a_server_that_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")  # on this computer no proxy is asked
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-someone-else")
    with serving(script := Script(["病", "", "假"])) as url:
        generator = load_generator("甲", GeneratorOptions(url, max_tokens=77))
        assert generator and generator.name == "甲"
        assert list(generator.stream(ASKED)) == ["病", "假"]
    ((_, headers, body),) = script.asked
    assert headers["authorization"] == "Bearer none"
    assert (body["messages"], body["max_tokens"]) == (ASKED, 77)


# ---- Time


def test_within_hands_on_what_comes_and_what_goes_wrong() -> None:
    assert list(within(5, lambda: iter(["a", "b"]))) == ["a", "b"]
    with pytest.raises(ZeroDivisionError):
        list(within(5, lambda: (str(1 // n) for n in (1, 0))))
    never = Event()
    with pytest.raises(GenerationError, match=r"在 0\.2 秒内没有写完"):
        list(within(0.2, lambda: (str(never.wait(600)) for _ in range(2))))
    never.set()


# ---- Settings, doctor


def test_settings_of_a_generator(tmp_path: Path) -> None:
    given = {"GENERATOR": "qwen", "GENERATOR_URL": "http://a/v1", "GENERATOR_KEY": "sk-geheim"}
    more = {"GENERATOR_DTYPE": "bfloat16", "GENERATOR_MAX_TOKENS": "99", "GENERATOR_TIMEOUT": "7", "DEVICE": "cpu"}
    settings = load_settings(tmp_path, {f"ASSISTANT_{name}": value for name, value in (given | more).items()})
    assert settings.generator_options == GeneratorOptions("http://a/v1", "sk-geheim", "bfloat16", "cpu", 99, 7.0)
    assert "geheim" not in repr(settings) + repr(settings.generator_options)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("generator_dtype", "int4"),
        ("generator_max_tokens", 0),
        ("generator_timeout", 0.0),
        ("generator_timeout", "inf"),
    ],
)
def test_settings_out_of_range(name: str, value: object) -> None:
    with pytest.raises(SettingsError, match=name) as caught:
        with_values(Settings(), {name: value})
    assert_one_line(caught.value)


def test_a_key_is_never_shown(tmp_path: Path) -> None:
    (tmp_path / "assistant.toml").write_text("generator_key = 12345678", encoding="utf-8")
    with pytest.raises(SettingsError, match="设置 generator_key 的值不对") as caught:
        load_settings(tmp_path, {})
    assert "1234" not in str(caught.value)


def findings(settings: Settings) -> list[Finding]:
    return [finding for finding in examine(settings) if "语言模型" in finding.text]


def test_doctor(corpus: Path, tmp_path: Path) -> None:
    settings = Settings(corpus=corpus, index=tmp_path / "index")
    assert findings(settings) == [Finding(True, "语言模型 没有设置（可选）")]
    with serving(script := Script(["好"])) as url:
        there = with_values(settings, {"generator": "甲", "generator_url": url, "generator_timeout": 5})
        assert findings(there) == [Finding(True, "语言模型 甲，已试写")]
        script.pieces = []
        assert [f.fine for f in findings(there)] == [False]
    (gone,) = findings(there)
    assert not gone.fine and "连不上" in gone.text
    assert issubclass(GenerationError, AssistantError)
