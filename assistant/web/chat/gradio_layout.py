"""The chat page in Gradio: its components, and which method of `asking.Page` each event calls.

The conversation is kept on the server (`gr.State`); the chat component is output only. Our scripts
(page/desk.js) send with each question the documents to ask (`how`), request what has no component by a hidden
button (`act`), and are told the state in a hidden box (`told`).
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from assistant.language.question import QUESTION_LIMIT
from assistant.web.assets import page_files, read
from assistant.web.chat.asking import Page, Step, Steps
from assistant.web.chat.talk import Talk
from assistant.web.desk import Desk
from assistant.web.security.login_gate import Caller, caller_of

if TYPE_CHECKING:
    import gradio as gr
    from fastapi import FastAPI

NAME = "政策问答助手"
FONTS = ("PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "WenQuanYi Micro Hei")
MONO_FONTS = ("Consolas", "Menlo", "Noto Sans Mono CJK SC")

ASKING_AT_ONCE = 64
WAITING_MOST = 512
STATE_SECONDS = 12 * 3600
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
# What our scripts say beside a question; "" until they have come.
HOW = "window.policyDesk?.how() ?? ''"
COMMAND = "window.policyDesk?.command() ?? ''"


def mount_page(app: "FastAPI", desk: Desk, upload_limit: int) -> frozenset[int]:
    """Mount the page at "/" of `app`, after its other routes; return the numbers of the page's Gradio events."""
    import gradio as gr

    from assistant.web.chat.event_queue import use_event_queue

    demo = build_page(Page(desk))
    use_event_queue(demo, ASKING_AT_ONCE, WAITING_MOST)
    gr.mount_gradio_app(
        app,
        demo,
        path="/",
        footer_links=[],
        run_history=False,
        allowed_paths=[],
        blocked_paths=["/"],
        max_file_size=upload_limit,
        show_error=False,
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
        enable_monitoring=False,
        favicon_path=str(page_files()["icon.svg"]),
        theme=_theme(),
        css=read("page.css"),
    )
    return frozenset(demo.fns)


def build_page(page: Page) -> "gr.Blocks":
    """Return the page as Gradio blocks."""
    import gradio as gr

    with gr.Blocks(title=NAME, fill_width=True, fill_height=True, analytics_enabled=False) as demo:
        _static("header")
        with gr.Row(elem_id="desk", equal_height=True):
            _static("conversations")
            with gr.Column(elem_id="talk", scale=6, min_width=0):
                parts = _chat_parts()
            with gr.Column(elem_id="source", scale=5, min_width=0):
                _static("reader")
        _connect(page, parts)
    return demo


def _chat_parts() -> dict[str, Any]:
    """Make the chat, the input box, the buttons and the hidden components in the current column."""
    import gradio as gr

    options: dict[str, Any] = {"show_label": False, "container": False}
    plain: dict[str, Any] = {"latex_delimiters": [], "allow_tags": False, "buttons": [], "feedback_options": None}
    _static("tools")
    chatbot = gr.Chatbot(elem_id="chat", height="100%", autoscroll=False, **options, **plain)
    _static("begin")
    _static("suggestions")
    with gr.Row(elem_id="ask", equal_height=False):
        options |= {"label": "问题", "placeholder": "输入问题，按回车发送", "max_length": QUESTION_LIMIT}
        question = gr.Textbox(elem_id="question", lines=1, max_lines=5, scale=1, min_width=0, autofocus=True, **options)
        send = gr.Button("发送", variant="primary", elem_id="send", scale=0, min_width=76)
        stop = gr.Button("停止", variant="secondary", elem_id="stop", scale=0, min_width=76)
        clear = gr.Button("新对话", variant="secondary", elem_id="clear", scale=0, min_width=76)
    hidden = {name: gr.Textbox(elem_id=name, visible="hidden") for name in ("how", "told")}
    act = gr.Button("", elem_id="act", visible="hidden")
    state = gr.State(Talk(), time_to_live=STATE_SECONDS)
    shown = {"chatbot": chatbot, "question": question, "send": send, "stop": stop, "clear": clear}
    return shown | hidden | {"act": act, "state": state}


def _connect(page: Page, parts: dict[str, Any]) -> None:
    """Connect the events: sending, our scripts' requests, stopping and clearing.

    Stopping and clearing cancel an answer that is being worded.
    """
    import gradio as gr

    state, how, told = parts["state"], parts["how"], parts["told"]

    async def ask(text: object, talk: Talk, how: object, request: gr.Request) -> AsyncGenerator[tuple[Any, ...], None]:
        async for step in _shown(page.ask(text, talk, how, _caller(request))):
            yield step

    async def act(talk: Talk, how: object, request: gr.Request) -> AsyncGenerator[tuple[Any, ...], None]:
        async for step in _shown(page.act(how, talk, _caller(request))):
            yield step

    async def stop(talk: Talk, request: gr.Request) -> tuple[Any, ...]:
        return _as_outputs(await page.stop(talk, _caller(request)))

    shown, once = [parts["chatbot"], state, parts["question"], told], {"trigger_mode": "once"} | QUIET
    sent = [parts["question"].submit, parts["send"].click]
    asking = gr.on(sent, ask, [parts["question"], state, how], shown, js=f"(t, s) => [t, s, {HOW}]", **once)
    acting = parts["act"].click(act, [state, how], shown, js=f"(s) => [s, {COMMAND}]", **once)
    going = [asking, acting]
    parts["stop"].click(stop, [state], shown, cancels=going, **QUIET)
    parts["clear"].click(_cleared, None, shown, cancels=going, **QUIET)
    told.change(None, [told], None, js="(said) => { window.policyDesk?.told(said); }", **QUIET)


async def _shown(steps: Steps) -> AsyncGenerator[tuple[Any, ...], None]:
    async with aclosing(steps):
        async for step in steps:
            yield _as_outputs(step)


def _cleared() -> tuple[Any, ...]:
    return [], Talk(), "", Talk().told(False)


def _as_outputs(step: Step) -> tuple[Any, ...]:
    import gradio as gr

    return step.messages, step.talk, gr.skip() if step.box is None else step.box, step.told


def _caller(request: "gr.Request") -> Caller:
    return caller_of(request.request.scope if request.request else {})


def _static(name: str) -> "gr.HTML":
    """Return an HTML component whose template holds no data; chat-page.js finds it and inserts data as text."""
    import gradio as gr

    return gr.HTML(html_template=read(f"{name}.html"), js_on_load="", elem_id=name, apply_default_css=False)


def _theme() -> "gr.Theme":
    from gradio import themes

    fonts = [themes.Font(name) for name in FONTS]
    mono = [themes.Font(name) for name in MONO_FONTS]
    return themes.Base(
        primary_hue=themes.colors.blue,
        neutral_hue=themes.colors.slate,
        text_size=themes.sizes.text_lg,
        radius_size=themes.sizes.radius_sm,
        font=[*fonts, "sans-serif"],
        font_mono=[*mono, "monospace"],
    )
