"""What the tests of accounts on the page share: settings with accounts, and clients that are logged in."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.accounts.account_file import User
from assistant.accounts.authentication import Logins
from assistant.accounts.visitor import LOCAL, Role
from assistant.base.settings import Settings
from support.pages import hostile_settings, paths_in

PASSWORD = "春天的第一场雨下得很大"
PEOPLE = {"管理员甲": Role.MANAGER, "培训员乙": Role.TRAINER, "读者丙": Role.READER, "读者丁": Role.READER}


def private(settings: Settings, folder: Path) -> Settings:
    """Return settings over the same documents that keep all they write in `folder`."""
    kept: dict[str, Any] = paths_in(folder) | {"corpus": settings.corpus, "index": settings.index}
    return replace(settings, **kept)


def settings_with_people(folder: Path, **more: Any) -> Settings:
    """Settings over the hostile corpus with one account for each of `PEOPLE`; 读者丁 sees the folder 人事 only."""
    settings = replace(hostile_settings(folder), logins_per_minute=1000, **more)
    add_people(settings)
    return settings


def add_people(settings: Settings) -> None:
    logins = Logins(settings)
    logins.set_group(LOCAL, "人事科", ("人事",))
    for name, role in PEOPLE.items():
        groups = ("人事科",) if name == "读者丁" else None
        logins.add(LOCAL, User(name, role, groups), PASSWORD)


@contextmanager
def client_of(app: Any, **options: Any) -> Iterator[Any]:
    """Yield a client of `app` that follows no redirects, as our scripts see them."""
    from starlette.testclient import TestClient

    with TestClient(app, follow_redirects=False, **options) as client:
        yield client


def log_in(client: Any, name: str, password: str = PASSWORD, **options: Any) -> Any:
    """Log a client in; its cookies then carry the session."""
    return client.post("/api/login", json={"name": name, "password": password}, **options)


def as_user(client: Any, name: str) -> Any:
    """Return the client, logged in anew."""
    client.cookies.clear()
    assert log_in(client, name).json() == {"done": True}
    return client


def sent(client: Any, method: str, path: str, **options: Any) -> Any:
    """Send a request as the page would, with a question where it is one to `POST`."""
    if method == "POST":
        options["json"] = {"data": [], "session_hash": "s1", "fn_index": 0}
    return client.request(method, path, **options)
