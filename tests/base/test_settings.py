from pathlib import Path

import pytest

from assistant.base.errors import SettingsError
from assistant.base.settings import ModelOptions, Settings, load_settings, with_values
from support.corpus import assert_one_line


def in_file(folder: Path, text: str) -> Path:
    (folder / "assistant.toml").write_text(text, encoding="utf-8")
    return folder


def test_defaults(tmp_path: Path) -> None:
    expected = Settings(
        corpus=Path("corpus"),
        index=Path("index"),
        encoder="bundled",
        encoder_query_prompt="",
        encoder_document_prompt="",
        encoder_dtype="auto",
        encoder_batch=32,
        device="auto",
        reranker="",
        reranker_candidates=50,
        generator="",
        generator_url="",
        generator_key="",
        generator_dtype="auto",
        generator_max_tokens=800,
        generator_timeout=60.0,
        dense_weight=0.4,
        answer_threshold=0.5,
        max_file_mb=50.0,
        history=Path("history.sqlite"),
        history_days=180,
        host="127.0.0.1",
        port=7860,
    )
    assert load_settings(tmp_path, {}) == Settings() == expected
    assert Settings().model_options == ModelOptions()


def test_the_file(tmp_path: Path) -> None:
    text = (
        'corpus = "文件 夹"\nindex = "索引"\nencoder = "BAAI/bge-small-zh-v1.5"\ndense_weight = 1\n'
        'answer_threshold = 0.25\nmax_file_mb = 100\nhost = "0.0.0.0"\nport = 80\n'
    )
    found = load_settings(in_file(tmp_path, "\ufeff" + text), {})
    assert found == Settings(
        corpus=Path("文件 夹"),
        index=Path("索引"),
        encoder="BAAI/bge-small-zh-v1.5",
        dense_weight=1.0,
        answer_threshold=0.25,
        max_file_mb=100.0,
        host="0.0.0.0",
        port=80,
    )
    assert isinstance(found.dense_weight, float) and isinstance(found.max_file_mb, float)


def test_how_models_are_run(tmp_path: Path) -> None:
    text = (
        'encoder_query_prompt = "query: "\nencoder_document_prompt = "passage: "\nencoder_dtype = "bfloat16"\n'
        'encoder_batch = 8\ndevice = "cuda:0"\nreranker = "模型/重排"\nreranker_candidates = 20\n'
    )
    found = load_settings(in_file(tmp_path, text), {"ASSISTANT_DEVICE": "cpu"})
    assert found.model_options == ModelOptions("query: ", "passage: ", "bfloat16", 8, "cpu")
    assert (found.reranker, found.reranker_candidates) == ("模型/重排", 20)


def test_what_is_recorded(tmp_path: Path) -> None:
    found = load_settings(in_file(tmp_path, 'history = "记录/问答.sqlite"\nhistory_days = 30'), {})
    assert (found.history, found.history_days) == (Path("记录/问答.sqlite"), 30)
    assert load_settings(tmp_path, {"ASSISTANT_HISTORY_DAYS": "0"}).history_days == 0


def test_environment_over_file_and_option_over_both(tmp_path: Path) -> None:
    folder = in_file(tmp_path, "port = 1\ndense_weight = 0.1\nmax_file_mb = 1")
    environment = {"ASSISTANT_PORT": "2", "ASSISTANT_DENSE_WEIGHT": " 0.2 ", "PORT": "9", "ASSISTANT_OTHER": "x"}
    found = load_settings(folder, environment)
    assert (found.port, found.dense_weight, found.max_file_mb) == (2, 0.2, 1.0)
    over = with_values(found, {"port": 3, "dense_weight": None, "corpus": Path("资料")})
    assert (over.port, over.dense_weight, over.corpus) == (3, 0.2, Path("资料"))
    assert found.port == 2


def test_the_environment_of_the_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_INDEX", "别处 索引")
    assert load_settings(tmp_path).index == Path("别处 索引")


def test_a_blank_variable_is_as_good_as_none(tmp_path: Path) -> None:
    folder = in_file(tmp_path, 'index = "索引"')
    blank = {"ASSISTANT_INDEX": "", "ASSISTANT_PORT": " ", "ASSISTANT_CORPUS": "", "ASSISTANT_ENCODER": ""}
    assert load_settings(folder, blank) == Settings(index=Path("索引"))


