"""Which of the results of a PyTorch module is meant: logits among losses, tuples, dictionaries and other outputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from torch import Tensor

PREFERRED = ("logits", "last_hidden_state", "out")


class ResultError(Exception):
    """Why a result cannot be chosen, in a sentence."""


def results(value: Any, prefix: str = "") -> Iterator[tuple[str, Tensor]]:
    """Tensors of nested results by their path."""
    if isinstance(value, Tensor):
        yield prefix or "output", value
        return
    if isinstance(value, Mapping):
        parts = value.items()
    elif hasattr(value, "_fields"):
        parts = zip(value._fields, value, strict=True)
    elif isinstance(value, list | tuple):
        parts = enumerate(value)
    else:
        return
    for key, part in parts:
        yield from results(part, f"{prefix}.{key}" if prefix else str(key))


def choose(value: Any, wanted: str | None) -> tuple[str, Tensor, list[str]]:
    """One of the results: its path, the tensor, and a sentence where there was something to choose."""
    found = dict(results(value))
    listed = ", ".join(f"{n} {list(t.shape)}" for n, t in found.items())
    if wanted is not None:
        if wanted not in found:
            raise ResultError(f"the module has no result {wanted}; it has {listed}")
        return wanted, found[wanted], []
    numbers = {n: t for n, t in found.items() if t.is_floating_point() and t.dim() > 0}
    if not numbers:
        raise ResultError(f"the module's results hold no tensor of numbers; it has {listed or 'none'}")
    name = next((n for n in PREFERRED if n in numbers), next(iter(numbers)))
    others = [n for n in found if n != name]
    if not others:
        return name, numbers[name], []
    skipped = [n for n, t in found.items() if t.dim() == 0]
    told = f"Of the results {listed} the file has {name}."
    return name, numbers[name], [told + (" A loss is computed by propagate, from the labels." if skipped else "")]
