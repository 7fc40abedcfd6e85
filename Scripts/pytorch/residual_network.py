"""Residual networks with every shortcut and unit of He, Zhang, Ren, Sun (2016), in plain PyTorch.

A unit is written as Eqn. 1 and 2:   y_l = h(x_l) + F(x_l),   x_{l+1} = f(y_l).

This file is the independent side of the Swift package: it is written from the definitions alone and shares
no code with it. All tensors are (N, C, H, W); fully connected layers are 1x1 convolutions on (N, C, 1, 1).
A network is a plain dictionary of named tensors plus a `Configuration`; nothing is hidden in modules.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

BN_EPSILON = 1e-5


@dataclass(frozen=True)
class UnitKind:
    """Activations around `conv (BN ReLU conv)*`: before and after the branch, and after the addition (Fig. 4)."""

    leading: tuple[str, ...]
    trailing: tuple[str, ...]
    after: tuple[str, ...]


UNIT_KINDS: dict[str, UnitKind] = {
    "original": UnitKind((), ("bn",), ("relu",)),
    "bn-after-addition": UnitKind((), (), ("bn", "relu")),
    "relu-before-addition": UnitKind((), ("bn", "relu"), ()),
    "relu-only-preact": UnitKind(("relu",), ("bn",), ()),
    "full-preact": UnitKind(("bn", "relu"), (), ()),
}

LAYERS_PER_UNIT = {"single": 1, "basic": 2, "bottleneck": 3}
BOTTLENECK_RATIO = 4


@dataclass(frozen=True)
class Shortcut:
    """A shortcut word of Fig. 2 / Table 1, taken apart."""

    kind: str
    scale: float = 1.0
    """lambda, the factor of A(x)."""
    branch_scale: float = 1.0
    """mu, the factor of F(x)."""
    gate_bias: float = 0.0
    drop: float = 0.0
    """p, the share of elements dropped."""

    @property
    def is_gate(self) -> bool:
        return self.kind in ("gate-exclusive", "gate-shortcut")

    @property
    def log10_factor(self) -> float | None:
        """log10 of the factor of one unit in the shortcut product; for dropout its expectation."""
        if self.kind == "identity":
            return 0.0
        if self.kind == "scale":
            return math.log10(abs(self.scale)) if self.scale != 0 else None
        if self.kind == "dropout":
            return math.log10(1 - self.drop)
        return None


def parse_shortcut(word: str) -> Shortcut:
    """`identity`, `none`, `scale0.5`, `scale0.5,0.5`, `gate-exclusive:-6`, `gate-shortcut:0`, `conv1x1`, `dropout0.5`."""
    if word in ("identity", "none", "conv1x1"):
        return Shortcut(word)
    if word.startswith("scale"):
        numbers = [float(part) for part in word.removeprefix("scale").split(",")]
        if len(numbers) not in (1, 2):
            raise ValueError(f"{word}: expected scaleLAMBDA or scaleLAMBDA,MU")
        return Shortcut("scale", scale=numbers[0], branch_scale=numbers[1] if len(numbers) == 2 else 1.0)
    if word.startswith("dropout"):
        return Shortcut("dropout", drop=float(word.removeprefix("dropout")))
    kind, _, bias = word.partition(":")
    if kind in ("gate-exclusive", "gate-shortcut"):
        return Shortcut(kind, gate_bias=float(bias or 0))
    raise ValueError(f"unknown shortcut {word!r}")


@dataclass(frozen=True)
class Configuration:
    """Everything that determines the shape and the function of a network, weights apart."""

    architecture: str = "cifar"
    """`cifar`: three stages of convolutions; `imagenet`: four, behind a stem with max pooling; `dense`: one stage of
    fully connected layers."""
    block: str = "basic"
    units_per_stage: int | tuple[int, ...] = 2
    """One number for all stages, or one for each."""
    base_channels: int = 16
    """Channels of the stem (16, or 64 for imagenet, times the width multiplier); dense: the features of x_l."""
    classes: int = 10
    input_shape: tuple[int, int, int, int] = (2, 3, 32, 32)
    unit: str = "full-preact"
    shortcut: str = "identity"
    size_change: str | None = None
    """`projection`, `subsampling` (option A) or `activated-subsampling` (the same of the pre-activation); None for projections in bottleneck blocks and on ImageNet alone."""
    projection_bn: str = "unless-preact"
    """Whether batch normalisation follows a projection: `always`, `never`, or except in pre-activation units."""
    stride: str = "first"
    """The layer of a branch that has the stride: `first`, or `spatial` for the first 3×3."""
    mode: str = "training"
    """`training`: batch statistics, differentiated through; `inference`: running statistics, constant."""

    @property
    def stages(self) -> int:
        return {"cifar": 3, "imagenet": 4, "dense": 1}[self.architecture]

    @property
    def stage_units(self) -> tuple[int, ...]:
        units = self.units_per_stage
        return (units,) * self.stages if isinstance(units, int) else units

    @property
    def unit_count(self) -> int:
        return sum(self.stage_units)

    @property
    def depth(self) -> int:
        """Weighted layers: those of the units, the stem and the classifier."""
        return self.unit_count * LAYERS_PER_UNIT[self.block] + 2


def cifar_configuration(depth: int, block: str | None = None, **fields) -> Configuration:
    """The paper's network of that depth: bottleneck for 164 and 1001, otherwise the first block that fits."""
    order = ("bottleneck",) if depth in (164, 1001) else ("basic", "bottleneck", "single")
    for candidate in (block,) if block else order:
        units, rest = divmod(depth - 2, 3 * LAYERS_PER_UNIT[candidate])
        if rest == 0 and units > 0:
            return Configuration(block=candidate, units_per_stage=units, **fields)
    raise ValueError(f"no network of depth {depth}")


