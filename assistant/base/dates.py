"""Points of time in the words that people read."""

from time import localtime, strftime


def when(at: int) -> str:
    """Return a time, UTC in seconds since 1970, as people here read it."""
    return strftime("%Y-%m-%d %H:%M", localtime(at))


def day_of(at: int) -> str:
    """Return the day of a time in this computer's time zone, as 2026-11-22."""
    return strftime("%Y-%m-%d", localtime(at))
