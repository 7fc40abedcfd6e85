"""ONNX's Resize in PyTorch: along each axis a matrix of weights, so that autograd gives the derivative."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor


def resampled(
    node: Any, x: Tensor, scales: list[float] | None, sizes: list[int] | None, roi: list[float] | None
) -> Tensor:
    axes = [a % x.dim() for a in node.get("axes") or range(x.dim())]
    if sizes is not None:
        scales, sizes = scales_of(node.get("keep_aspect_ratio_policy", "stretch"), sizes, [x.shape[a] for a in axes])
    else:
        sizes = [math.floor(x.shape[a] * s) for a, s in zip(axes, scales, strict=True)]
    for place, (axis, size, scale) in enumerate(zip(axes, sizes, scales, strict=True)):
        part = None if not roi else (roi[place], roi[place + len(axes)])
        if size == x.shape[axis] and scale == 1 and coordinates(node) != "tf_crop_and_resize":
            continue
        weights, outside = weights_of(node, x.shape[axis], size, scale, part)
        y = torch.tensordot(x.double(), weights, dims=([axis], [1])).movedim(-1, axis)
        filling = torch.tensor(node.get("extrapolation_value", 0.0), dtype=torch.float64)
        shape = [-1 if a == axis else 1 for a in range(x.dim())]
        x = torch.where(outside.reshape(shape), filling, y).to(x.dtype)
    return x


def scales_of(policy: str, sizes: list[int], extents: list[int]) -> tuple[list[float], list[int]]:
    scales = [size / extent for size, extent in zip(sizes, extents, strict=True)]
    if policy == "stretch":
        return scales, sizes
    scale = min(scales) if policy == "not_larger" else max(scales)
    return [scale] * len(scales), [math.floor(scale * extent + 0.5) for extent in extents]


def coordinates(node: Any) -> str:
    """Resize of opset 10, and Upsample, know one way to place the elements."""
    return "asymmetric" if node.version < 11 else node.get("coordinate_transformation_mode", "half_pixel")


def weights_of(
    node: Any, extent: int, size: int, scale: float, roi: tuple[float, float] | None
) -> tuple[Tensor, Tensor]:
    """The matrix (size × extent) of an axis, and which of its rows lie outside the region of interest."""
    transform, mode = coordinates(node), node.get("mode", "nearest")
    weights = torch.zeros(size, extent, dtype=torch.float64)
    outside = torch.zeros(size, dtype=torch.bool)
    for i in range(size):
        place = source_of(transform, i, extent, size, scale, roi)
        if transform == "tf_crop_and_resize" and not 0 <= place <= extent - 1:
            outside[i] = True
            continue
        if mode == "nearest":
            rounding = "floor" if node.version < 11 else node.get("nearest_mode", "round_prefer_floor")
            weights[i, min(max(nearest(rounding, place), 0), extent - 1)] = 1
        else:
            for j, weight in taps(node, mode, place, scale, extent):
                weights[i, min(max(j, 0), extent - 1)] += weight
    return weights, outside


def source_of(
    transform: str, i: int, extent: int, size: int, scale: float, roi: tuple[float, float] | None
) -> float:
    """Where element i of the result lies in the operand."""
    if transform == "asymmetric":
        return i / scale
    if transform == "align_corners":
        return 0 if size == 1 else i * (extent - 1) / (size - 1)
    if transform == "pytorch_half_pixel" and size == 1:
        return -0.5
    if transform == "half_pixel_symmetric":
        # As if the size were not rounded.
        adjustment = size / (scale * extent)
        return extent / 2 * (1 - adjustment) + (i + 0.5) / scale - 0.5
    if transform == "tf_crop_and_resize":
        start, end = roi
        if size == 1:
            return 0.5 * (start + end) * (extent - 1)
        return start * (extent - 1) + i * (end - start) * (extent - 1) / (size - 1)
    return (i + 0.5) / scale - 0.5


def nearest(rounding: str, place: float) -> int:
    return {
        "floor": math.floor, "ceil": math.ceil, "round_prefer_ceil": lambda p: math.floor(p + 0.5),
        "round_prefer_floor": lambda p: math.ceil(p - 0.5),
    }[rounding](place)


def taps(node: Any, mode: str, place: float, scale: float, extent: int) -> list[tuple[int, float]]:
    """Elements that a linear or cubic kernel takes at a place, with their weights, which sum to 1."""
    is_cubic = mode == "cubic"
    # Against aliasing the kernel is as wide as an element of the result.
    stretch = 1 / scale if node.get("antialias", 0) and scale < 1 else 1.0
    reach = (2 if is_cubic else 1) * stretch
    a = node.get("cubic_coeff_a", -0.75)
    found = []
    for j in range(math.floor(place - reach) + 1, math.ceil(place + reach)):
        distance = abs(place - j) / stretch
        weight = cubic(distance, a) if is_cubic else max(0.0, 1 - distance)
        if weight and (not node.get("exclude_outside", 0) or 0 <= j < extent):
            found.append((j, weight))
    total = sum(weight for _, weight in found)
    return [(j, weight / total) for j, weight in found]


def cubic(distance: float, a: float) -> float:
    if distance <= 1:
        return (a + 2) * distance**3 - (a + 3) * distance**2 + 1
    if distance < 2:
        return a * distance**3 - 5 * a * distance**2 + 8 * a * distance - 4 * a
    return 0.0
