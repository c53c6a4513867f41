"""Host check: ASGI middleware by which a page for this computer alone answers only to this computer's names.

Without accounts, whoever can make a local browser send a request could read the page: a foreign site whose name
is rebound to this computer (DNS rebinding), or a forgotten reverse proxy.
"""

from ipaddress import ip_address
from urllib.parse import urlsplit

from assistant.accounts.authentication import Logins
from assistant.base.errors import SettingsError
from assistant.base.settings import Settings
from assistant.web.security.request_filter import App, Message, Receive, Send, refuse

FOREIGN = "这个地址不是本机的：没有账号时只能用 http://127.0.0.1 打开；要经代理开放，请先添加用户。"


class OwnHost:
    """Refuses requests to other host names while the page is for this computer and has no accounts."""

    def __init__(self, app: App, logins: Logins, settings: Settings) -> None:
        self._app = app
        self._logins = logins
        self._is_local = is_local(settings.host)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] == "http" and self._is_local and not _names_us(scope) and not self._has_accounts():
            await refuse(send, 421, FOREIGN)
        else:
            await self._app(scope, receive, send)

    def _has_accounts(self) -> bool:
        try:
            return self._logins.in_use
        except SettingsError:  # the gate says what is wrong
            return True


def is_local(host: str) -> bool:
    """Say whether only this computer can reach `host`."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _names_us(scope: Message) -> bool:
    hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
    try:
        return len(hosts) == 1 and is_local(urlsplit(f"//{hosts[0]}").hostname or "")
    except ValueError:
        return False