@dataclass(frozen=True)
class UnitGeometry:
    """Where unit l sits: widths, stride, and which rules of the first unit apply."""

    index: int
    in_channels: int
    out_channels: int
    stride: int
    in_height: int
    in_width: int

    @property
    def changes_size(self) -> bool:
        return self.stride != 1 or self.in_channels != self.out_channels

    @property
    def output_size(self) -> tuple[int, int]:
        return (self.in_height - 1) // self.stride + 1, (self.in_width - 1) // self.stride + 1


def unit_geometries(configuration: Configuration) -> list[UnitGeometry]:
    dense = configuration.architecture == "dense"
    expansion = BOTTLENECK_RATIO if configuration.block == "bottleneck" and not dense else 1
    channels = configuration.base_channels
    height, width = (1, 1) if dense else configuration.input_shape[2:]
    if configuration.architecture == "imagenet":
        # The stem's convolution and its pooling both halve, and round up.
        height, width = (height + 3) // 4, (width + 3) // 4
    geometries: list[UnitGeometry] = []
    for stage, units in enumerate(configuration.stage_units):
        out_channels = configuration.base_channels * 2**stage * expansion
        for position in range(units):
            stride = 2 if stage > 0 and position == 0 else 1
            geometry = UnitGeometry(len(geometries), channels, out_channels, stride, height, width)
            geometries.append(geometry)
            channels, (height, width) = out_channels, geometry.output_size
    return geometries


@dataclass(frozen=True)
class Convolution:
    in_channels: int
    out_channels: int
    kernel: int
    stride: int

    @property
    def shape(self) -> tuple[int, int, int, int]:
        return self.out_channels, self.in_channels, self.kernel, self.kernel


def branch_convolutions(configuration: Configuration, geometry: UnitGeometry) -> list[Convolution]:
    """The weighted layers of F. In the preset `paper` the stride is the first layer's, whatever its kernel."""
    kernel = 1 if configuration.architecture == "dense" else 3
    inner = geometry.out_channels
    if configuration.block == "bottleneck":
        inner //= BOTTLENECK_RATIO
        kernels, widths = (1, kernel, 1), (inner, inner, geometry.out_channels)
    elif configuration.block == "basic":
        kernels, widths = (kernel, kernel), (inner, inner)
    else:
        kernels, widths = (kernel,), (inner,)
    strided = next((i for i, k in enumerate(kernels) if k > 1), 0) if configuration.stride == "spatial" else 0
    layers: list[Convolution] = []
    channels = geometry.in_channels
    for position, (k, out) in enumerate(zip(kernels, widths, strict=True)):
        layers.append(Convolution(channels, out, k, geometry.stride if position == strided else 1))
        channels = out
    return layers


@dataclass(frozen=True)
class TensorSpecification:
    """Shape and role of one named tensor. Roles: conv, bn_weight, bn_bias, gate_bias, fc_weight, fc_bias."""

    shape: tuple[int, ...]
    role: str

    @property
    def elements(self) -> int:
        return math.prod(self.shape)