@pytest.mark.parametrize(
    "edge",
    [{"dense_weight": 0}, {"dense_weight": 1}, {"port": 0}, {"port": 65535}, {"encoder_batch": 1}, {"history_days": 0}],
)
def test_edges(edge: dict[str, object]) -> None:
    (name,) = edge
    assert getattr(with_values(Settings(), edge), name) == edge[name]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("dense_weight", 1.5, "0 到 1"),
        ("dense_weight", "-0.1", "0 到 1"),
        ("dense_weight", float("nan"), "0 到 1"),
        ("dense_weight", "高", "写成数"),
        ("dense_weight", True, "写成数"),
        ("answer_threshold", 2, "0 到 1"),
        ("port", 65536, "65535"),
        ("port", -1, "65535"),
        ("port", "80a", "写成整数"),
        ("port", 80.5, "写成整数"),
        ("port", [80], "写成整数"),
        ("max_file_mb", 0, "大于 0"),
        ("max_file_mb", float("nan"), "大于 0"),
        ("max_file_mb", "inf", "大于 0"),
        ("max_file_mb", "五十", "写成数"),
        ("host", 127, "写成文字"),
        ("encoder", ["a"], "写成文字"),
        ("corpus", 5, "写成路径"),
        ("index", "", "写成路径"),
        ("index", {"a": 1}, "写成路径"),
        ("encoder_dtype", "int8", "请改为 auto、float32、float16、bfloat16 之一"),
        ("encoder_batch", 0, "1 或更大"),
        ("encoder_batch", 1.5, "写成整数"),
        ("reranker_candidates", -1, "1 或更大"),
        ("history_days", -1, "0（不记录）到 36500"),
        ("history_days", 36501, "0（不记录）到 36500"),
        ("history_days", 0.5, "写成整数"),
        ("history", "", "写成路径"),
        ("device", 0, "写成文字"),
        ("densweight", 1, "是不是想写 dense_weight？"),
        ("x", "甲\n乙", "可用的设置：corpus、index、encoder、"),
    ],
)
def test_errors_name_the_setting_and_the_mend(name: str, value: object, said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        with_values(Settings(), {name: value})
    assert said in str(caught.value)
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)
    assert str(caught.value).endswith(("。", "？"))


def test_errors_of_the_file(tmp_path: Path) -> None:
    for text, said in [("port = ", "读不懂"), ("prot = 1", "port"), ("[port]\na = 1", "写成整数")]:
        with pytest.raises(SettingsError, match=said) as caught:
            load_settings(in_file(tmp_path, text), {})
        assert_one_line(caught.value)
    (tmp_path / "assistant.toml").write_bytes('host = "甲"'.encode("gb18030"))
    with pytest.raises(SettingsError, match="读不懂") as caught:
        load_settings(tmp_path, {})
    assert_one_line(caught.value)


def test_errors_of_the_environment(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="port") as caught:
        load_settings(tmp_path, {"ASSISTANT_PORT": "八千"})
    assert_one_line(caught.value)


def test_a_file_that_cannot_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied")

    in_file(tmp_path, "")
    monkeypatch.setattr(Path, "read_text", refuse)
    with pytest.raises(SettingsError, match="打不开") as caught:
        load_settings(tmp_path, {})
    assert_one_line(caught.value)


@pytest.mark.parametrize(
    ("value", "meant"), [(True, True), (False, False), ("true", True), (" 否 ", False), ("1", True), ("NO", False)]
)
def test_truths(value: object, meant: bool) -> None:
    assert with_values(Settings(), {"without_accounts": value}).without_accounts is meant


@pytest.mark.parametrize("value", ["也许", 2, 1.0, "", []])
def test_what_is_no_truth_is_refused(value: object) -> None:
    with pytest.raises(SettingsError, match="without_accounts 的值 .* 不对：请写成 true 或 false。"):
        with_values(Settings(), {"without_accounts": value})


@pytest.mark.parametrize(
    "values",
    [
        {"proxy_user_header": "X-User"},
        {"proxy_user_header": "X User", "proxy_addresses": "127.0.0.1"},
        {"proxy_addresses": "nginx"},
        {"proxy_addresses": "10.0.0.1/99"},
        {"session_idle_minutes": 0},
        {"questions_per_minute": 0},
        {"logins_per_minute": -1},
    ],
)
def test_settings_of_accounts_are_checked(values: dict[str, object]) -> None:
    with pytest.raises(SettingsError) as error:
        with_values(Settings(), values)
    assert str(error.value).endswith("。")
    assert with_values(Settings(), {"proxy_user_header": "X-User", "proxy_addresses": "10.0.0.0/8, ::1"})
