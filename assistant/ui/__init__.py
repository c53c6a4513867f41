"""The web page: a chat whose answers open the documents that they quote.

`desk` opens the assistant in the background and says how far it is, `chat` turns answers into what
the chat shows, `reader` into what the source reader shows, `guard` keeps foreign requests out,
`layout` is the Gradio page, `server` puts them together. Importing this imports no Gradio.
"""

from assistant.ui.server import build_app, serve

__all__ = ["build_app", "serve"]
