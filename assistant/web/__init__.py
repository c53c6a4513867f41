"""The web page: a chat whose answers open the documents that they quote.

`desk` opens the assistant in the background and answers, `layout` is the Gradio page and `asking` what
happens on it, `chat` turns answers into what is shown; each other area (`reader`, `documents`, `testing`,
`users` …) is a module with routes of its own, `guard`, `gate` and `bound` stand before all of them, `server`
puts them together. Importing this imports no Gradio. The way of a request: docs/architecture.md.
"""

from assistant.web.server import build_app, serve

__all__ = ["build_app", "serve"]
