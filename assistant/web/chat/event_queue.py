"""Gradio's event queue, woken by events: Gradio's own polls every millisecond, which takes 7 % of a core all the time.

It extends a class of Gradio, so import it inside functions only.
"""

import asyncio
import time
from typing import Any

from gradio.blocks import Blocks
from gradio.queueing import Event, Queue
from gradio.utils import run_coro_in_background, set_task_name

PROGRESS_SECONDS = 1.0  # how often Gradio looks for a progress bar; this page has none


class EventQueue(Queue):
    """Gradio's queue, except that its processing loop sleeps until an event is queued or has ended."""

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.progress_update_sleep_when_free = PROGRESS_SECONDS
        self.changed = asyncio.Event()

    async def push(self, *given: Any, **options: Any) -> Any:
        """Queue an event as Gradio does, and wake the loop."""
        pushed = await super().push(*given, **options)
        self.changed.set()
        return pushed

    async def process_events(self, *given: Any, **options: Any) -> None:
        """Run events as Gradio does, then wake the loop, for their slots are free."""
        try:
            await super().process_events(*given, **options)
        finally:
            self.changed.set()

    def close(self) -> None:
        """End the loop."""
        super().close()
        self.changed.set()

    async def start_processing(self) -> None:
        """Run queued events as slots come free, until the queue is closed."""
        self.changed = asyncio.Event()  # of the event loop that serves
        try:
            while not self.stopped:
                while None in self.active_jobs and (waiting := self.get_events()):
                    self._run(*waiting)
                await self.changed.wait()
                self.changed.clear()
        finally:
            self.stopped = True
            self._cancel_asyncio_tasks()

    def _run(self, events: list[Event], batch: bool, concurrency_id: str) -> None:
        """Start `events`, with the bookkeeping of `Queue.start_processing` (Gradio 6.31)."""
        self.active_jobs[self.active_jobs.index(None)] = events
        places = self.event_queue_per_concurrency_id[concurrency_id]
        places.current_concurrency += 1
        function, started = events[0].fn, time.time()
        places.start_times_per_fn[function].add(started)
        task = run_coro_in_background(self.process_events, events, batch, started, function)
        set_task_name(task, events[0].session_hash, function._id, events[0]._id, batch)
        self._asyncio_tasks.add(task)
        task.add_done_callback(self._asyncio_tasks.discard)
        self.broadcast_estimations(concurrency_id)


def use_event_queue(page: Blocks, places: int, waiting_most: int) -> None:
    """Give `page` an `EventQueue` with `places` events running at once and at most `waiting_most` waiting."""
    page.queue(api_open=False)
    options: dict[str, Any] = {"concurrency_count": page.max_threads, "update_intervals": 1, "live_updates": True}
    options |= {"default_concurrency_limit": places, "max_size": waiting_most}
    page._queue = EventQueue(blocks=page, **options)
