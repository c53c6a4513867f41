"""What a figure was measured on, and what a command costs."""

import os
import platform
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).parent.parent
NOTE = 3000


@dataclass(frozen=True)
class Cost:
    """Seconds of wall time and peak memory in MB of one command, and what it printed."""

    seconds: float
    megabytes: float
    output: str


def machine() -> str:
    """Return cores, memory, system and Python in one line."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, {system}"


def cost(arguments: list[str], python: Path = Path(sys.executable)) -> Cost:
    """Run `python -m ARGUMENTS` once, without the internet and without a history, and return what it cost.

    A process between takes its peak memory: measured from here it would start at ours. Raises
    CalledProcessError, with the last of what the command said, when it fails.
    """
    wrapper = (
        "import resource, subprocess, sys\n"
        "run = subprocess.run([sys.executable, '-m', *sys.argv[1:]], check=True, stdout=subprocess.PIPE)\n"
        "sys.stdout.buffer.write(run.stdout)\n"
        "print('\\n' + str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))\n"
    )
    command = [str(python), "-c", wrapper, *arguments]
    alone = {**os.environ, "HF_HUB_OFFLINE": "1", "ASSISTANT_HISTORY_DAYS": "0"}
    started = perf_counter()
    try:
        run = subprocess.run(command, check=True, capture_output=True, encoding="utf-8", cwd=ROOT, env=alone)
    except subprocess.CalledProcessError as error:
        error.add_note(error.stderr[-NOTE:])
        raise
    seconds = perf_counter() - started
    output, peak = run.stdout.rstrip("\n").rsplit("\n", 1)
    return Cost(seconds, int(peak) / 1024, output)


def own_peak() -> float:
    """Return this process's peak memory in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
