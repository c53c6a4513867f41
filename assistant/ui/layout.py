"""The page itself: Gradio components, what they look like, and what happens when they are used.

The conversation is kept on the server (`gr.State`); the chat only shows it and is never read back.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from assistant.answering import Answer
from assistant.conversation import Conversation, understand
from assistant.errors import AssistantError
from assistant.history import Source
from assistant.service import Service
from assistant.ui import chat
from assistant.ui.desk import Desk, Reply, Stage
from assistant.ui.files import PAGE, read

if TYPE_CHECKING:
    import gradio as gr
    from fastapi import FastAPI

NAME = "政策问答助手"
FONTS = ("PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "WenQuanYi Micro Hei")
MONO_FONTS = ("Consolas", "Menlo", "Noto Sans Mono CJK SC")

ASKING_AT_ONCE = 64
WAITING_MOST = 512
PATIENCE_SECONDS = 15.0
MESSAGES_KEPT = 100
STATE_SECONDS = 12 * 3600
OPENING_SECONDS = 1.0
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}

SPEECH = "市委巡视动员部署会讲话"
SPEECH_EXAMPLES = ("巡视整改要求是什么", "政治巡察的根本任务是什么", "讲话提了哪三点意见？", "本轮巡视从哪一天开始？")
EXAMPLES = 4
EXAMPLE_TITLE_CHARACTERS = 40
WELCOME = "**请提问**\n\n只用现有文件里的原文作答，每句话都能点开出处；文件里没有的，会如实说没有找到。"

Message = dict[str, str]
Messages = list[Message]


@dataclass(frozen=True)
class Talk:
    """What is kept of a chat: the messages that it shows, and the conversation that they are of."""

    messages: tuple[Message, ...] = ()
    conversation: Conversation = Conversation()


Step = tuple[Messages, Talk, str | None]


class Page:
    """What happens on the page; plain functions over a desk."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def ask(self, question: object, talk: Talk | None) -> AsyncGenerator[Step, None]:
        """Yield the messages to show, the talk to keep and the input box (None: as it is): asked, then answered.

        While an answer is being written it is shown as far as it goes, and only the question is kept.
        """
        text, problem = chat.check_question(question)
        talk = talk or Talk()
        messages = list(talk.messages)[-MESSAGES_KEPT:]
        if problem:
            yield [*messages, _said("assistant", chat.notice_html(problem))], talk, text
            return
        messages.append(_said("user", chat.question_html(text, understand(text, talk.conversation))))
        waiting = [_said("assistant", chat.WAITING_HTML)] if self.desk.is_opening else []
        asked = Talk(tuple(messages), talk.conversation)
        yield [*messages, *waiting], asked, ""
        async with aclosing(self._replies(text, talk.conversation)) as replies:
            async for html, gone_on in replies:
                shown = [*messages, _said("assistant", html)]
                yield shown, Talk(tuple(shown), gone_on) if gone_on else asked, None

    def examples(self) -> list[str]:
        """Return questions to begin with; none before the index is open."""
        if self.desk.health().status is not Stage.READY:
            return []
        try:
            return example_questions(self.desk.service())
        except AssistantError:
            return []

    async def _replies(
        self, text: str, conversation: Conversation
    ) -> AsyncGenerator[tuple[str, Conversation | None], None]:
        """Yield what is said to a text, and with the last of it the conversation gone on."""
        try:
            async with aclosing(self.desk.converse(text, conversation, PATIENCE_SECONDS)) as replies:
                async for reply in replies:
                    if reply.whole:
                        yield self._said_in_the_end(reply), reply.conversation
                    else:
                        yield chat.growing_html(reply.answer), None
        except AssistantError as error:
            yield chat.notice_html(str(error)), conversation

    def _said_in_the_end(self, reply: Reply) -> str:
        """Return what is shown for a whole reply; a question and its answer are recorded."""
        answer = reply.answer
        if reply.understood.is_question:
            return chat.answer_html(answer, self.desk.history.record(asked_alone(answer), Source.PAGE), reply.explained)
        return chat.answer_html(answer) if answer.citations or answer.passages else chat.notice_html(answer.answer)


def asked_alone(answer: Answer) -> Answer:
    """Return an answer as one to the question in full, which can be understood without the conversation."""
    return replace(answer, question=answer.understood or answer.question)


