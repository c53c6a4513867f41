"""Client address behind proxies: where a request comes from, whether by https, and which user a proxy names.

Proxy headers count only if the request comes directly from one of `proxy_addresses`; from anybody else they are
removed before other code could trust them.
"""

from dataclasses import dataclass
from ipaddress import ip_address

from assistant.accounts.authentication import Proxies
from assistant.base.settings import Settings
from assistant.web.security.request_filter import Message

COOKIE = "assistant_session"
ARRIVAL = "arrival"
FORWARDED = b"x-forwarded-"


@dataclass(frozen=True)
class Arrival:
    """How a request came; `named` is the user named by a trusted proxy, None if there is none."""

    address: str
    secure: bool
    token: str
    named: str | None = None

    @property
    def is_from_here(self) -> bool:
        """Whether the request was sent from this computer."""
        try:
            return ip_address(self.address).is_loopback
        except ValueError:
            return False


class Reception:
    """Determines how requests came, by the proxy settings."""

    def __init__(self, settings: Settings) -> None:
        self._proxies = Proxies(settings.proxy_addresses)
        self._header = settings.proxy_user_header.lower().encode()

    def receive(self, scope: Message) -> tuple[Message, Arrival]:
        """Return the ASGI scope without untrusted headers, and how the request came."""
        peer = (scope.get("client") or ("", 0))[0]
        token = _cookie(_values(scope, b"cookie"))
        if not self._proxies.trusts(peer):
            kept = [pair for pair in scope["headers"] if not self._is_hearsay(pair[0])]
            return _with(scope, headers=kept), Arrival(peer, scope.get("scheme") == "https", token)
        scheme = (_values(scope, b"x-forwarded-proto") or [scope.get("scheme", "http")])[-1].strip()
        secure = scheme == "https"
        arrival = Arrival(self._address(scope, peer), secure, token, self._named(scope))
        return _with(scope, scheme="https" if secure else "http"), arrival

    def _named(self, scope: Message) -> str | None:
        """Return the user named by the proxy; "" for two names, one of which somebody else must have written."""
        names = _values(scope, self._header) if self._header else []
        return None if names in ([], [""]) else names[0].strip() if len(names) == 1 else ""

    def _is_hearsay(self, header: bytes) -> bool:
        return header.startswith(FORWARDED) or header in (b"forwarded", b"x-real-ip", self._header)

    def _address(self, scope: Message, peer: str) -> str:
        """Return the last address on the way here that is not a trusted proxy's."""
        way = [one.strip() for value in _values(scope, b"x-forwarded-for") for one in value.split(",")]
        return next((one for one in reversed(way) if one and not self._proxies.trusts(one)), peer)


def arrival_of(scope: Message) -> Arrival:
    """Return how the request with this ASGI scope came."""
    found: Arrival = scope["state"][ARRIVAL]
    return found


def address_of(scope: Message) -> str:
    """Return the page's own URL without a path, as the sender of this request reached it."""
    host = next((value for name, value in scope["headers"] if name == b"host"), b"")
    return f"{'https' if arrival_of(scope).secure else 'http'}://{host.decode('latin-1')}"


def _values(scope: Message, header: bytes) -> list[str]:
    return [value.decode("utf-8", "replace") for name, value in scope["headers"] if name.lower() == header]


def _cookie(headers: list[str]) -> str:
    """Return the session token in the cookies, "" if there is none or more than one."""
    pairs = [pair.strip().partition("=") for header in headers for pair in header.split(";")]
    found = [value for name, _, value in pairs if name == COOKIE]
    return found[0] if len(found) == 1 else ""


def _with(scope: Message, **changed: object) -> Message:
    return {**scope, **changed}
