"""Models of a single node for every version of the operators that carry a signal, with seeded inputs and outputs.

The node tests of the ONNX project are written in the newest opset alone; files are written in opsets 9 to 23. For each
operator and each version of it that one of these opsets has, `cases()` yields at least one model. Operands of whole
numbers are initialisers, as in files; numbers are float64, so that a reader can be held to 1e-12.

Outputs come from onnx.reference.ReferenceEvaluator (1.18.0), or from numpy (`Case.witness` says which): for what that
reference does in single precision, and for what it does not know or does otherwise than the definitions say, which is
Softmax and LogSoftmax below opset 13, BatchNormalization 9 and Resize 10, pads that crop, groups of ConvTranspose,
Attention with operands of three axes or with fewer heads of keys.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

FIRST, LAST = 9, 23
"""Opsets."""
INT_MAX = np.iinfo(np.int64).max


@dataclass
class Case:
    operator: str
    version: int
    """In which the operator last changed."""
    inputs: Sequence[np.ndarray | None]
    attributes: dict[str, Any] = field(default_factory=dict)
    label: str = ""
    outputs: int = 1
    wanted: Sequence[np.ndarray] | None = None
    """Outputs that numpy gives."""
    like: dict[str, Any] | None = None
    """Attributes that say the same in words that the reference follows rightly."""

    @property
    def opset(self) -> int:
        return max(self.version, FIRST)

    @property
    def name(self) -> str:
        return f"test_{self.operator.lower()}_opset{self.opset}" + (f"_{self.label}" if self.label else "")

    @property
    def witness(self) -> str:
        return "reference" if self.wanted is None else "numpy"

    @functools.cached_property
    def answers(self) -> list[np.ndarray]:
        if self.wanted is not None:
            return list(self.wanted)
        # An empty operand of Resize counts as one that is left out; the reference knows only the latter.
        names = [n if n and self.inputs[k].size else "" for k, n in enumerate(self.names)]
        node = self.node(names, self.attributes if self.like is None else self.like)
        outputs = [helper.make_empty_tensor_value_info(n) for n in node.output]
        graph = helper.make_graph([node], self.name, self.values, outputs, self.initializers)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", self.opset)])
        return [np.asarray(y) for y in ReferenceEvaluator(model).run(None, self.arrays)]

    def model(self) -> onnx.ModelProto:
        node = self.node(self.names, self.attributes)
        outputs = [value(n, y) for n, y in zip(node.output, self.answers, strict=True)]
        graph = helper.make_graph([node], self.name, self.values, outputs, self.initializers)
        return helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", self.opset)], ir_version=ir_version(self.opset))

    def node(self, names: list[str], attributes: dict[str, Any]) -> onnx.NodeProto:
        outputs = [f"y{k}" for k in range(self.outputs)]
        return helper.make_node(self.operator, names, outputs, name="node", **attributes)

    @property
    def names(self) -> list[str]:
        return [f"x{k}" if x is not None else "" for k, x in enumerate(self.inputs)]

    @property
    def values(self) -> list[onnx.ValueInfoProto]:
        return [value(n, x) for n, x in self.arrays.items()]

    @property
    def initializers(self) -> list[TensorProto]:
        return [numpy_helper.from_array(x, n) for n, x in self.constants.items()]

    @property
    def arrays(self) -> dict[str, np.ndarray]:
        """Graph inputs: real numbers."""
        return {f"x{k}": x for k, x in enumerate(self.inputs) if x is not None and x.dtype.kind == "f"
                and not self.is_parameter(k)}

    @property
    def constants(self) -> dict[str, np.ndarray]:
        return {f"x{k}": x for k, x in enumerate(self.inputs) if x is not None and f"x{k}" not in self.arrays}

    def is_parameter(self, slot: int) -> bool:
        """Operands that decide about shapes, though they are real numbers."""
        return self.operator in ("Resize", "Dropout") and slot > 0


def value(name: str, x: np.ndarray) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(x.dtype), x.shape)


def ir_version(opset: int) -> int:
    """Of the release that brought the opset."""
    return next(ir for first, ir in ((23, 11), (21, 10), (19, 9), (15, 8), (13, 7), (12, 7), (11, 6), (10, 5), (9, 4))
                if opset >= first)


MAKERS: dict[str, Callable[[int], Iterator[Case]]] = {}
Made = tuple


def made(*operators: str) -> Callable:
    """Registers a function of operator and version, whose yields are (inputs, attributes, label, outputs, wanted,
    like)."""
    def register(function: Callable) -> Callable:
        for operator in operators:
            MAKERS[operator] = lambda version, operator=operator: (
                Case(operator, version, *parts) for parts in function(operator, version))
        return function

    return register


def versions(operator: str) -> list[int]:
    """Of the operator, as far as an opset from 9 to 23 has them."""
    found = sorted({
        s.since_version for s in onnx.defs.get_all_schemas_with_history()
        if s.domain == "" and s.name == operator and s.since_version <= LAST})
    started = [v for v in found if v <= FIRST][-1:]
    return started + [v for v in found if v > FIRST]


def cases() -> Iterator[Case]:
    for operator, maker in MAKERS.items():
        for version in versions(operator):
            yield from maker(version)


def real(*shape: int, seed: int = 0, low: float | None = None) -> np.ndarray:
    """Normal numbers, or their absolute values above `low`."""
    x = np.random.default_rng([seed, *shape]).standard_normal(shape)
    return x if low is None else np.abs(x) + low


def ints(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def scalar(x: float) -> np.ndarray:
    return np.array(x, dtype=np.float64)


# Elementwise


@made("Relu", "Sigmoid", "Tanh", "Erf", "Exp", "Neg", "Abs", "Sin", "Cos", "Softplus", "HardSwish", "Identity")
def elementwise(operator: str, version: int) -> Iterator[Made]:
    x = real(2, 3, 4)
    # The reference's erf is good for single precision alone.
    yield [x], {}, "", 1, [np.vectorize(math.erf)(x)] if operator == "Erf" else None


@made("Sqrt", "Log", "Reciprocal")
def of_positive(operator: str, version: int) -> Iterator[Made]:
    yield ([real(2, 3, 4, low=0.1)],)


@made("Gelu")
def gelu(operator: str, version: int) -> Iterator[Made]:
    for kind in ("none", "tanh"):
        yield [real(3, 4)], {"approximate": kind}, kind


@made("LeakyRelu", "Elu")
def with_slope(operator: str, version: int) -> Iterator[Made]:
    yield [real(3, 4)], {"alpha": 0.25}
    yield [real(3, 4)], {}, "default"


@made("Selu")
def selu(operator: str, version: int) -> Iterator[Made]:
    yield [real(3, 4)], {"alpha": 1.5, "gamma": 2.0}
    yield [real(3, 4)], {}, "default"


@made("HardSigmoid")
def hard_sigmoid(operator: str, version: int) -> Iterator[Made]:
    x = 4 * real(3, 4)
    yield [x], {"alpha": 0.25, "beta": 0.375}
    yield [x], {}, "default"


@made("PRelu")
def prelu(operator: str, version: int) -> Iterator[Made]:
    x, slope = real(2, 3, 4), real(3, 1, seed=1)
    yield ([x, slope],)


@made("Clip")
def clip(operator: str, version: int) -> Iterator[Made]:
    x = real(3, 4)
    if version < 11:
        yield [x], {"min": -0.5, "max": 0.75}, "", 1, [np.clip(x, -0.5, 0.75)]
        yield [x], {"min": 0.25}, "low", 1, [np.maximum(x, 0.25)]
        yield [x], {}, "open", 1, [x]
        return
    low, high = scalar(-0.5), scalar(0.75)
    yield ([x, low, high],)
    yield [x, low], {}, "low"
    yield [x, None, high], {}, "high"
    if version >= 12:
        whole = np.arange(-3, 3, dtype=np.int64)
        yield [whole, ints(-1).reshape(()), ints(2).reshape(())], {}, "whole"


@made("Cast")
def cast(operator: str, version: int) -> Iterator[Made]:
    x = 3 * real(3, 4)
    yield [x], {"to": TensorProto.FLOAT}, "real", 1, [x.astype(np.float32)]
    yield [x], {"to": TensorProto.INT64}, "whole", 1, [np.trunc(x).astype(np.int64)]
    yield [x.round(0)], {"to": TensorProto.BOOL}, "condition", 1, [x.round(0) != 0]
    yield [ints(-2, 0, 5)], {"to": TensorProto.DOUBLE}, "to-real", 1, [np.array([-2.0, 0, 5])]


@made("CastLike")
def cast_like(operator: str, version: int) -> Iterator[Made]:
    x = 3 * real(3, 4)
    yield [x, ints(1)], {}, "whole", 1, [np.trunc(x).astype(np.int64)]
    yield [x, np.ones(1, np.float32)], {}, "real", 1, [x.astype(np.float32)]


@made("Dropout")
def dropout(operator: str, version: int) -> Iterator[Made]:
    """In inference: the identity."""
    x = real(3, 4)
    if version < 12:
        yield [x], {"ratio": 0.4}, "", 1, [x]
        return
    yield [x], {}, "", 1, [x]
    yield [x, np.array(0.4)], {}, "ratio", 1, [x]
    yield [x, np.array(0.4), np.array(False)], {}, "inference", 1, [x]


# Arithmetic


@made("Add", "Sub", "Mul", "Div")
def arithmetic(operator: str, version: int) -> Iterator[Made]:
    yield ([real(2, 3, 4), real(3, 1, seed=1, low=0.2)],)
    yield [ints(7, -7, 8), ints(2, 2, -3)], {}, "whole", 1, [
        {"Add": ints(9, -5, 5), "Sub": ints(5, -9, 11), "Mul": ints(14, -14, -24), "Div": ints(3, -3, -2)}[operator]]


@made("Sum", "Max", "Min")
def of_several(operator: str, version: int) -> Iterator[Made]:
    yield ([real(2, 3), real(3, seed=1), real(2, 1, seed=2)],)
    yield [real(2, 3)], {}, "one"


@made("Pow")
def power(operator: str, version: int) -> Iterator[Made]:
    x = real(3, 4, low=0.1)
    yield ([x, real(4, seed=1)],)
    yield [x - 1, scalar(2)], {}, "square"
    if version >= 12:
        yield [x - 1, ints(3).reshape(())], {}, "whole-exponent"


@made("Where")
def where(operator: str, version: int) -> Iterator[Made]:
    yield ([np.array([[True], [False]]), real(2, 3), real(3, seed=1)],)
    yield [np.array([True, False, True]), real(2, 3), np.array(-np.inf)], {}, "infinity"


# Linear


@made("MatMul")
def matmul(operator: str, version: int) -> Iterator[Made]:
    yield ([real(2, 1, 3, 4), real(5, 4, 2, seed=1)],)
    yield [real(4), real(3, 4, 2, seed=1)], {}, "vector-first"
    yield [real(3, 4), real(4, seed=1)], {}, "vector-second"


@made("Gemm")
def gemm(operator: str, version: int) -> Iterator[Made]:
    yield [real(3, 4), real(4, 5, seed=1), real(5, seed=2)], {"alpha": 0.5, "beta": 2.0}
    yield [real(4, 3), real(5, 4, seed=1), real(3, 1, seed=2)], {"transA": 1, "transB": 1}, "transposed"
    if version >= 11:
        yield [real(3, 4), real(4, 5, seed=1)], {}, "no-addend"


@made("Einsum")
def einsum(operator: str, version: int) -> Iterator[Made]:
    yield [real(2), real(2, 3, 2, 4, seed=1)], {"equation": "n,btnd->btd"}
    yield [real(2, 3, 4), real(4, 5, seed=1)], {"equation": "...ij,jk->...ik"}, "ellipsis"


@made("Conv")
def conv(operator: str, version: int) -> Iterator[Made]:
    x, w, b = real(2, 4, 7, 6), real(6, 2, 3, 3, seed=1), real(6, seed=2)
    yield [x, w, b], {"group": 2, "pads": [1, 0, 2, 1], "strides": [2, 1]}
    yield [x, real(3, 4, 3, 2, seed=3)], {"dilations": [2, 3], "kernel_shape": [3, 2]}, "dilated"
    yield [real(2, 3, 9), real(4, 3, 3, seed=1)], {"strides": [2], "pads": [1, 1]}, "1d"
    # The reference takes the extents of other axes.
    for padding, pads in (("SAME_UPPER", [1, 0, 1, 1]), ("SAME_LOWER", [1, 1, 1, 0]), ("VALID", [0, 0, 0, 0])):
        yield ([x, real(3, 4, 3, 3, seed=3)], {"auto_pad": padding, "strides": [2, 2]},
               padding.lower().replace("_", "-"), 1, None, {"pads": pads, "strides": [2, 2]})


@made("ConvTranspose")
def conv_transpose(operator: str, version: int) -> Iterator[Made]:
    x, w = real(2, 4, 4, 3), real(4, 3, 3, 2, seed=1)
    yield [x, w, real(3, seed=2)], {"strides": [2, 2], "pads": [1, 0, 0, 1], "output_padding": [1, 0]}
    grouped = real(4, 2, 2, 2, seed=3)
    halves = [np.einsum("nchw,cokl->nohkwl", x[:, part], grouped[part]).reshape(2, 2, 8, 6)
              for part in (slice(2), slice(2, 4))]
    yield [x, grouped], {"group": 2, "strides": [2, 2]}, "groups", 1, [np.concatenate(halves, 1)]


# Pools


@made("MaxPool")
def max_pool(operator: str, version: int) -> Iterator[Made]:
    x = real(2, 3, 7, 6)
    yield [x], {"kernel_shape": [3, 2], "strides": [2, 2], "pads": [1, 0, 1, 1]}
    yield [x], {"kernel_shape": [3, 3], "auto_pad": "SAME_UPPER", "strides": [2, 2]}, "same"
    if version >= 10:
        yield [x], {"kernel_shape": [2, 2], "strides": [2, 2], "ceil_mode": 1}, "ceil"
        yield [x], {"kernel_shape": [3, 2], "dilations": [2, 1]}, "dilated"


@made("AveragePool")
def average_pool(operator: str, version: int) -> Iterator[Made]:
    x = real(2, 3, 7, 6)
    pads = {"kernel_shape": [3, 2], "strides": [2, 2], "pads": [1, 0, 1, 1]}
    yield [x], pads
    yield [x], pads | {"count_include_pad": 1}, "counted"
    if version >= 10:
        yield [x], {"kernel_shape": [2, 2], "strides": [2, 2], "ceil_mode": 1}, "ceil"


@made("GlobalAveragePool")
def global_average_pool(operator: str, version: int) -> Iterator[Made]:
    yield ([real(2, 3, 4, 5)],)


# Normalisations


@made("BatchNormalization")
def batch_normalization(operator: str, version: int) -> Iterator[Made]:
    x, scale, shift = real(3, 4, 2, 3), real(4, seed=1), real(4, seed=2)
    mean, variance = real(4, seed=3), real(4, seed=4, low=0.5)

    def normalized(m: np.ndarray, v: np.ndarray, epsilon: float = 1e-2) -> np.ndarray:
        def stretched(a: np.ndarray) -> np.ndarray:
            return a.reshape(1, -1, 1, 1)

        # Attributes are float32.
        epsilon = float(np.float32(epsilon))
        return (x - stretched(m)) / np.sqrt(stretched(v) + epsilon) * stretched(scale) + stretched(shift)

    yield [x, scale, shift, mean, variance], {"epsilon": 1e-2}, "", 1, [normalized(mean, variance)]
    yield [x, scale, shift, mean, variance], {}, "default", 1, [normalized(mean, variance, 1e-5)]
    if version >= 14:
        own_mean, own_variance = x.mean((0, 2, 3)), x.var((0, 2, 3))
        momentum = float(np.float32(0.75))
        yield ([x, scale, shift, mean, variance], {"epsilon": 1e-2, "training_mode": 1, "momentum": 0.75},
               "training", 3,
               [normalized(own_mean, own_variance), mean * momentum + own_mean * (1 - momentum),
                variance * momentum + own_variance * (1 - momentum)])


def standardized(x: np.ndarray, axes: tuple[int, ...], epsilon: float) -> np.ndarray:
    return (x - x.mean(axes, keepdims=True)) / np.sqrt(x.var(axes, keepdims=True) + float(np.float32(epsilon)))


@made("InstanceNormalization")
def instance_normalization(operator: str, version: int) -> Iterator[Made]:
    x, scale, shift = real(2, 3, 4, 5), real(3, seed=1), real(3, seed=2)
    y = standardized(x, (2, 3), 1e-2) * scale.reshape(-1, 1, 1) + shift.reshape(-1, 1, 1)
    yield [x, scale, shift], {"epsilon": 1e-2}, "", 1, [y]


@made("GroupNormalization")
def group_normalization(operator: str, version: int) -> Iterator[Made]:
    """Scale and shift by group in 18, by channel from 21."""
    x = real(2, 6, 3, 2)
    count = 2 if version < 21 else 6
    scale, shift = real(count, seed=1), real(count, seed=2)
    y = standardized(x.reshape(2, 2, -1), (2,), 1e-2).reshape(x.shape)
    wide, moved = (np.repeat(v, 6 // count).reshape(-1, 1, 1) for v in (scale, shift))
    yield [x, scale, shift], {"num_groups": 2, "epsilon": 1e-2}, "", 1, [y * wide + moved]


@made("LayerNormalization")
def layer_normalization(operator: str, version: int) -> Iterator[Made]:
    x = real(2, 3, 4)
    yield ([x, real(4, seed=1), real(4, seed=2)], {"epsilon": 1e-2}, "", 1,
           [standardized(x, (2,), 1e-2) * real(4, seed=1) + real(4, seed=2)])
    yield ([x, real(3, 4, seed=1)], {"axis": 1}, "axes", 1, [standardized(x, (1, 2), 1e-5) * real(3, 4, seed=1)])


@made("RMSNormalization")
def rms_normalization(operator: str, version: int) -> Iterator[Made]:
    x, scale = real(2, 3, 4), real(4, seed=1)
    y = x / np.sqrt((x**2).mean(-1, keepdims=True) + float(np.float32(1e-2))) * scale
    yield [x, scale], {"epsilon": 1e-2}, "", 1, [y]


@made("Softmax", "LogSoftmax")
def softmax(operator: str, version: int) -> Iterator[Made]:
    """Below 13 over all axes from the one that is named, 1 by default; then over one, the last by default."""
    x = real(2, 3, 4)

    def over(axes: tuple[int, ...]) -> np.ndarray:
        shifted = x - x.max(axes, keepdims=True)
        logarithm = shifted - np.log(np.exp(shifted).sum(axes, keepdims=True))
        return logarithm if operator == "LogSoftmax" else np.exp(logarithm)

    yield [x], {}, "default", 1, [over((1, 2) if version < 13 else (2,))]
    yield [x], {"axis": 1}, "axis", 1, [over((1, 2) if version < 13 else (1,))]
    if version >= 11:
        yield [x], {"axis": -2}, "negative", 1, [over((1, 2) if version < 13 else (1,))]


# Reductions


@made("ReduceMean", "ReduceSum", "ReduceMax", "ReduceL2")
def reduction(operator: str, version: int) -> Iterator[Made]:
    x = real(2, 3, 4)
    by_operand = version >= (13 if operator == "ReduceSum" else 18)
    function = {
        "ReduceMean": np.mean, "ReduceSum": np.sum, "ReduceMax": np.max,
        "ReduceL2": lambda x, axis, keepdims: np.sqrt(np.sum(x**2, axis, keepdims=keepdims)),
    }[operator]

    def parts(axes: Sequence[int] | None, keeps: int, label: str) -> Made:
        wanted = function(x, None if axes is None else tuple(axes), keepdims=bool(keeps))
        listed = [ints(*axes)] if by_operand and axes is not None else []
        words = {"axes": list(axes)} if not by_operand and axes is not None else {}
        return [x, *listed], words | {"keepdims": keeps}, label, 1, [np.asarray(wanted)]

    yield parts((1,), 1, "one")
    yield parts((0, 2), 0, "two")
    yield parts(None, 1, "all")
    if version >= 11:
        yield parts((-1,), 0, "negative")
    # Of ReduceL2 definitions differ: x, or |x|.
    if by_operand and operator != "ReduceL2":
        yield [x], {"noop_with_empty_axes": 1}, "none", 1, [x]


# Movements


@made("Reshape")
def reshape(operator: str, version: int) -> Iterator[Made]:
    x = real(2, 3, 4)
    yield ([x, ints(4, 6)],)
    yield [x, ints(0, -1)], {}, "copied"
    if version >= 14:
        # As PyTorch writes it.
        yield [x, ints(4, -1)], {"allowzero": 1}, "zero"


@made("Transpose")
def transpose(operator: str, version: int) -> Iterator[Made]:
    yield [real(2, 3, 4)], {"perm": [1, 2, 0]}
    yield [real(2, 3, 4)], {}, "reversed"


@made("Flatten")
def flatten(operator: str, version: int) -> Iterator[Made]:
    for axis in (0, 1, 2) + ((-1,) if version >= 11 else ()):
        yield [real(2, 3, 4)], {"axis": axis}, f"axis{axis}".replace("-", "minus")


@made("Squeeze")
def squeeze(operator: str, version: int) -> Iterator[Made]:
    x = real(1, 3, 1, 2)
    y = x.reshape(3, 1, 2)
    if version < 13:
        yield [x], {"axes": [0]}, "", 1, [y]
    else:
        yield [x, ints(0)], {}, "", 1, [y]
    yield [x], {}, "all", 1, [x.reshape(3, 2)]


@made("Unsqueeze")
def unsqueeze(operator: str, version: int) -> Iterator[Made]:
    x = real(3, 2)
    axes = (0, 3) if version < 11 else (0, -1)
    wanted = [x.reshape(1, 3, 2, 1)]
    if version < 13:
        yield [x], {"axes": list(axes)}, "", 1, wanted
    else:
        yield [x, ints(*axes)], {}, "", 1, wanted


@made("Slice")
def slices(operator: str, version: int) -> Iterator[Made]:
    x = real(4, 5, 6)
    if version < 10:
        yield [x], {"starts": [1, -4], "ends": [3, INT_MAX], "axes": [0, 2]}, "", 1, [x[1:3, :, -4:]]
        yield [x], {"starts": [1], "ends": [-1]}, "first", 1, [x[1:-1]]
        return
    yield [x, ints(1, -4), ints(3, INT_MAX), ints(0, 2)], {}, "", 1, [x[1:3, :, -4:]]
    yield [x, ints(1), ints(INT_MAX), ints(1), ints(2)], {}, "step", 1, [x[:, 1::2]]
    yield [x, ints(-1), ints(-INT_MAX), ints(1), ints(-2)], {}, "backwards", 1, [x[:, ::-2]]
    yield [x, ints(1), ints(-1)], {}, "first", 1, [x[1:-1]]


@made("Concat")
def concat(operator: str, version: int) -> Iterator[Made]:
    yield [real(2, 3), real(2, 1, seed=1)], {"axis": 1}
    if version >= 11:
        yield [real(2, 3), real(4, 3, seed=1)], {"axis": -2}, "negative"


@made("Split")
def split(operator: str, version: int) -> Iterator[Made]:
    x = real(2, 6)
    parts = [x[:, :1], x[:, 1:3], x[:, 3:]]
    if version < 13:
        yield [x], {"axis": 1, "split": [1, 2, 3]}, "sizes", 3, parts
    else:
        yield [x, ints(1, 2, 3)], {"axis": 1}, "sizes", 3, parts
    count = {"num_outputs": 2} if version >= 18 else {}
    yield [x], {"axis": 1} | count, "even", 2, [x[:, :3], x[:, 3:]]
    if version >= 18:
        yield [x], {"axis": 1, "num_outputs": 4}, "uneven", 4, [x[:, :2], x[:, 2:4], x[:, 4:], x[:, 6:]]


@made("Gather")
def gather(operator: str, version: int) -> Iterator[Made]:
    x = real(4, 3, 2)
    yield [x, np.array([[0, 3], [1, 1]])], {"axis": 0}
    yield [x, np.array(2)], {"axis": 1}, "scalar"
    if version >= 11:
        yield [x, ints(-1, 0)], {"axis": -2}, "negative"


@made("GatherElements")
def gather_elements(operator: str, version: int) -> Iterator[Made]:
    yield [real(3, 4), np.array([[0, -1], [2, 1], [3, 3]])], {"axis": 1}


@made("ScatterND")
def scatter_nd(operator: str, version: int) -> Iterator[Made]:
    x, indices, updates = real(4, 3), np.array([[2], [0]]), real(2, 3, seed=1)
    yield ([x, indices, updates],)
    if version >= 16:
        twice = np.array([[2], [2]])
        added = x.copy()
        added[2] += updates.sum(0)
        yield [x, twice, updates], {"reduction": "add"}, "add", 1, [added]


@made("Expand")
def expand(operator: str, version: int) -> Iterator[Made]:
    yield ([real(3, 1), ints(2, 1, 4)],)


@made("Tile")
def tile(operator: str, version: int) -> Iterator[Made]:
    yield ([real(2, 3), ints(2, 1)],)


@made("Pad")
def pad(operator: str, version: int) -> Iterator[Made]:
    x = real(3, 4)
    pads, crops = [1, 0, 0, 2], [-1, 1, 0, -2]
    wanted = np.pad(x, ((1, 0), (0, 2)), constant_values=0.5)
    cropped = np.pad(x[1:, :2], ((0, 0), (1, 0)))
    if version < 11:
        yield [x], {"pads": pads, "value": 0.5}, "", 1, [wanted]
        yield [x], {"pads": crops}, "cropped", 1, [cropped]
        yield [x], {"pads": pads, "mode": "reflect"}, "reflect", 1, [np.pad(x, ((1, 0), (0, 2)), mode="reflect")]
        return
    yield [x, ints(*pads), scalar(0.5)], {}, "", 1, [wanted]
    yield [x, ints(*crops)], {}, "cropped", 1, [cropped]
    for mode in ("reflect", "edge") + (("wrap",) if version >= 19 else ()):
        yield [x, ints(*pads)], {"mode": mode}, mode, 1, [np.pad(x, ((1, 0), (0, 2)), mode=mode)]
    if version >= 18:
        yield [x, ints(2, 1), None, ints(1)], {}, "axes", 1, [np.pad(x, ((0, 0), (2, 1)))]


@made("DepthToSpace")
def depth_to_space(operator: str, version: int) -> Iterator[Made]:
    x = real(2, 8, 2, 3)
    yield [x], {"blocksize": 2}, "", 1, [x.reshape(2, 2, 2, 2, 2, 3).transpose(0, 3, 4, 1, 5, 2).reshape(2, 2, 4, 6)]
    if version >= 11:
        yield ([x], {"blocksize": 2, "mode": "CRD"}, "crd", 1,
               [x.reshape(2, 2, 2, 2, 2, 3).transpose(0, 1, 4, 2, 5, 3).reshape(2, 2, 4, 6)])


@made("TopK")
def top_k(operator: str, version: int) -> Iterator[Made]:
    x = real(3, 5)
    places = np.argsort(-x, 1, kind="stable")[:, :2]
    wanted = [np.take_along_axis(x, places, 1), places]
    if version < 10:
        yield [x], {"axis": 1, "k": 2}, "", 2, wanted
        return
    yield [x, ints(2)], {"axis": 1}, "", 2, wanted
    if version >= 11:
        least = np.argsort(x, 1, kind="stable")[:, :2]
        yield [x, ints(2)], {"axis": -1, "largest": 0}, "smallest", 2, [np.take_along_axis(x, least, 1), least]


def nearest_floor(x: np.ndarray, scales: Sequence[float]) -> np.ndarray:
    for axis, scale in enumerate(scales):
        size = math.floor(x.shape[axis] * scale)
        x = x.take([math.floor(i / scale) for i in range(size)], axis)
    return x


@made("Resize")
def resize(operator: str, version: int) -> Iterator[Made]:
    """Below 11 elements are placed as `asymmetric` says and the one below is the nearest."""
    x, scales = real(1, 2, 2, 3), np.array([1, 1, 2, 3], np.float32)
    if version < 11:
        yield [x, scales], {"mode": "nearest"}, "nearest", 1, [nearest_floor(x, scales.tolist())]
        return
    empty = np.array([], np.float32)
    floor = {"mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
    optional = None if version >= 13 else empty
    yield [x, empty, scales], floor, "nearest", 1, [nearest_floor(x, scales.tolist())]
    yield [x, optional, scales], {"mode": "linear"}, "linear"
    yield [x, optional, optional, ints(1, 2, 4, 5)], {"mode": "linear"}, "sizes"
    yield ([x, optional, optional, ints(1, 2, 4, 5)],
           {"mode": "linear", "coordinate_transformation_mode": "align_corners"}, "corners")
    yield [x, optional, scales], {"mode": "cubic"}, "cubic"
    if version >= 18:
        yield [x, None, None, ints(4, 6)], {"mode": "linear", "axes": [2, 3]}, "axes"


@made("Attention")
def attention(operator: str, version: int) -> Iterator[Made]:
    q, k, v = real(2, 4, 3, 4), real(2, 2, 5, 4, seed=1), real(2, 2, 5, 3, seed=2)

    def head(q: np.ndarray, k: np.ndarray, v: np.ndarray, addend: np.ndarray | float = 0.0) -> np.ndarray:
        scores = q @ np.swapaxes(k, -1, -2) / math.sqrt(q.shape[-1]) + addend
        weights = np.exp(scores - scores.max(-1, keepdims=True))
        return weights / weights.sum(-1, keepdims=True) @ v

    # Neighbouring heads of queries share one of keys. The reference of 1.18.0 repeats the heads of keys in another
    # order, and takes operands of three axes apart in another order too: later releases corrected both.
    wide_k, wide_v = (np.repeat(x, 2, 1) for x in (k, v))
    yield [q, k, v], {}, "grouped", 1, [head(q, wide_k, wide_v)]
    addend = np.triu(np.full((3, 5), -np.inf), 1)
    yield [q, k, v], {"is_causal": 1}, "causal", 1, [head(q, wide_k, wide_v, addend)]
    mask = real(3, 5, seed=3)
    yield [q, k, v, mask], {}, "mask", 1, [head(q, wide_k, wide_v, mask)]

    def joined(x: np.ndarray) -> np.ndarray:
        return x.transpose(0, 2, 1, 3).reshape(x.shape[0], x.shape[2], -1)

    yield ([joined(q), joined(k), joined(v)], {"q_num_heads": 4, "kv_num_heads": 2}, "three-axes", 1,
           [joined(head(q, wide_k, wide_v))])


@dataclass
class SequenceCase(Case):
    """SplitToSequence and SequenceAt, as `chunk` and `split` are written without optimisation."""

    place: int = 0

    def model(self) -> onnx.ModelProto:
        nodes = [
            helper.make_node("SplitToSequence", ["x0", "x1"], ["s"], name="split", **self.attributes),
            helper.make_node("SequenceAt", ["s", "place"], ["y0"], name="node")]
        initializers = [numpy_helper.from_array(self.inputs[1], "x1"),
                        numpy_helper.from_array(np.array(self.place), "place")]
        graph = helper.make_graph(
            nodes, self.name, [value("x0", self.inputs[0])], [value("y0", self.wanted[0])], initializers)
        return helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", self.opset)], ir_version=ir_version(self.opset))


def sequence_cases() -> Iterator[SequenceCase]:
    x = real(2, 6)
    for label, sizes, place, wanted in (
        ("number", np.array(2), 1, x[:, 2:4]), ("list", ints(1, 2, 3), -1, x[:, 3:]),
        ("uneven", np.array(4), 1, x[:, 4:]),
    ):
        yield SequenceCase("SplitToSequence", 11, [x, sizes], {"axis": 1}, label, 1, [wanted], place=place)
