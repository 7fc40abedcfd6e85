"""Tensors from an integer formula, so that another language can make the same bits without a file.

Element i (from 0, row-major) of the tensor named s:
    h = FNV-1a 64-bit of the UTF-8 bytes of s
    z = h + (i + 1) * 0x9E3779B97F4A7C15                     (mod 2^64, as all that follows)
    z ^= z >> 30;  z *= 0xBF58476D1CE4E5B9;  z ^= z >> 27;  z *= 0x94D049BB133111EB;  z ^= z >> 31
    u = (z >> 11) * 2^-53                                    in [0, 1), exact
    value = a + b * (2u - 1)                                 in float64, product rounded before the sum
with a and b by role (`ROLES`); a dropout mask is 1 where u >= p and 0 elsewhere; labels[i] = (7 i + 3) mod classes.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from residual_network import (
    Configuration,
    TensorSpecification,
    mask_specifications,
    parameter_specifications,
    parse_shortcut,
)

SCHEME = "fnv1a64-splitmix64-v1"

ROLES = {
    "conv": "a = 0, b = sqrt(6 / fan_out), fan_out = O*kh*kw (projections, gates and dense layers too)",
    "bn_weight": "a = 1, b = 0.3",
    "bn_bias": "a = 0, b = 0.3",
    "gate_bias": "a = the number in the shortcut word, b = 0",
    "fc_weight": "a = 0, b = sqrt(3 / fan_in)",
    "fc_bias": "a = 0, b = 0.1",
    "input": "name 'input', a = 0, b = 1.7",
    "dropout_mask": "1 if u >= p else 0",
    "labels": "labels[i] = (7*i + 3) mod classes",
}


def fnv1a64(text: str) -> int:
    value = 0xCBF29CE484222325
    for byte in text.encode("utf-8"):
        value = ((value ^ byte) * 0x100000001B3) % 2**64
    return value


def uniforms(name: str, count: int) -> np.ndarray:
    """u_0 … u_{count-1} of the tensor `name`."""
    with np.errstate(over="ignore"):
        z = np.uint64(fnv1a64(name)) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
    return (z >> np.uint64(11)).astype(np.float64) * 2.0**-53


def affine(name: str, shape: tuple[int, ...], a: float, b: float) -> Tensor:
    values = a + b * (2 * uniforms(name, math.prod(shape)) - 1)
    return torch.from_numpy(values).reshape(shape)


def centre_and_width(specification: TensorSpecification, gate_bias: float) -> tuple[float, float]:
    """(a, b) of a trainable tensor."""
    shape = specification.shape
    match specification.role:
        case "conv":
            return 0.0, math.sqrt(6 / (shape[0] * shape[2] * shape[3]))
        case "fc_weight":
            return 0.0, math.sqrt(3 / shape[1])
        case role:
            return {"bn_weight": (1.0, 0.3), "bn_bias": (0.0, 0.3), "fc_bias": (0.0, 0.1), "gate_bias": (gate_bias, 0.0)}[role]


def formula_tensors(configuration: Configuration) -> dict[str, Tensor]:
    """Every parameter and mask of a network."""
    shortcut = parse_shortcut(configuration.shortcut)
    tensors = {
        name: affine(name, specification.shape, *centre_and_width(specification, shortcut.gate_bias))
        for name, specification in parameter_specifications(configuration).items()
    }
    for name, shape in mask_specifications(configuration).items():
        kept = uniforms(name, math.prod(shape)) >= shortcut.drop
        tensors[name] = torch.from_numpy(kept.astype(np.float64)).reshape(shape)
    return tensors


def formula_batch(configuration: Configuration) -> tuple[Tensor, Tensor]:
    """Input (N, C, H, W) and labels (N)."""
    image = affine("input", configuration.input_shape, 0.0, 1.7)
    labels = torch.tensor([(7 * i + 3) % configuration.classes for i in range(configuration.input_shape[0])])
    return image, labels
