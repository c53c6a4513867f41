"""Make the bundled encoder: read, leave out, learn, save, measure, log."""

import argparse
import json
import os
import platform
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from assistant.models.encoder import StaticEncoder
from training import heldout, making, measures, sources, vectors

HERE = Path(__file__).parent
PACKAGES = (
    "torch",
    "sentence-transformers",
    "tokenizers",
    "safetensors",
    "numpy",
    "scipy",
    "opencc-python-reimplemented",
)


def main() -> None:
    """Run the whole training; takes some minutes on two cores and about 3 GB of memory."""
    options = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    options.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder with stard/ and training/")
    options.add_argument("--out", type=Path, default=Path("assistant/models/bundled"), help="folder of the encoder")
    chosen = options.parse_args()
    train(chosen.data, chosen.out, vectors.Recipe())


def train(data: Path, out: Path, recipe: vectors.Recipe) -> None:
    """Make the encoder of `recipe` from `data` in `out`, and write `heldout.txt` and `log.json` here."""
    clock = making.Clock()
    everything = sources.load(data)
    made = making.make(everything, out, recipe, heldout.SHIPPED_FOLD, clock, None)
    (HERE / "heldout.txt").write_text("\n".join(made.held) + "\n", encoding="utf-8")
    encoder = StaticEncoder(out)
    measured = {"heldout": measures.retrieval(encoder, everything, made.held), "sts": measures.likeness(encoder, data)}
    clock.say(json.dumps(measured))
    done = {
        "files": [asdict(one) for one in everything.files],
        "left_out": made.lost,
        "passages": made.passages,
        "pairs": made.pairs,
        "recipe": asdict(recipe),
        **_outcome(encoder, out),
        "measures": measured,
        "seconds": round(clock.passed()),
    }
    (HERE / "log.json").write_text(json.dumps(done, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _outcome(encoder: StaticEncoder, out: Path) -> dict[str, Any]:
    sizes = {path.name: path.stat().st_size for path in sorted(out.rglob("*")) if path.is_file()}
    return {
        "encoder": {"fingerprint": encoder.fingerprint, "bytes": sizes},
        "packages": {name: version(name) for name in PACKAGES},
        "machine": {"python": platform.python_version(), "processor": platform.machine(), "cores": os.cpu_count()},
    }


if __name__ == "__main__":
    main()
