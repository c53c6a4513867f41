"""Where the page listens, and what it says where it may not."""

import socket
from pathlib import Path

import pytest

from assistant.base.errors import SettingsError
from assistant.base.settings import Settings
from assistant.web import server
from support.pages import settings_in


def test_a_port_in_use_is_said_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(SettingsError) as error:
            server.serve(settings_in(tmp_path, port=port))
    assert str(error.value) == f"端口 {port} 已被占用：请关闭占用它的程序，或换一个端口（--port {port % 65535 + 1}）。"


@pytest.mark.parametrize("host", ["203.0.113.7", "没有这台电脑.invalid"])
def test_a_host_that_is_not_ours_is_said_in_one_line(host: str) -> None:
    with pytest.raises(SettingsError) as error:
        server.listen(host, 0)
    assert "\n" not in str(error.value)
    assert str(error.value).endswith("请把 host 改为 127.0.0.1 或本机的地址。")


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False)],
)
def test_hosts_beyond_this_computer_are_warned_of(host: str, local: bool, capsys: pytest.CaptureFixture[str]) -> None:
    server._announce(host, server.page_address(host, 7860), False)
    said = capsys.readouterr().err
    assert server.is_local(host) is local
    assert ("而且没有账号" in said) is not local
    assert f"{server.page_address(host, 7860)} " in said


def test_the_environment_keeps_gradio_at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import os

    for name in ("GRADIO_ANALYTICS_ENABLED", "HF_HUB_OFFLINE", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    server._set_environment(Settings(encoder="BAAI/bge-small-zh-v1.5"))
    assert "HF_HUB_OFFLINE" not in os.environ
    monkeypatch.setenv("NO_PROXY", "intranet.example")
    server._set_environment(Settings(encoder=str(tmp_path)))
    assert os.environ["GRADIO_ANALYTICS_ENABLED"] == "False"
    assert os.environ["HF_HUB_OFFLINE"] == "1"
    assert os.environ["NO_PROXY"] == "intranet.example,127.0.0.1,localhost,::1"
    assert os.environ["no_proxy"] == "127.0.0.1,localhost,::1"
