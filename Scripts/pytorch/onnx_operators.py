"""What each operator of ONNX computes, in PyTorch: float64 for real numbers, int64 for whole ones, bool for conditions.

`OPERATORS` maps a name to a function of the node and its operands (None for one that is left out), which returns the
result or a tuple of results. Functions are written from the operators' definitions (opsets 9 to 23); autograd gives the
derivatives. Casts among real types do nothing: the numbers of a file are used as they are stored.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import onnx
import torch
from torch import Tensor
from torch.nn import functional as F

from onnx_resampling import resampled

Value = Tensor | list[Tensor] | None
WHOLE_TYPES = {
    onnx.TensorProto.UINT8, onnx.TensorProto.INT8, onnx.TensorProto.UINT16, onnx.TensorProto.INT16,
    onnx.TensorProto.INT32, onnx.TensorProto.INT64, onnx.TensorProto.UINT32, onnx.TensorProto.UINT64,
}
REAL_TYPES = {
    onnx.TensorProto.FLOAT, onnx.TensorProto.FLOAT16, onnx.TensorProto.BFLOAT16, onnx.TensorProto.DOUBLE,
}
BATCH_STATISTICS = {"running": False, "batch": True}


class OnnxError(Exception):
    """Why a file cannot be evaluated, in a sentence."""


@dataclass(frozen=True)
class Node:
    """A node of a file: its attributes as Python values, and the version of the operators that it is written in."""

    type: str
    name: str
    domain: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: dict[str, Any]
    version: int
    normalization: str = "file"
    """Statistics of a BatchNormalization on the signal: as the file says, `running`, or `batch`."""

    def get(self, name: str, default: Any = None) -> Any:
        value = self.attributes.get(name, default)
        return value.decode() if isinstance(value, bytes) else value

    def refuse(self, reason: str) -> OnnxError:
        return OnnxError(f"{self.type} (node {self.name or self.outputs[0]}): {reason}")


OPERATORS: dict[str, Callable[..., Value | tuple[Value, ...]]] = {}


def operator(*names: str) -> Callable:
    def register(function: Callable) -> Callable:
        OPERATORS.update({name: function for name in names})
        return function

    return register


def evaluate(node: Node, operands: Sequence[Value]) -> tuple[Value, ...]:
    if node.domain not in ("", "ai.onnx") or node.type not in OPERATORS:
        raise OnnxError(f"operator {node.domain or 'ai.onnx'}.{node.type} (node {node.name}) is not supported")
    results = OPERATORS[node.type](node, *operands)
    return results if isinstance(results, tuple) else (results,)


def whole(values: Tensor | Sequence[int] | None) -> list[int] | None:
    return None if values is None else [int(v) for v in (values.reshape(-1) if isinstance(values, Tensor) else values)]


def tensor_of(proto: onnx.TensorProto) -> Tensor:
    """The numbers of a file, widened."""
    if proto.data_type not in WHOLE_TYPES | REAL_TYPES | {onnx.TensorProto.BOOL}:
        kind = onnx.TensorProto.DataType.Name(proto.data_type)
        raise OnnxError(f"tensor {proto.name} is of type {kind}, which is not supported")
    array = onnx.numpy_helper.to_array(proto)
    if proto.data_type == onnx.TensorProto.BOOL:
        return torch.from_numpy(array.copy())
    return torch.from_numpy(array.astype("float64" if proto.data_type in REAL_TYPES else "int64"))


def is_real(x: Tensor) -> bool:
    return x.dtype == torch.float64


# Elementwise


def elementwise(name: str, function: Callable[[Tensor], Tensor]) -> None:
    OPERATORS[name] = lambda node, x: function(x)


for _name, _function in {
    "Abs": torch.abs, "Acos": torch.acos, "Acosh": torch.acosh, "Asin": torch.asin, "Asinh": torch.asinh,
    "Atan": torch.atan, "Atanh": torch.atanh, "Ceil": torch.ceil, "Cos": torch.cos, "Cosh": torch.cosh,
    "Erf": torch.erf, "Exp": torch.exp, "Floor": torch.floor, "IsNaN": torch.isnan, "Log": torch.log,
    "Mish": F.mish, "Neg": torch.neg, "Not": torch.logical_not, "Reciprocal": torch.reciprocal, "Relu": torch.relu,
    "Round": torch.round, "Sigmoid": torch.sigmoid, "Sign": torch.sign, "Sin": torch.sin, "Sinh": torch.sinh,
    "Softsign": F.softsign, "Sqrt": torch.sqrt, "Tan": torch.tan, "Tanh": torch.tanh,
}.items():
    elementwise(_name, _function)


@operator("Identity")
def identity(node: Node, x: Value) -> Value:
    return x


@operator("Softplus")
def softplus(node: Node, x: Tensor) -> Tensor:
    """Without torch's threshold, above which it is the identity."""
    return torch.logaddexp(x, torch.zeros_like(x))


@operator("Gelu")
def gelu(node: Node, x: Tensor) -> Tensor:
    return F.gelu(x, approximate=node.get("approximate", "none"))