def example_questions(service: Service) -> list[str]:
    """Return questions about the documents at hand: tried ones for the bundled speech, else their titles."""
    titles = [record.title for record in service.documents()]
    if SPEECH in titles:
        return list(SPEECH_EXAMPLES)
    short = [title for title in dict.fromkeys(titles) if len(title) <= EXAMPLE_TITLE_CHARACTERS]
    return [f"《{title}》主要讲了什么？" for title in short[:EXAMPLES]]


def mount_page(app: "FastAPI", desk: Desk, upload_limit: int) -> None:
    """Mount the page at "/" of `app`, after the routes that `app` has already."""
    import gradio as gr

    demo = build_page(Page(desk))
    demo.queue(default_concurrency_limit=ASKING_AT_ONCE, max_size=WAITING_MOST, api_open=False)
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
        favicon_path=str(PAGE / "icon.svg"),
        theme=_theme(),
        css=read("page.css"),
    )


def build_page(page: Page) -> "gr.Blocks":
    """Return the page as Gradio blocks."""
    import gradio as gr

    with gr.Blocks(title=NAME, fill_width=True, fill_height=True, analytics_enabled=False) as demo:
        _static("header")
        with gr.Row(elem_id="desk", equal_height=True):
            with gr.Column(elem_id="talk", scale=6, min_width=0):
                parts = _chat_parts()
            with gr.Column(elem_id="source", scale=5, min_width=0):
                _static("reader")
        _connect(page, parts)
        _watch(demo, page, parts["chatbot"])
    return demo


def _chat_parts() -> dict[str, Any]:
    """Make chat, input box and buttons inside the current column."""
    import gradio as gr

    options: dict[str, Any] = {"show_label": False, "container": False}
    plain: dict[str, Any] = {"latex_delimiters": [], "allow_tags": False, "buttons": [], "feedback_options": None}
    chatbot = gr.Chatbot(elem_id="chat", placeholder=WELCOME, height="100%", autoscroll=False, **options, **plain)
    with gr.Row(elem_id="ask", equal_height=False):
        options |= {"label": "问题", "placeholder": "输入问题，按回车发送", "max_length": chat.QUESTION_LIMIT}
        question = gr.Textbox(elem_id="question", lines=1, max_lines=5, scale=1, min_width=0, autofocus=True, **options)
        send = gr.Button("发送", variant="primary", elem_id="send", scale=0, min_width=76)
        clear = gr.Button("新对话", variant="secondary", elem_id="clear", scale=0, min_width=76)
    state = gr.State(Talk(), time_to_live=STATE_SECONDS)
    return {"chatbot": chatbot, "question": question, "send": send, "clear": clear, "state": state}


def _connect(page: Page, parts: dict[str, Any]) -> None:
    """Say what happens on sending, choosing an example and clearing, which ends an answer being written."""
    import gradio as gr

    chatbot, question, state = parts["chatbot"], parts["question"], parts["state"]

    async def ask(text: object, talk: Talk) -> AsyncGenerator[tuple[Any, ...], None]:
        async with aclosing(page.ask(text, talk)) as steps:
            async for messages, kept, box in steps:
                yield messages, kept, gr.skip() if box is None else box

    async def choose(talk: Talk, chosen: gr.SelectData) -> AsyncGenerator[tuple[Any, ...], None]:
        value = chosen.value
        async with aclosing(ask(value.get("text") if isinstance(value, dict) else value, talk)) as steps:
            async for step in steps:
                yield step

    shown, once = [chatbot, state, question], {"trigger_mode": "once"} | QUIET
    asking = gr.on([question.submit, parts["send"].click], ask, [question, state], shown, **once)
    choosing = chatbot.example_select(choose, [state], shown, **once)
    parts["clear"].click(lambda: ([], Talk(), ""), None, shown, cancels=[asking, choosing], **QUIET)


def _watch(demo: "gr.Blocks", page: Page, chatbot: "gr.Chatbot") -> None:
    """Show questions to begin with as soon as questions can be asked."""
    import gradio as gr

    opening = gr.Timer(OPENING_SECONDS)

    def look() -> tuple[Any, Any]:
        examples: Any = [{"text": text} for text in page.examples()]
        return gr.Chatbot(examples=examples), gr.Timer(active=page.desk.health().status is not Stage.READY)

    gr.on([demo.load, opening.tick], look, None, [chatbot, opening], **QUIET)


def _static(name: str) -> "gr.HTML":
    """Return an HTML component whose template never holds data: chat-page.js finds it and puts data in as text."""
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


def _said(role: str, html: str) -> Message:
    return {"role": role, "content": html}
