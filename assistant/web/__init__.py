"""The web pages: a chat whose answers open the documents that they quote, and pages to work with documents.

`server.py` builds and serves the app, `desk.py` opens the assistant in the background and answers, `routing.py`
registers every route, `security/` stands before all of them. Each area (`chat/`, `reader/`, `documents/`,
`study/`, `quiz/`, `testing/`, `accounts/`) has its routes and, in `page/`, scripts and styles. Importing this
imports no Gradio. The way of a request: docs/architecture.md.
"""

from assistant.web.server import build_app, serve

__all__ = ["build_app", "serve"]
