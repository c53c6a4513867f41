"""How much somebody may ask for in a minute: a bucket a visitor that fills steadily; kept in memory."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from time import monotonic

from assistant.base.errors import LimitError
from assistant.base.settings import Use

BUCKETS_MOST = 20_000
MINUTE = 60.0


WORDS = {Use.QUESTION: "提问", Use.UPLOAD: "上传", Use.LOGIN: "登录", Use.READ: "打开原文", Use.ANSWER: "答题"}


class RateLimits:
    """A bucket for each visitor and use; it holds `rates[use]` and fills by as many a minute."""

    def __init__(self, rates: Mapping[Use, int], now: Callable[[], float] = monotonic) -> None:
        self._rates = rates
        self._now = now
        self._buckets: OrderedDict[tuple[str, Use], tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, who: str, use: Use, count: int = 1) -> None:
        """Count `count` times `use` by `who` (a name or an address); raises `LimitError` where it is too many.

        What costs more than a bucket holds takes a full one.
        """
        rate = self._rates[use]
        count = min(count, rate)
        with self._lock:
            now = self._now()
            left, since = self._buckets.pop((who, use), (float(rate), now))
            left = min(float(rate), left + (now - since) * rate / MINUTE)
            taken = left >= count
            self._buckets[who, use] = (left - count if taken else left, now)
            while len(self._buckets) > BUCKETS_MOST:
                self._buckets.popitem(last=False)
        if not taken:
            seconds = max(1, round((count - left) * MINUTE / rate))
            raise LimitError(f"{WORDS[use]}太频繁（每分钟最多 {rate} 次）：请等 {seconds} 秒再试。")