@operator("LeakyRelu")
def leaky_relu(node: Node, x: Tensor) -> Tensor:
    return F.leaky_relu(x, node.get("alpha", 0.01))


@operator("PRelu")
def prelu(node: Node, x: Tensor, slope: Tensor) -> Tensor:
    """The slope stretches to x alone."""
    return torch.where(x > 0, x, slope * x)


@operator("ThresholdedRelu")
def thresholded_relu(node: Node, x: Tensor) -> Tensor:
    return torch.where(x > node.get("alpha", 1.0), x, 0)


@operator("Elu")
def elu(node: Node, x: Tensor) -> Tensor:
    return F.elu(x, node.get("alpha", 1.0))


@operator("Celu")
def celu(node: Node, x: Tensor) -> Tensor:
    return F.celu(x, node.get("alpha", 1.0))


@operator("Selu")
def selu(node: Node, x: Tensor) -> Tensor:
    alpha, gamma = node.get("alpha", 1.67326319217681884765625), node.get("gamma", 1.05070102214813232421875)
    return gamma * F.elu(x, alpha)


@operator("Swish")
def swish(node: Node, x: Tensor) -> Tensor:
    return x * torch.sigmoid(node.get("alpha", 1.0) * x)


def bounded(x: Tensor, low: float, high: float, at_bounds: bool) -> Tensor:
    """x between two bounds, with the derivative 1 between them and, if said, at them (torch's differs by release)."""
    inside = (x >= low) & (x <= high) if at_bounds else (x > low) & (x < high)
    return torch.where(inside, x, x.detach().clamp(low, high))


@operator("HardSigmoid")
def hard_sigmoid(node: Node, x: Tensor) -> Tensor:
    return bounded(node.get("alpha", 0.2) * x + node.get("beta", 0.5), 0, 1, at_bounds=False)


@operator("HardSwish")
def hard_swish(node: Node, x: Tensor) -> Tensor:
    return x * bounded(x / 6 + 0.5, 0, 1, at_bounds=False)


@operator("Clip")
def clip(node: Node, x: Tensor, low: Tensor | None = None, high: Tensor | None = None) -> Tensor:
    if node.version < 11:
        low, high = node.get("min"), node.get("max")
    if is_real(x):
        return bounded(
            x, -math.inf if low is None else float(low), math.inf if high is None else float(high), at_bounds=True)
    return x if low is None and high is None else x.clamp(low, high)


@operator("IsInf")
def is_inf(node: Node, x: Tensor) -> Tensor:
    found = torch.zeros_like(x, dtype=torch.bool)
    found = found | torch.isposinf(x) if node.get("detect_positive", 1) else found
    return found | torch.isneginf(x) if node.get("detect_negative", 1) else found


@operator("Cast")
def cast(node: Node, x: Tensor) -> Tensor:
    to = node.get("to")
    if to in REAL_TYPES:
        return x.to(torch.float64)
    if to == onnx.TensorProto.BOOL:
        return x.to(torch.bool)
    if to in WHOLE_TYPES:
        return x.to(torch.int64)
    raise node.refuse(f"to type {onnx.TensorProto.DataType.Name(to)} is not supported")


@operator("CastLike")
def cast_like(node: Node, x: Tensor, like: Tensor) -> Tensor:
    return x.to(like.dtype)


@operator("Dropout")
def dropout(node: Node, x: Tensor, ratio: Tensor | None = None, training: Tensor | None = None) -> tuple[Tensor, ...]:
    """The identity, whatever the file says of training."""
    return x, torch.ones_like(x, dtype=torch.bool)


# Arithmetic and comparisons


def from_left(function: Callable[[Tensor, Tensor], Tensor]) -> Callable[..., Tensor]:
    def apply(node: Node, first: Tensor, *others: Tensor) -> Tensor:
        for other in others:
            first = function(first, other)
        return first

    return apply


OPERATORS.update({
    "Add": from_left(torch.add), "Sub": from_left(torch.sub), "Mul": from_left(torch.mul), "Sum": from_left(torch.add),
    "Max": from_left(torch.maximum), "Min": from_left(torch.minimum), "Equal": from_left(torch.eq),
    "Less": from_left(torch.lt), "LessOrEqual": from_left(torch.le), "Greater": from_left(torch.gt),
    "GreaterOrEqual": from_left(torch.ge), "And": from_left(torch.logical_and), "Or": from_left(torch.logical_or),
    "Xor": from_left(torch.logical_xor),
})


@operator("Mean")
def mean(node: Node, *operands: Tensor) -> Tensor:
    return OPERATORS["Sum"](node, *operands) / len(operands)


@operator("Div")
def divide(node: Node, x: Tensor, y: Tensor) -> Tensor:
    return x / y if is_real(x) or is_real(y) else torch.div(x, y, rounding_mode="trunc")


@operator("Mod")
def modulo(node: Node, x: Tensor, y: Tensor) -> Tensor:
    return torch.fmod(x, y) if node.get("fmod", 0) else torch.remainder(x, y)


