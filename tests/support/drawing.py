"""How many examples hypothesis draws: the same ones each time, or with HYPOTHESIS_PROFILE=fuzz new and many more."""

import os

from hypothesis import settings

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "repeatable")
MORE = {"repeatable": 1, "fuzz": 30}
USUAL = 100


def load_profile() -> None:
    """Make the chosen profile the default of all tests; raises `KeyError` for one that is not there."""
    settings.register_profile("repeatable", derandomize=True, deadline=None, max_examples=USUAL)
    settings.register_profile("fuzz", deadline=None, max_examples=USUAL * MORE["fuzz"], print_blob=True)
    settings.load_profile(PROFILE)


def drawn(count: int) -> settings:
    """Let a test draw `count` examples, more when fuzzing."""
    return settings(max_examples=count * MORE[PROFILE])