def parameter_specifications(configuration: Configuration) -> dict[str, TensorSpecification]:
    """All trainable tensors by name, in the order of the forward pass."""
    return dict(_parameters(configuration))


def parameter_count(configuration: Configuration) -> int:
    return sum(s.elements for s in parameter_specifications(configuration).values())


def _conv(name: str, *shape: int) -> tuple[str, TensorSpecification]:
    return f"{name}.weight", TensorSpecification(shape, "conv")


def _bn(name: str, channels: int) -> Iterator[tuple[str, TensorSpecification]]:
    yield f"{name}.weight", TensorSpecification((channels,), "bn_weight")
    yield f"{name}.bias", TensorSpecification((channels,), "bn_bias")


def _parameters(configuration: Configuration) -> Iterator[tuple[str, TensorSpecification]]:
    _, channels, height, width = configuration.input_shape
    dense = configuration.architecture == "dense"
    kind, base = UNIT_KINDS[configuration.unit], configuration.base_channels
    kernel = 7 if configuration.architecture == "imagenet" else 3
    stem = (base, channels * height * width, 1, 1) if dense else (base, channels, kernel, kernel)
    yield _conv("stem.conv", *stem)
    yield from _bn("stem.bn", base)
    geometries = unit_geometries(configuration)
    for geometry in geometries:
        yield from _unit_parameters(configuration, kind, geometry)
    features = geometries[-1].out_channels
    if "bn" in kind.leading:
        yield from _bn("head.bn", features)
    yield "head.fc.weight", TensorSpecification((configuration.classes, features), "fc_weight")
    yield "head.fc.bias", TensorSpecification((configuration.classes,), "fc_bias")


def _unit_parameters(
    configuration: Configuration, kind: UnitKind, geometry: UnitGeometry
) -> Iterator[tuple[str, TensorSpecification]]:
    prefix = f"units.{geometry.index}"
    layers = branch_convolutions(configuration, geometry)
    bn_leads = "bn" in kind.leading
    for number, layer in enumerate(layers, start=1):
        if bn_leads and not (number == 1 and geometry.index == 0):
            yield from _bn(f"{prefix}.branch.bn{number}", layer.in_channels)
        yield _conv(f"{prefix}.branch.conv{number}", *layer.shape)
        if not bn_leads and (number < len(layers) or "bn" in kind.trailing):
            yield from _bn(f"{prefix}.branch.bn{number}", layer.out_channels)
    yield from _shortcut_parameters(configuration, kind, geometry)
    if "bn" in kind.after:
        yield from _bn(f"{prefix}.after.bn", geometry.out_channels)


def _shortcut_parameters(
    configuration: Configuration, kind: UnitKind, geometry: UnitGeometry
) -> Iterator[tuple[str, TensorSpecification]]:
    shortcut = parse_shortcut(configuration.shortcut)
    prefix = f"units.{geometry.index}.shortcut"
    shape = (geometry.out_channels, geometry.in_channels, 1, 1)
    if shortcut.kind == "conv1x1":
        yield _conv(f"{prefix}.conv", *shape)
    elif shortcut.kind != "none" and needs_projection(configuration, geometry):
        yield _conv(f"{prefix}.conv", *shape)
        if normalizes_projections(configuration, kind):
            yield from _bn(f"{prefix}.bn", geometry.out_channels)
    if shortcut.is_gate:
        yield _conv(f"{prefix}.gate", *shape)
        yield f"{prefix}.gate.bias", TensorSpecification((geometry.out_channels,), "gate_bias")


def needs_projection(configuration: Configuration, geometry: UnitGeometry) -> bool:
    """Unless told otherwise bottleneck blocks, and all on ImageNet, project where the size changes; others use option A,
    without weights."""
    projects = configuration.block == "bottleneck" or configuration.architecture == "imagenet"
    if configuration.size_change:
        projects = configuration.size_change == "projection"
    return geometry.changes_size and projects


def normalizes_projections(configuration: Configuration, kind: UnitKind) -> bool:
    return {"always": True, "never": False, "unless-preact": not kind.leading}[configuration.projection_bn]