@operator("Pow")
def power(node: Node, x: Tensor, exponent: Tensor) -> Tensor:
    if not is_real(x) and is_real(exponent):
        return torch.pow(x.double(), exponent).to(torch.int64)
    return torch.pow(x, exponent)


@operator("Where")
def where(node: Node, condition: Tensor, x: Tensor, y: Tensor) -> Tensor:
    return torch.where(condition, x, y)


# Contractions


@operator("MatMul")
def matmul(node: Node, x: Tensor, y: Tensor) -> Tensor:
    return torch.matmul(x, y)


@operator("Gemm")
def gemm(node: Node, a: Tensor, b: Tensor, c: Tensor | None = None) -> Tensor:
    a = a.T if node.get("transA", 0) else a
    b = b.T if node.get("transB", 0) else b
    product = node.get("alpha", 1.0) * (a @ b)
    return product if c is None else product + node.get("beta", 1.0) * c


@operator("Einsum")
def einsum(node: Node, *operands: Tensor) -> Tensor:
    return torch.einsum(node.get("equation"), *operands)


# Convolutions and pools: windows that slide over the axes behind the second


@dataclass(frozen=True)
class Window:
    kernel: list[int]
    strides: list[int]
    dilations: list[int]
    begin: list[int]
    end: list[int]

    @staticmethod
    def of(node: Node, kernel: Sequence[int], extents: Sequence[int]) -> Window:
        axes = len(kernel)
        strides, dilations = node.get("strides") or [1] * axes, node.get("dilations") or [1] * axes
        pads = node.get("pads") or [0] * (2 * axes)
        padding = node.get("auto_pad", "NOTSET")
        begin, end = list(pads[:axes]), list(pads[axes:])
        if padding == "VALID":
            begin, end = [0] * axes, [0] * axes
        elif padding in ("SAME_UPPER", "SAME_LOWER"):
            spans = [(k - 1) * d + 1 for k, d in zip(kernel, dilations, strict=True)]
            counts = [-(-n // s) for n, s in zip(extents, strides, strict=True)]
            total = [
                max(0, (c - 1) * s + k - n) for c, s, k, n in zip(counts, strides, spans, extents, strict=True)
            ]
            small, large = [t // 2 for t in total], [t - t // 2 for t in total]
            begin, end = (small, large) if padding == "SAME_UPPER" else (large, small)
        return Window(list(kernel), list(strides), list(dilations), begin, end)

    def counts(self, extents: Sequence[int], rounds_up: bool) -> list[int]:
        """Windows along each axis; one that would begin behind the last element and its padding does not count."""
        found = []
        for axis, extent in enumerate(extents):
            span = (self.kernel[axis] - 1) * self.dilations[axis] + 1
            steps = extent + self.begin[axis] + self.end[axis] - span
            stride = self.strides[axis]
            count = (-(-steps // stride) if rounds_up else steps // stride) + 1
            if rounds_up and (count - 1) * stride >= extent + self.begin[axis]:
                count -= 1
            found.append(count)
        return found

    def beyond(self, extents: Sequence[int], counts: Sequence[int]) -> list[int]:
        """How far the last windows reach beyond the padding."""
        reach = [
            (c - 1) * s + (k - 1) * d + 1
            for c, s, k, d in zip(counts, self.strides, self.kernel, self.dilations, strict=True)
        ]
        return [max(0, r - n - b - e) for r, n, b, e in zip(reach, extents, self.begin, self.end, strict=True)]


def padded(x: Tensor, begin: Sequence[int], end: Sequence[int], value: float = 0.0) -> Tensor:
    """The last axes, longer (or shorter) at both ends."""
    pairs = [p for b, e in reversed(list(zip(begin, end, strict=True))) for p in (b, e)]
    return F.pad(x, pairs, value=value) if any(pairs) else x


@operator("Conv")
def convolution(node: Node, x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    window = Window.of(node, weight.shape[2:], x.shape[2:])
    function = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}[len(window.kernel)]
    x = padded(x, window.begin, window.end)
    return function(x, weight, bias, window.strides, 0, window.dilations, node.get("group", 1))


@operator("ConvTranspose")
def transposed_convolution(node: Node, x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """Computed without padding, then cropped: pads may differ between the two ends."""
    axes = weight.dim() - 2
    window = Window.of(node, weight.shape[2:], x.shape[2:])
    extra = node.get("output_padding") or [0] * axes
    function = {1: F.conv_transpose1d, 2: F.conv_transpose2d, 3: F.conv_transpose3d}[axes]
    y = function(x, weight, None, window.strides, 0, 0, node.get("group", 1), window.dilations)
    y = padded(y, [0] * axes, extra)
    wanted = node.get("output_shape")
    padding = node.get("auto_pad", "NOTSET")
    if wanted is None and padding.startswith("SAME"):
        wanted = [n * s for n, s in zip(x.shape[2:], window.strides, strict=True)]
    begin, end = window.begin, window.end
    if wanted is not None:
        total = [have - want for have, want in zip(y.shape[2:], wanted[-axes:], strict=True)]
        small, large = [t // 2 for t in total], [t - t // 2 for t in total]
        begin, end = (small, large) if padding == "SAME_UPPER" else (large, small)
    y = padded(y, [-b for b in begin], [-e for e in end])
    return y if bias is None else y + bias.reshape(-1, *[1] * axes)


def pooling(node: Node, x: Tensor) -> tuple[Window, list[int], list[int]]:
    window = Window.of(node, node.get("kernel_shape"), x.shape[2:])
    counts = window.counts(x.shape[2:], bool(node.get("ceil_mode", 0)))
    return window, counts, window.beyond(x.shape[2:], counts)


def sliding(function: dict, x: Tensor, window: Window, **options: Any) -> Tensor:
    return function[len(window.kernel)](x, window.kernel, window.strides, dilation=window.dilations, **options)


@operator("MaxPool")
def max_pool(node: Node, x: Tensor) -> Tensor:
    window, counts, beyond = pooling(node, x)
    end = [e + b for e, b in zip(window.end, beyond, strict=True)]
    wide = padded(x.double(), window.begin, end, -math.inf)
    y = sliding({1: F.max_pool1d, 2: F.max_pool2d, 3: F.max_pool3d}, wide, window)
    y = y[(..., *[slice(c) for c in counts])].to(x.dtype)
    if len(node.outputs) > 1 and node.outputs[1]:
        raise node.refuse("the places of the maxima are not supported")
    return y


@operator("AveragePool")
def average_pool(node: Node, x: Tensor) -> Tensor:
    window, counts, beyond = pooling(node, x)

    def sums(values: Tensor, of_padding: float) -> Tensor:
        wide = padded(padded(values, window.begin, window.end, of_padding), [0] * len(beyond), beyond)
        ones = torch.ones(1, 1, *window.kernel, dtype=wide.dtype)
        function = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}[len(window.kernel)]
        y = function(wide.reshape(-1, 1, *wide.shape[2:]), ones, None, window.strides, 0, window.dilations)
        return y[(..., *[slice(c) for c in counts])].reshape(*values.shape[:2], *counts)

    included = float(node.get("count_include_pad", 0))
    return sums(x, 0.0) / sums(torch.ones_like(x[:1, :1]), included)


@operator("GlobalAveragePool")
def global_average_pool(node: Node, x: Tensor) -> Tensor:
    return x.mean(tuple(range(2, x.dim())), keepdim=True)


@operator("GlobalMaxPool")
def global_max_pool(node: Node, x: Tensor) -> Tensor:
    return x.amax(tuple(range(2, x.dim())), keepdim=True)


# Normalisations


def per_channel(v: Tensor, x: Tensor) -> Tensor:
    return v.reshape(-1, *[1] * (x.dim() - 2))


def standardized(x: Tensor, axes: Sequence[int], epsilon: float) -> tuple[Tensor, Tensor, Tensor]:
    variance, mean = torch.var_mean(x, tuple(axes), correction=0, keepdim=True)
    scale = (variance + epsilon) ** -0.5
    return (x - mean) * scale, mean, scale


@operator("BatchNormalization")
def batch_normalization(
    node: Node, x: Tensor, scale: Tensor, shift: Tensor, mean: Tensor, variance: Tensor
) -> tuple[Tensor, ...]:
    """Statistics of the batch where the file says training; on the signal as `normalization` says."""
    is_training = bool(node.get("training_mode", 0))
    if x.requires_grad:
        is_training = BATCH_STATISTICS.get(node.normalization, is_training)
    epsilon = node.get("epsilon", 1e-5)
    if not is_training:
        factor = scale * (variance + epsilon) ** -0.5
        return ((x - per_channel(mean, x)) * per_channel(factor, x) + per_channel(shift, x), mean, variance)
    axes = (0, *range(2, x.dim()))
    if x.numel() == x.shape[1]:
        raise node.refuse("one value per channel has no statistics of the batch")
    y, _, _ = standardized(x, axes, epsilon)
    momentum = node.get("momentum", 0.9)
    own_variance, own_mean = torch.var_mean(x, axes, correction=0)
    return (
        y * per_channel(scale, x) + per_channel(shift, x),
        mean * momentum + own_mean * (1 - momentum), variance * momentum + own_variance * (1 - momentum),
    )


@operator("InstanceNormalization")
def instance_normalization(node: Node, x: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
    y, _, _ = standardized(x, range(2, x.dim()), node.get("epsilon", 1e-5))
    return y * per_channel(scale, x) + per_channel(shift, x)


@operator("GroupNormalization")
def group_normalization(node: Node, x: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
    """Scale and shift by channel; below opset 21 by group."""
    groups, channels = node.get("num_groups"), x.shape[1]
    parts = x.reshape(x.shape[0], groups, -1)
    y = standardized(parts, (2,), node.get("epsilon", 1e-5))[0].reshape(x.shape)
    if node.version < 21:
        scale, shift = (v.repeat_interleave(channels // groups) for v in (scale, shift))
    return y * per_channel(scale, x) + per_channel(shift, x)


@operator("LayerNormalization")
def layer_normalization(node: Node, x: Tensor, scale: Tensor, shift: Tensor | None = None) -> tuple[Tensor, ...]:
    axes = range(node.get("axis", -1) % x.dim(), x.dim())
    y, mean, inverse = standardized(x, axes, node.get("epsilon", 1e-5))
    y = y * scale
    return (y if shift is None else y + shift), mean, inverse


@operator("RMSNormalization")
def rms_normalization(node: Node, x: Tensor, scale: Tensor) -> Tensor:
    axes = tuple(range(node.get("axis", -1) % x.dim(), x.dim()))
    return x * (x.square().mean(axes, keepdim=True) + node.get("epsilon", 1e-5)) ** -0.5 * scale


@operator("MeanVarianceNormalization")
def mean_variance_normalization(node: Node, x: Tensor) -> Tensor:
    return standardized(x, node.get("axes", [0, 2, 3]), 1e-9)[0]


@operator("LpNormalization")
def lp_normalization(node: Node, x: Tensor) -> Tensor:
    norm = torch.linalg.vector_norm(x, node.get("p", 2), node.get("axis", -1), keepdim=True)
    return torch.where(norm == 0, 0, x / norm)


def over_axis(function: Callable[..., Tensor]) -> Callable[[Node, Tensor], Tensor]:
    """Softmax and its logarithm; below opset 13 over all axes from the one that is named."""

    def apply(node: Node, x: Tensor) -> Tensor:
        if node.version >= 13:
            return function(x, dim=node.get("axis", -1))
        axis = node.get("axis", 1) % max(1, x.dim())
        return function(x.reshape(math.prod(x.shape[:axis]), -1), dim=1).reshape(x.shape)

    return apply


OPERATORS.update({"Softmax": over_axis(torch.softmax), "LogSoftmax": over_axis(torch.log_softmax)})


# Reductions


def axes_of(node: Node, axes: Tensor | None, x: Tensor) -> tuple[int, ...] | None:
    """Axes of a reduction; None where there are none to reduce."""
    listed = whole(axes) if axes is not None else node.get("axes")
    if listed:
        return tuple(a % x.dim() for a in listed)
    return None if node.get("noop_with_empty_axes", 0) else tuple(range(x.dim()))


def reduction(name: str, function: Callable[[Tensor, tuple[int, ...], bool], Tensor]) -> None:
    def apply(node: Node, x: Tensor, axes: Tensor | None = None) -> Tensor:
        found = axes_of(node, axes, x)
        if found is None:
            # Nothing is reduced, but what a reduction does to each element is done.
            return x if name in ("ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd") else function(
                x[..., None], (x.dim(),), False)
        if not found:
            return function(x.reshape(*x.shape, 1), (x.dim(),), False)
        y = function(x, found, bool(node.get("keepdims", 1)))
        return y if is_real(x) else y.to(x.dtype)

    OPERATORS[name] = apply


def product(x: Tensor, axes: tuple[int, ...], keeps: bool) -> Tensor:
    for axis in sorted(axes, reverse=True):
        x = x.prod(axis, keepdim=keeps)
    return x


def extremum(function: Callable, empty: float) -> Callable[[Tensor, tuple[int, ...], bool], Tensor]:
    def apply(x: Tensor, axes: tuple[int, ...], keeps: bool) -> Tensor:
        if x.numel() == 0:
            shape = [1 if a in axes else n for a, n in enumerate(x.shape) if keeps or a not in axes]
            return torch.full(shape, empty, dtype=x.dtype)
        return function(x.to(torch.int64) if x.dtype == torch.bool else x, axes, keepdim=keeps).to(x.dtype)

    return apply


for _name, _reduction in {
    "ReduceSum": lambda x, axes, keeps: x.sum(axes, keepdim=keeps),
    "ReduceMean": lambda x, axes, keeps: x.double().mean(axes, keepdim=keeps),
    "ReduceMax": extremum(torch.amax, -math.inf),
    "ReduceMin": extremum(torch.amin, math.inf),
    "ReduceProd": product,
    "ReduceL1": lambda x, axes, keeps: x.abs().sum(axes, keepdim=keeps),
    "ReduceL2": lambda x, axes, keeps: torch.linalg.vector_norm(x.double(), 2, axes, keepdim=keeps),
    "ReduceSumSquare": lambda x, axes, keeps: x.square().sum(axes, keepdim=keeps),
    "ReduceLogSum": lambda x, axes, keeps: x.double().sum(axes, keepdim=keeps).log(),
    "ReduceLogSumExp": lambda x, axes, keeps: torch.logsumexp(x.double(), axes, keepdim=keeps),
}.items():
    reduction(_name, _reduction)


@operator("ArgMax", "ArgMin")
def place_of_extremum(node: Node, x: Tensor) -> Tensor:
    axis, keeps = node.get("axis", 0), bool(node.get("keepdims", 1))
    function = torch.argmax if node.type == "ArgMax" else torch.argmin
    if not node.get("select_last_index", 0):
        return function(x, axis, keepdim=keeps)
    return x.shape[axis] - 1 - function(x.flip(axis), axis, keepdim=keeps)


@operator("CumSum")
def cumulative_sum(node: Node, x: Tensor, axis: Tensor) -> Tensor:
    axis = int(axis)
    x = x.flip(axis) if node.get("reverse", 0) else x
    y = x.cumsum(axis)
    y = y - x if node.get("exclusive", 0) else y
    return y.flip(axis) if node.get("reverse", 0) else y


@operator("TopK")
def top_k(node: Node, x: Tensor, k: Tensor | None = None) -> tuple[Tensor, ...]:
    """Ties: the lower index first."""
    count = node.get("k") if k is None else int(k)
    axis, is_largest = node.get("axis", -1), bool(node.get("largest", 1))
    places = torch.argsort(x.detach(), dim=axis, descending=is_largest, stable=True)
    places = places.narrow(axis, 0, count)
    return x.gather(axis, places), places


# Movements


@operator("Reshape")
def reshape(node: Node, x: Tensor, shape: Tensor) -> Tensor:
    extents = whole(shape)
    if not node.get("allowzero", 0):
        extents = [x.shape[axis] if n == 0 else n for axis, n in enumerate(extents)]
    return x.reshape(extents)


@operator("Transpose")
def transpose(node: Node, x: Tensor) -> Tensor:
    return x.permute(node.get("perm") or list(reversed(range(x.dim()))))


@operator("Flatten")
def flatten(node: Node, x: Tensor) -> Tensor:
    axis = node.get("axis", 1)
    axis = axis + x.dim() if axis < 0 else axis
    return x.reshape(math.prod(x.shape[:axis]), -1)


@operator("Squeeze")
def squeeze(node: Node, x: Tensor, axes: Tensor | None = None) -> Tensor:
    listed = whole(axes) if axes is not None else node.get("axes")
    if listed is None:
        return x.squeeze()
    return x.squeeze(tuple(a % x.dim() for a in listed)) if listed else x


@operator("Unsqueeze")
def unsqueeze(node: Node, x: Tensor, axes: Tensor | None = None) -> Tensor:
    listed = whole(axes) if axes is not None else node.get("axes")
    rank = x.dim() + len(listed)
    for axis in sorted(a % rank for a in listed):
        x = x.unsqueeze(axis)
    return x


@operator("Expand")
def expand(node: Node, x: Tensor, shape: Tensor) -> Tensor:
    return x.expand(torch.broadcast_shapes(x.shape, tuple(whole(shape))))


@operator("Tile")
def tile(node: Node, x: Tensor, repeats: Tensor) -> Tensor:
    return x.repeat(whole(repeats))


@operator("Concat")
def concatenate(node: Node, *operands: Tensor) -> Tensor:
    return torch.cat(operands, node.get("axis"))


@operator("Split")
def split(node: Node, x: Tensor, sizes: Tensor | None = None) -> tuple[Tensor, ...]:
    axis = node.get("axis", 0)
    listed = whole(sizes) if sizes is not None else node.get("split")
    if listed is None:
        size = -(-x.shape[axis] // len(node.outputs))
        listed = [max(0, min(size, x.shape[axis] - size * i)) for i in range(len(node.outputs))]
    return tuple(x.split(listed, axis))


@operator("Slice")
def slices(
    node: Node, x: Tensor, starts: Tensor | None = None, ends: Tensor | None = None, axes: Tensor | None = None,
    steps: Tensor | None = None,
) -> Tensor:
    if node.version < 10:
        first, last, along, by = node.get("starts"), node.get("ends"), node.get("axes"), None
    else:
        first, last, along, by = whole(starts), whole(ends), whole(axes), whole(steps)
    along = list(range(len(first))) if along is None else along
    by = [1] * len(first) if by is None else by
    for start, end, axis, step in zip(first, last, along, by, strict=True):
        taken = range(*slice(start, end, step).indices(x.shape[axis]))
        # An end before the first element is written as a very negative number where steps are negative.
        if step < 0 and end < -x.shape[axis]:
            taken = range(*slice(start, None, step).indices(x.shape[axis]))
        if step == 1:
            x = x.narrow(axis, taken.start if taken else 0, len(taken))
        else:
            x = x.index_select(axis, torch.tensor(list(taken), dtype=torch.int64))
    return x


@operator("Gather")
def gather(node: Node, x: Tensor, indices: Tensor) -> Tensor:
    axis = node.get("axis", 0) % x.dim()
    indices = torch.where(indices < 0, indices + x.shape[axis], indices)
    y = x.index_select(axis, indices.reshape(-1))
    return y.reshape([*x.shape[:axis], *indices.shape, *x.shape[axis + 1 :]])


@operator("GatherElements")
def gather_elements(node: Node, x: Tensor, indices: Tensor) -> Tensor:
    axis = node.get("axis", 0)
    return x.gather(axis, torch.where(indices < 0, indices + x.shape[axis], indices))


def places_of(x: Tensor, indices: Tensor, batch: int = 0) -> tuple[Tensor, ...]:
    """Index tensors for the axes of x that the last axis of `indices` counts, behind `batch` axes in common."""
    shared = [
        torch.arange(n).reshape([-1 if a == axis else 1 for a in range(indices.dim() - 1)])
        for axis, n in enumerate(indices.shape[:batch])
    ]
    own = [
        torch.where(i < 0, i + x.shape[batch + axis], i)
        for axis, i in enumerate(indices.unbind(-1))
    ]
    return (*shared, *own)


@operator("GatherND")
def gather_nd(node: Node, x: Tensor, indices: Tensor) -> Tensor:
    return x[places_of(x, indices, node.get("batch_dims", 0))]


@operator("ScatterND")
def scatter_nd(node: Node, x: Tensor, indices: Tensor, updates: Tensor) -> Tensor:
    how = node.get("reduction", "none")
    places = places_of(x, indices)
    if how in ("none", "add"):
        return x.index_put(places, updates, accumulate=how == "add")
    combine = {"mul": torch.mul, "max": torch.maximum, "min": torch.minimum}[how]
    y = x.clone()
    flat = torch.stack(torch.broadcast_tensors(*places), -1).reshape(-1, len(places))
    for place, update in zip(flat.tolist(), updates.reshape(len(flat), *x.shape[len(places) :]), strict=True):
        y[tuple(place)] = combine(y[tuple(place)].clone(), update)
    return y


@operator("ScatterElements", "Scatter")
def scatter_elements(node: Node, x: Tensor, indices: Tensor, updates: Tensor) -> Tensor:
    axis, how = node.get("axis", 0), node.get("reduction", "none")
    indices = torch.where(indices < 0, indices + x.shape[axis], indices)
    if how == "none":
        return x.scatter(axis, indices, updates)
    named = {"add": "sum", "mul": "prod", "max": "amax", "min": "amin"}[how]
    return x.scatter_reduce(axis, indices, updates, named)


@operator("Pad")
def pad(
    node: Node, x: Tensor, pads: Tensor | None = None, value: Tensor | None = None, axes: Tensor | None = None
) -> Tensor:
    """Negative pads crop."""
    listed = node.get("pads") if node.version < 11 else whole(pads)
    filling = node.get("value", 0.0) if node.version < 11 else 0 if value is None else value.item()
    along = list(range(x.dim())) if axes is None else [a % x.dim() for a in whole(axes)]
    mode = node.get("mode", "constant")
    for axis, begin, end in zip(along, listed[: len(along)], listed[len(along) :], strict=True):
        taken = torch.arange(-begin, x.shape[axis] + end)
        extent = x.shape[axis]
        is_inside = (taken >= 0) & (taken < extent)
        if mode == "reflect":
            period = max(1, 2 * (extent - 1))
            taken = (taken % period - (extent - 1)).abs().neg() + (extent - 1)
        elif mode == "wrap":
            taken = taken % extent
        else:
            taken = taken.clamp(0, max(0, extent - 1))
        y = x.index_select(axis, taken)
        if mode == "constant":
            mask = is_inside.reshape([-1 if a == axis else 1 for a in range(x.dim())])
            y = torch.where(mask, y, torch.tensor(filling, dtype=x.dtype))
        x = y
    return x


@operator("DepthToSpace")
def depth_to_space(node: Node, x: Tensor) -> Tensor:
    size = node.get("blocksize")
    n, c, h, w = x.shape
    if node.get("mode", "DCR") == "DCR":
        parts = x.reshape(n, size, size, c // size**2, h, w).permute(0, 3, 4, 1, 5, 2)
    else:
        parts = x.reshape(n, c // size**2, size, size, h, w).permute(0, 1, 4, 2, 5, 3)
    return parts.reshape(n, c // size**2, h * size, w * size)


@operator("SpaceToDepth")
def space_to_depth(node: Node, x: Tensor) -> Tensor:
    size = node.get("blocksize")
    n, c, h, w = x.shape
    parts = x.reshape(n, c, h // size, size, w // size, size).permute(0, 3, 5, 1, 2, 4)
    return parts.reshape(n, c * size**2, h // size, w // size)


@operator("Trilu")
def triangle(node: Node, x: Tensor, diagonal: Tensor | None = None) -> Tensor:
    k = 0 if diagonal is None else int(diagonal)
    return torch.triu(x, k) if node.get("upper", 1) else torch.tril(x, k)


@operator("Resize", "Upsample")
def resize(node: Node, x: Tensor, *operands: Tensor | None) -> Tensor:
    roi, scales, sizes = None, None, None
    if node.type == "Upsample" or node.version == 10:
        scales = operands[0] if operands else torch.tensor(node.get("scales"), dtype=torch.float64)
    else:
        roi, scales, sizes = (*operands, None, None, None)[:3]
    is_given = scales is not None and scales.numel() > 0
    roi = None if roi is None else roi.tolist()
    return resampled(node, x, scales.tolist() if is_given else None, whole(sizes), roi)


# Constants, shapes and sequences


@operator("Constant")
def constant(node: Node) -> Tensor:
    for name, kind in (("value_float", torch.float64), ("value_floats", torch.float64), ("value_int", torch.int64),
                       ("value_ints", torch.int64)):
        if name in node.attributes:
            return torch.tensor(node.get(name), dtype=kind)
    if "value" not in node.attributes:
        raise node.refuse("only numbers are supported")
    return tensor_of(node.get("value"))


@operator("ConstantOfShape")
def constant_of_shape(node: Node, shape: Tensor) -> Tensor:
    value = node.get("value")
    filling = torch.zeros(1, dtype=torch.float64) if value is None else tensor_of(value)
    return filling.reshape(()).expand(whole(shape)).clone()


@operator("Shape")
def shape_of(node: Node, x: Tensor) -> Tensor:
    return torch.tensor(list(x.shape)[slice(node.get("start", 0), node.get("end"))], dtype=torch.int64)


@operator("Size")
def size_of(node: Node, x: Tensor) -> Tensor:
    return torch.tensor(x.numel())


@operator("Range")
def number_range(node: Node, start: Tensor, limit: Tensor, step: Tensor) -> Tensor:
    count = max(0, math.ceil((limit.item() - start.item()) / step.item()))
    return start + step * torch.arange(count).to(start.dtype)


@operator("NonZero")
def non_zero(node: Node, x: Tensor) -> Tensor:
    return torch.nonzero(x).T


@operator("OneHot")
def one_hot(node: Node, indices: Tensor, depth: Tensor, values: Tensor) -> Tensor:
    count, axis = int(depth), node.get("axis", -1)
    hot = (indices.to(torch.int64) % count).unsqueeze(axis)
    classes = torch.arange(count).reshape([-1 if a == axis % hot.dim() else 1 for a in range(hot.dim())])
    return torch.where(hot == classes, values[1], values[0])


@operator("EyeLike")
def eye_like(node: Node, x: Tensor) -> Tensor:
    rows, columns = x.shape
    ones = torch.ones(rows, columns, dtype=torch.int64).tril(node.get("k", 0)).triu(node.get("k", 0))
    return ones.double() if node.get("dtype", 1 if is_real(x) else 7) in REAL_TYPES else ones


@operator("SplitToSequence")
def split_to_sequence(node: Node, x: Tensor, sizes: Tensor | None = None) -> list[Tensor]:
    axis = node.get("axis", 0)
    if sizes is None:
        parts = x.split(1, axis)
        return [p if node.get("keepdims", 1) else p.squeeze(axis) for p in parts]
    return list(x.split(int(sizes) if sizes.dim() == 0 else whole(sizes), axis))


@operator("SequenceAt")
def sequence_at(node: Node, sequence: list[Tensor], position: Tensor) -> Tensor:
    return sequence[int(position)]


@operator("SequenceConstruct")
def sequence(node: Node, *operands: Tensor) -> list[Tensor]:
    return list(operands)


@operator("ConcatFromSequence")
def concatenate_sequence(node: Node, sequence: list[Tensor]) -> Tensor:
    return (torch.stack if node.get("new_axis", 0) else torch.cat)(sequence, node.get("axis"))


@operator("Attention")
def attention(node: Node, q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None = None, *past: Tensor | None) -> Tensor:
    """Opset 23, without past keys. Operands of three axes hold their heads side by side. A query that may look at no
    key gets zeros."""
    if any(x is not None for x in past) or any(node.outputs[1:]):
        raise node.refuse("past keys, and results beside the first, are not supported")
    has_three_axes = q.dim() == 3
    if has_three_axes:
        heads = (node.get("q_num_heads"), node.get("kv_num_heads"), node.get("kv_num_heads"))
        q, k, v = (x.unflatten(-1, (h, -1)).transpose(1, 2) for x, h in zip((q, k, v), heads, strict=True))
    group = q.shape[1] // k.shape[1]
    keys, values = k.repeat_interleave(group, 1), v.repeat_interleave(group, 1)
    scores = q @ keys.mT * node.get("scale", q.shape[-1] ** -0.5)
    cap = node.get("softcap", 0.0)
    scores = cap * torch.tanh(scores / cap) if cap else scores
    if node.get("is_causal", 0):
        scores = scores.masked_fill(torch.ones(scores.shape[-2:]).tril() == 0, -math.inf)
    if mask is not None:
        scores = scores + mask if is_real(mask) else scores.masked_fill(~mask.bool(), -math.inf)
    sees_none = (scores == -math.inf).all(-1, keepdim=True)
    y = scores.masked_fill(sees_none, 0).softmax(-1).masked_fill(sees_none, 0) @ values
    return y.transpose(1, 2).flatten(-2) if has_three_axes else y
