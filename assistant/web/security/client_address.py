"""Where a request comes from: the address, whether it came by https, whom a trusted proxy names.

The word of a proxy counts only where the request comes straight from one of `proxy_addresses`; what
anybody else says in such headers is taken away before others could believe it.
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
    """How a request came: `named` is whom a trusted proxy names, None where it names nobody or there is none."""

    address: str
    secure: bool
    token: str
    named: str | None = None

    @property
    def is_from_here(self) -> bool:
        """Whether the request was sent on this computer."""
        try:
            return ip_address(self.address).is_loopback
        except ValueError:
            return False


class Reception:
    """Finds out how requests came, by the settings of the proxies."""

    def __init__(self, settings: Settings) -> None:
        self._proxies = Proxies(settings.proxy_addresses)
        self._header = settings.proxy_user_header.lower().encode()

    def receive(self, scope: Message) -> tuple[Message, Arrival]:
        """Return the ASGI scope as others may believe it, and how the request came."""
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
        """Return whom the proxy names: "" where it names two, one of which somebody else wrote."""
        names = _values(scope, self._header) if self._header else []
        return None if names in ([], [""]) else names[0].strip() if len(names) == 1 else ""

    def _is_hearsay(self, header: bytes) -> bool:
        return header.startswith(FORWARDED) or header in (b"forwarded", b"x-real-ip", self._header)

    def _address(self, scope: Message, peer: str) -> str:
        """Return the last address on the way here that is not one of the proxies."""
        way = [one.strip() for value in _values(scope, b"x-forwarded-for") for one in value.split(",")]
        return next((one for one in reversed(way) if one and not self._proxies.trusts(one)), peer)


def arrival_of(scope: Message) -> Arrival:
    """Return how the request with this ASGI scope came."""
    found: Arrival = scope["state"][ARRIVAL]
    return found


def address_of(scope: Message) -> str:
    """Return the address of the page, without a path, as whoever sent this request reached it."""
    host = next((value for name, value in scope["headers"] if name == b"host"), b"")
    return f"{'https' if arrival_of(scope).secure else 'http'}://{host.decode('latin-1')}"


def _values(scope: Message, header: bytes) -> list[str]:
    return [value.decode("utf-8", "replace") for name, value in scope["headers"] if name.lower() == header]


def _cookie(headers: list[str]) -> str:
    """Return the token that the browser sends; one that is sent twice is none."""
    pairs = [pair.strip().partition("=") for header in headers for pair in header.split(";")]
    found = [value for name, _, value in pairs if name == COOKIE]
    return found[0] if len(found) == 1 else ""


def _with(scope: Message, **changed: object) -> Message:
    return {**scope, **changed}