def mask_specifications(configuration: Configuration) -> dict[str, tuple[int, ...]]:
    """Shapes of the dropout masks, which are inputs; each is shaped like A(x_l)."""
    if parse_shortcut(configuration.shortcut).kind != "dropout":
        return {}
    batch = configuration.input_shape[0]
    return {
        f"units.{g.index}.shortcut.dropout.mask": (batch, g.out_channels, *g.output_size)
        for g in unit_geometries(configuration)
    }


def initialise(configuration: Configuration, generator: torch.Generator) -> dict[str, Tensor]:
    """He initialisation: N(0, 2/fan-out); classifier N(0, 1/fan-in); gamma 1, every bias 0 but the gate's."""
    gate_bias = parse_shortcut(configuration.shortcut).gate_bias
    tensors: dict[str, Tensor] = {}
    for name, specification in parameter_specifications(configuration).items():
        shape, role = specification.shape, specification.role
        if role == "conv":
            fan_out = shape[0] * shape[2] * shape[3]
            value = torch.randn(shape, generator=generator, dtype=torch.float64) * math.sqrt(2 / fan_out)
        elif role == "fc_weight":
            value = torch.randn(shape, generator=generator, dtype=torch.float64) / math.sqrt(shape[1])
        else:
            constant = {"bn_weight": 1.0, "bn_bias": 0.0, "gate_bias": gate_bias, "fc_bias": 0.0}[role]
            value = torch.full(shape, constant, dtype=torch.float64)
        tensors[name] = value
    for name, shape in mask_specifications(configuration).items():
        kept = torch.rand(shape, generator=generator) >= parse_shortcut(configuration.shortcut).drop
        tensors[name] = kept.to(torch.float64)
    return tensors


