"""In which numbers the network computes, and an optimiser that keeps exact weights beside coarse ones."""

import time
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

GAIN = 1.5
FAST = 5.0
ROWS, WIDTH, INNER = 2048, 384, 1536


def device_of(name: str) -> torch.device:
    """Return the device of that name; "auto" is a GPU where there is one."""
    return torch.device("cuda" if name == "auto" and torch.cuda.is_available() else "cpu" if name == "auto" else name)


def fitting(device: torch.device, name: str = "auto") -> torch.dtype:
    """Return bfloat16 or float32: `name` says which, "auto" tries both for some tenths of a second.

    bfloat16 is taken on a GPU and where it is at least 1.5 times as fast (AMX); without such instructions
    a CPU takes many times longer with it.
    """
    if name != "auto":
        return {"float32": torch.float32, "bfloat16": torch.bfloat16}[name]
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float32
    exact = _seconds(torch.float32, 3, 60.0)
    return torch.bfloat16 if _seconds(torch.bfloat16, 3, exact) * GAIN < exact else torch.float32


def _seconds(dtype: torch.dtype, times: int, most: float) -> float:
    """Return the shortest of some runs of one layer's product; a first run on a piece of it may already tell."""
    rows, weights = torch.ones(ROWS, WIDTH, dtype=dtype), torch.ones(WIDTH, INNER, dtype=dtype)
    best = _once(rows[: ROWS // 8], weights) * 2
    return best if best > most else min(_once(rows, weights) for _ in range(times))


def _once(rows: Tensor, weights: Tensor) -> float:
    begun = time.perf_counter()
    rows @ weights
    return time.perf_counter() - begun


class MasterAdamW:
    """AdamW on float32 copies of a network's weights; after each step the network gets them in its own type."""

    def __init__(self, network: nn.Module, decay: float = 0.01, fast: Sequence[str] = ()) -> None:
        """Copy the weights; those that are float32 already are used as they are. Vectors do not decay.

        Weights with one of `fast` in their name learn `FAST` times as fast: those that begin at random.
        """
        named = [(name, p) for name, p in network.named_parameters() if p.requires_grad]
        self._own = [p for _, p in named]
        self.masters = [p if p.dtype == torch.float32 else p.detach().float().requires_grad_() for p in self._own]
        factors = [FAST if any(part in name for part in fast) else 1.0 for name, _ in named]
        groups = [_group(self.masters, factors, factor, decay) for factor in sorted(set(factors))]
        groups += [_group(self.masters, factors, factor, 0.0) for factor in sorted(set(factors))]
        self._adam = torch.optim.AdamW(groups, lr=0.0, betas=(0.9, 0.98))

    def step(self, rate: float, clip: float = 1.0) -> float:
        """Take one step with this learning rate, clear the gradients, return their norm before clipping."""
        for own, master in zip(self._own, self.masters, strict=True):
            if master is not own and own.grad is not None:
                master.grad, own.grad = own.grad.float(), None
        norm = float(torch.nn.utils.clip_grad_norm_(self.masters, clip))
        for group in self._adam.param_groups:
            group["lr"] = rate * group["factor"]
        self._adam.step()
        self._adam.zero_grad(set_to_none=True)
        with torch.no_grad():
            for own, master in zip(self._own, self.masters, strict=True):
                if master is not own:
                    own.copy_(master)
        return norm

    def state(self) -> dict[str, Any]:
        """Return what `restore` takes: exact weights and the optimiser's memory."""
        return {"masters": [m.detach().cpu() for m in self.masters], "adam": self._adam.state_dict()}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from what `state` returned."""
        with torch.no_grad():
            for own, master, kept in zip(self._own, self.masters, state["masters"], strict=True):
                master.copy_(kept)
                own.copy_(kept)
        self._adam.load_state_dict(state["adam"])


def _group(masters: Sequence[Tensor], factors: Sequence[float], factor: float, decay: float) -> dict[str, Any]:
    """Return the matrices (where they decay) or the vectors that learn at this factor."""
    mine = [m for m, f in zip(masters, factors, strict=True) if f == factor and (m.dim() > 1) == (decay > 0)]
    return {"params": mine, "weight_decay": decay, "factor": factor}
