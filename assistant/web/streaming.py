"""A blocking iterator as an async generator: it runs in a thread of its own and is told when its reader leaves.

The shared worker threads are few; one answer being worded would occupy one of them for a minute.
"""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import suppress
from typing import TypeVar

BEAT_SECONDS = 1.0

Item = TypeVar("Item")


class _End(Exception):
    """The end of the iterator."""


async def streamed(make: Callable[[threading.Event], Iterator[Item]]) -> AsyncGenerator[Item | None, None]:
    """Yield the items of `make(left)`, and None after each `BEAT_SECONDS` without one; raises what it raises.

    The event `left` is set when the generator is closed or cancelled. The None items let the caller notice in
    between that its reader has left.
    """
    loop, left = asyncio.get_running_loop(), threading.Event()
    given: asyncio.Queue[Item | Exception] = asyncio.Queue()

    def give(item: Item | Exception) -> None:
        with suppress(RuntimeError):  # the loop has ended, and with it the reader
            loop.call_soon_threadsafe(given.put_nowait, item)

    threading.Thread(target=_run, args=(make, left, give), name="word-answer", daemon=True).start()
    try:
        while True:
            item = await _next(given)
            if isinstance(item, _End):
                return
            if isinstance(item, Exception):
                raise item
            yield item
    finally:
        left.set()


async def _next(given: "asyncio.Queue[Item | Exception]") -> Item | Exception | None:
    try:
        return await asyncio.wait_for(given.get(), BEAT_SECONDS)
    except TimeoutError:
        return None


def _run(
    make: Callable[[threading.Event], Iterator[Item]], left: threading.Event, give: Callable[[Item | Exception], None]
) -> None:
    try:
        for item in make(left):
            if left.is_set():
                return
            give(item)
        give(_End())
    except Exception as error:  # raised again where it is awaited
        give(error)
