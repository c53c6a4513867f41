"""Make the bundled encoder: read, leave out, learn pieces, pair, learn vectors, save, measure, log."""

import argparse
import json
import os
import platform
import time
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from assistant.background import inverse_frequency
from assistant.embedding import StaticEncoder
from training import cooccurrence, counts, export, heldout, measures, pairs, pieces, sources, vectors

if TYPE_CHECKING:
    from tokenizers import Tokenizer

HERE = Path(__file__).parent
LEAST_DOCUMENTS = 5
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
    options.add_argument("--out", type=Path, default=Path("assistant/model"), help="folder of the encoder")
    chosen = options.parse_args()
    train(chosen.data, chosen.out, vectors.Recipe())


def train(data: Path, out: Path, recipe: vectors.Recipe) -> None:
    """Make the encoder of `recipe` from `data` in `out`, and write `heldout.txt` and `log.json` here."""
    clock = _Clock()
    everything = sources.load(data)
    held = heldout.heldout_ids(everything)
    usable, lost = heldout.without_heldout(everything)
    clock.say(f"read; left out {lost}")
    tokenizer = pieces.learn(pieces.sample(usable, recipe.sample_every), recipe.pieces, recipe.longest)
    clock.say(f"{tokenizer.get_vocab_size()} pieces")
    texts = counts.passages(usable)
    frequencies, start = _start(texts, tokenizer, recipe)
    clock.say(f"first vectors from {len(texts)} passages")
    pool = pairs.Pool(tokenizer)
    kinds = pairs.make(usable, pool, recipe.repeats, recipe.seed)
    clock.say("; ".join(f"{len(kind)} x {kind.repeats} ({kind.name})" for kind in kinds))
    learned = vectors.learn(start, pool.ids(), kinds, recipe, clock.say)
    learned[tokenizer.token_to_id(pieces.UNKNOWN)] = 0
    export.save_model(learned, tokenizer, out)
    export.save_background(counts.count_terms(texts, LEAST_DOCUMENTS), frequencies, out)
    export.save_seen(heldout.seen_keys(usable), out)
    (HERE / "heldout.txt").write_text("\n".join(held) + "\n", encoding="utf-8")
    clock.say(f"saved to {out}")
    done = {
        "files": [asdict(one) for one in everything.files],
        "left_out": lost,
        "passages": len(texts),
        "pairs": {kind.name: {"pairs": len(kind), "times a pass": kind.repeats} for kind in kinds},
        "recipe": asdict(recipe),
    }
    encoder = StaticEncoder(out)
    measured = {"heldout": measures.retrieval(encoder, everything, held), "sts": measures.likeness(encoder, data)}
    clock.say(json.dumps(measured))
    _write_log({**done, **_made(encoder, out), "measures": measured, "seconds": round(clock.passed())})


def _start(
    texts: list[str], tokenizer: "Tokenizer", recipe: vectors.Recipe
) -> tuple[NDArray[np.uint32], NDArray[np.float32]]:
    """Return the document frequencies of the pieces over `texts`, and the pieces' first vectors."""
    pool = pairs.Pool(tokenizer)
    pool.add(texts)
    ids, owners, size = pool.ids(), pool.owners(), tokenizer.get_vocab_size()
    frequencies = counts.count_pieces(ids, owners, size)
    company = cooccurrence.learn(ids, owners, size, recipe.dimensions, recipe.seed)
    return frequencies, vectors.first_vectors(company, inverse_frequency(frequencies, len(texts)), recipe)


def _made(encoder: StaticEncoder, out: Path) -> dict[str, Any]:
    sizes = {path.name: path.stat().st_size for path in sorted(out.rglob("*")) if path.is_file()}
    return {
        "encoder": {"fingerprint": encoder.fingerprint, "bytes": sizes},
        "packages": {name: version(name) for name in PACKAGES},
        "machine": {"python": platform.python_version(), "processor": platform.machine(), "cores": os.cpu_count()},
    }


class _Clock:
    """Prints what is done with the seconds since the start."""

    def __init__(self) -> None:
        self._start = time.perf_counter()

    def passed(self) -> float:
        return time.perf_counter() - self._start

    def say(self, text: str) -> None:
        print(f"{self.passed():6.0f} s  {text}", flush=True)


def _write_log(log: dict[str, Any]) -> None:
    (HERE / "log.json").write_text(json.dumps(log, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
