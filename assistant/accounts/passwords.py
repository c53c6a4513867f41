"""Passwords: what one must be like, and what is kept of it (scrypt, RFC 7914)."""

import base64
import hashlib
import hmac
import secrets
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from assistant.base.errors import LimitError, SettingsError

SHORTEST, LONGEST = 10, 200
DIFFERENT_LEAST = 4
# 32 MiB and about 0.3 s a try: one of the settings of OWASP's password storage cheat sheet.
COST, BLOCK, PARALLEL = 2**15, 8, 3
COST_MOST, BLOCK_MOST, PARALLEL_MOST = 2**18, 16, 8
SALT_BYTES, KEY_BYTES = 16, 32
AT_ONCE, WAITING_MOST = 2, 8
PATIENCE_SECONDS = 5.0
KIND = "scrypt"
BUSY = "同时登录的人太多：请过一会儿再试。"

_room = threading.BoundedSemaphore(AT_ONCE)
_queue = threading.BoundedSemaphore(AT_ONCE + WAITING_MOST)


def check_password(password: str, name: str = "") -> None:
    """Raise `SettingsError` for a password that is easily guessed; `name` is that of its user."""
    plain = _normal(password)
    if not SHORTEST <= len(plain) <= LONGEST:
        raise SettingsError(f"密码要有 {SHORTEST} 到 {LONGEST} 个字符：请换一个，可以用几个词连成一句。")
    if len(set(plain)) < DIFFERENT_LEAST:
        raise SettingsError("密码里重复的字符太多：请换一个不容易猜的。")
    if name and name.lower() in plain.lower() and len(plain) - len(name) < SHORTEST:
        raise SettingsError("密码里写着用户名，容易被猜到：请换一个。")


def hash_password(password: str) -> str:
    """Return what is kept of a password: "scrypt$N$r$p$salt$key", the last two in base64."""
    salt = secrets.token_bytes(SALT_BYTES)
    key = _key(password, salt, COST, BLOCK, PARALLEL)
    shown = (base64.b64encode(value).decode() for value in (salt, key))
    return "$".join([KIND, str(COST), str(BLOCK), str(PARALLEL), *shown])


def is_hash(kept: str) -> bool:
    """Say whether `kept` is what `hash_password` makes, with work that this computer can do."""
    try:
        _taken_apart(kept)
    except ValueError:
        return False
    return True


def matches(password: str, kept: str) -> bool:
    """Say whether `kept` was made of `password`; "" for `kept` takes as long and never matches."""
    salt, key, *work = _taken_apart(kept or _nobodys())
    found = _key(password, salt, *work)
    return hmac.compare_digest(found, key) and bool(kept)


@cache
def _nobodys() -> str:
    return hash_password(secrets.token_hex())


def _taken_apart(kept: str) -> tuple[bytes, bytes, int, int, int]:
    kind, cost, block, parallel, salt, key = kept.split("$")
    n, r, p = int(cost), int(block), int(parallel)
    fine = 2**14 <= n <= COST_MOST and n & (n - 1) == 0 and 1 <= r <= BLOCK_MOST and 1 <= p <= PARALLEL_MOST
    found = (base64.b64decode(salt, validate=True), base64.b64decode(key, validate=True))
    if kind != KIND or not fine or (len(found[0]), len(found[1])) != (SALT_BYTES, KEY_BYTES):
        raise ValueError(kind)
    return (*found, n, r, p)


def _key(password: str, salt: bytes, cost: int, block: int, parallel: int) -> bytes:
    secret = _normal(password).encode("utf-8", "replace")
    with _turn():
        memory = 256 * cost * block  # twice what it needs
        return hashlib.scrypt(secret, salt=salt, n=cost, r=block, p=parallel, maxmem=memory, dklen=KEY_BYTES)


@contextmanager
def _turn() -> Iterator[None]:
    """Let few in at once, for each takes memory and a core, and let few wait: others need the threads."""
    if not _queue.acquire(blocking=False):
        raise LimitError(BUSY)
    try:
        if not _room.acquire(timeout=PATIENCE_SECONDS):
            raise LimitError(BUSY)
        try:
            yield
        finally:
            _room.release()
    finally:
        _queue.release()


def _normal(password: str) -> str:
    """Return a password in the form that is the same on every keyboard."""
    return unicodedata.normalize("NFKC", password)
