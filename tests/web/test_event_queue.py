"""The queue of the page sleeps until something is asked, and places that come free are filled at once."""

import asyncio
import threading
from typing import Any

import pytest

from support.pages import wait_for


def app_of(answer: Any, places: int) -> Any:
    """Return a page with one event, which runs `answer` at `places` at once."""
    import gradio as gr
    from fastapi import FastAPI

    from assistant.web.chat.event_queue import use_event_queue

    with gr.Blocks(analytics_enabled=False) as page:
        box = gr.Textbox()
        box.submit(answer, box, box)
    use_event_queue(page, places, waiting_most=8)
    return gr.mount_gradio_app(FastAPI(), page, path="/", ssr_mode=False, run_history=False)


def ask(client: Any, text: str) -> None:
    body = {"data": [text], "fn_index": 0, "session_hash": text, "trigger_id": None}
    client.post("/gradio_api/queue/join", json=body).raise_for_status()


def given(client: Any, session: str) -> str:
    return str(client.get("/gradio_api/queue/data", params={"session_hash": session}).text)


def test_nothing_looks_into_the_queue_while_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    from starlette.testclient import TestClient

    slept: list[float] = []
    sleep = asyncio.sleep

    async def watched(seconds: float, *more: Any) -> Any:
        slept.append(seconds)
        return await sleep(seconds, *more)

    monkeypatch.setattr(asyncio, "sleep", watched)
    with TestClient(app_of(lambda text: f"答{text}", 1)) as client:
        assert client.get("/config").status_code == 200
        assert slept and min(slept) >= 1
        ask(client, "甲")
        assert "答甲" in given(client, "甲")


def test_who_waits_is_answered_as_soon_as_a_place_is_free() -> None:
    from starlette.testclient import TestClient

    go, begun = threading.Event(), []

    def answer(text: str) -> str:
        begun.append(text)
        assert go.wait(60)
        return f"答{text}"

    with TestClient(app_of(answer, 2)) as client:
        for text in "甲乙丙丁":
            ask(client, text)
        wait_for(lambda: len(begun) == 2)
        go.set()
        assert ["答" + text in given(client, text) for text in "甲乙丙丁"] == [True] * 4
    assert sorted(begun[:2]) == ["乙", "甲"] and sorted(begun) == sorted("甲乙丙丁")
