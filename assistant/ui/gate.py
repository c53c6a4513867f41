"""Who sends a request: an ASGI middleware that names the `Visitor` before anything else sees it.

There are no accounts yet: everybody is `LOCAL`.
"""

from assistant.access import LOCAL
from assistant.ui.api import VISITOR
from assistant.ui.guard import App, Message, Receive, Send


class Gate:
    """Puts the visitor into the state of each request."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] == "http":
            scope = {**scope, "state": {**scope.get("state", {}), VISITOR: LOCAL}}
        await self._app(scope, receive, send)