class Network:
    """Stem, units and head as functions of their input. `tensors` holds parameters, running statistics and masks."""

    def __init__(self, configuration: Configuration, tensors: dict[str, Tensor]) -> None:
        self.configuration = configuration
        self.tensors = dict(tensors)
        self.mode = configuration.mode
        self.kind = UNIT_KINDS[configuration.unit]
        self.units = [Unit(self, geometry) for geometry in unit_geometries(configuration)]

    def stem(self, image: Tensor) -> Tensor:
        """conv, BN, ReLU and, for ImageNet, max pooling, for every unit kind; its output is x_0."""
        if self.configuration.architecture == "dense":
            image = image.flatten(1)[:, :, None, None]
        is_imagenet = self.configuration.architecture == "imagenet"
        x = F.relu(self.batch_norm(self.convolve(image, "stem.conv", 2 if is_imagenet else 1), "stem.bn"))
        return F.max_pool2d(x, 3, stride=2, padding=1) if is_imagenet else x

    def head(self, x: Tensor) -> Tensor:
        """The activation that pre-activation units still owe, global average pooling, a linear classifier."""
        x = self.activate(x, self.kind.leading, "head.bn")
        return F.linear(x.mean(dim=(2, 3)), self.tensors["head.fc.weight"], self.tensors["head.fc.bias"])

    def states(self, image: Tensor) -> list[Tensor]:
        """x_0 … x_L."""
        xs = [self.stem(image)]
        for unit in self.units:
            xs.append(unit(xs[-1]))
        return xs

    def loss(self, x: Tensor, labels: Tensor) -> Tensor:
        """Softmax cross-entropy of x_L, mean over the batch."""
        return F.cross_entropy(self.head(x), labels)

    def calibrate(self, image: Tensor) -> None:
        """Set the running statistics to exactly the (biased) batch statistics of one training-mode pass."""
        mode, self.mode = self.mode, "calibration"
        with torch.no_grad():
            self.head(self.states(image)[-1])
        self.mode = mode

    def convolve(self, x: Tensor, name: str, stride: int = 1) -> Tensor:
        weight = self.tensors[f"{name}.weight"]
        bias = self.tensors.get(f"{name}.bias")
        return F.conv2d(x, weight, bias, stride=stride, padding=weight.shape[-1] // 2)

    def batch_norm(self, x: Tensor, name: str) -> Tensor:
        """Biased batch variance. In training mode autograd differentiates through the batch statistics."""
        gamma, beta = self.tensors[f"{name}.weight"], self.tensors[f"{name}.bias"]
        if self.mode == "calibration":
            variance, mean = torch.var_mean(x, dim=(0, 2, 3), correction=0)
            self.tensors[f"{name}.running_mean"], self.tensors[f"{name}.running_var"] = mean, variance
        if self.mode == "inference":
            mean, variance = self.tensors[f"{name}.running_mean"], self.tensors[f"{name}.running_var"]
            return F.batch_norm(x, mean, variance, gamma, beta, training=False, eps=BN_EPSILON)
        return F.batch_norm(x, None, None, gamma, beta, training=True, eps=BN_EPSILON)

    def activate(self, x: Tensor, activations: tuple[str, ...], bn_name: str) -> Tensor:
        for activation in activations:
            x = F.relu(x) if activation == "relu" else self.batch_norm(x, bn_name)
        return x


class Unit:
    """One residual unit: `shortcut` is h, `branch` is F (or F-hat, where it is scaled or gated), `after` is f."""

    def __init__(self, network: Network, geometry: UnitGeometry) -> None:
        self.network = network
        self.geometry = geometry
        self.name = f"units.{geometry.index}"
        self.word = parse_shortcut(network.configuration.shortcut)
        self.layers = branch_convolutions(network.configuration, geometry)
        self.projects = needs_projection(network.configuration, geometry)
        # The first unit does not repeat the stem's activation.
        self.leading = () if geometry.index == 0 else network.kind.leading

    def __call__(self, x: Tensor) -> Tensor:
        return self.after(self.shortcut(x) + self.branch(x))

    def after(self, y: Tensor) -> Tensor:
        return self.network.activate(y, self.network.kind.after, f"{self.name}.after.bn")

    def shortcut(self, x: Tensor) -> Tensor:
        kind = self.word.kind
        if kind == "none":
            return x.new_zeros(x.shape[0], self.geometry.out_channels, *self.geometry.output_size)
        if kind == "conv1x1":
            return self.network.convolve(x, f"{self.name}.shortcut.conv", self.geometry.stride)
        matched = self.match_size(x)
        if kind == "scale":
            return self.word.scale * matched
        if kind == "dropout":
            if self.network.mode == "inference":
                return (1 - self.word.drop) * matched
            return self.network.tensors[f"{self.name}.shortcut.dropout.mask"] * matched
        if self.word.is_gate:
            return (1 - self.gate(x)) * matched
        return matched

    def branch(self, x: Tensor) -> Tensor:
        residual = self.residual(x)
        if self.word.kind == "gate-exclusive":
            return self.gate(x) * residual
        if self.word.kind == "scale" and self.word.branch_scale != 1:
            return self.word.branch_scale * residual
        return residual

    def gate(self, x: Tensor) -> Tensor:
        """g(x) = sigma(W_g x + b_g), Section 3.2; with the unit's stride and output width."""
        return torch.sigmoid(self.network.convolve(x, f"{self.name}.shortcut.gate", self.geometry.stride))

    def match_size(self, x: Tensor) -> Tensor:
        """A(x): the identity; option A (subsample, append zero channels); or a projection."""
        g = self.geometry
        if not g.changes_size:
            return x
        if not self.projects:
            if self.network.configuration.size_change == "activated-subsampling":
                x = self.lead(x)
            x = x[:, :, :: g.stride, :: g.stride]
            return F.pad(x, (0, 0, 0, 0, 0, g.out_channels - g.in_channels))
        x = self.network.convolve(self.lead(x), f"{self.name}.shortcut.conv", g.stride)
        normalizes = normalizes_projections(self.network.configuration, self.network.kind)
        return self.network.batch_norm(x, f"{self.name}.shortcut.bn") if normalizes else x

    def lead(self, x: Tensor) -> Tensor:
        """The pre-activation, which branch and projection share."""
        return self.network.activate(x, self.leading, f"{self.name}.branch.bn1")

    def residual(self, x: Tensor) -> Tensor:
        """F before any scaling: leading, conv (BN ReLU conv)*, trailing."""
        x = self.lead(x)
        bn_leads = "bn" in self.network.kind.leading
        for number, layer in enumerate(self.layers, start=1):
            x = self.network.convolve(x, f"{self.name}.branch.conv{number}", layer.stride)
            if number < len(self.layers):
                # In full pre-activation a BN carries the number of the convolution it precedes.
                bn_number = number + 1 if bn_leads else number
                x = self.network.activate(x, ("bn", "relu"), f"{self.name}.branch.bn{bn_number}")
        return self.network.activate(x, self.network.kind.trailing, f"{self.name}.branch.bn{len(self.layers)}")
