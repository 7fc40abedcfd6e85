"""Batches: arrays by name in a .npz or .safetensors file; those of `labels` are the labels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor


def read_batch(path: Path | str) -> dict[str, Tensor]:
    path = Path(path)
    if path.suffix == ".safetensors":
        from safetensors.torch import load_file

        return load_file(path)
    with np.load(path) as arrays:
        return {name: torch.from_numpy(arrays[name]) for name in arrays.files}


def write_batch(path: Path | str, arrays: dict[str, Tensor]) -> None:
    path = Path(path)
    arrays = {name: t.detach().contiguous() for name, t in arrays.items()}
    if path.suffix == ".safetensors":
        from safetensors.torch import save_file

        # No two arrays may share memory.
        save_file({name: t.clone() for name, t in arrays.items()}, path)
    else:
        np.savez(path, **{n: (t.float() if t.dtype == torch.bfloat16 else t).numpy() for n, t in arrays.items()})
