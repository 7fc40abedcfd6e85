"""Networks of the zoo that no package has: pre-activation, gates, learned scales, streams, taps of x_0, U-nets, and a
plain one."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Sum(nn.Module):
    """x + y, as a module of its own, so that the sum has a name in the file."""

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        return x + y


def conv(inputs: int, outputs: int, size: int = 3, stride: int = 1, bias: bool = False) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=bias)


class PreActivationUnit(nn.Module):
    """BN ReLU conv BN ReLU conv; where the size changes the projection reads the pre-activated input."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.bn1, self.conv1 = nn.BatchNorm2d(inputs), conv(inputs, outputs, 3, stride)
        self.bn2, self.conv2 = nn.BatchNorm2d(outputs), conv(outputs, outputs)
        self.projection = conv(inputs, outputs, 1, stride) if inputs != outputs else None

    def forward(self, x: Tensor) -> Tensor:
        active = F.relu(self.bn1(x))
        branch = self.conv2(F.relu(self.bn2(self.conv1(active))))
        return branch + (x if self.projection is None else self.projection(active))


class PreActivation(nn.Module):
    """Three stages of full pre-activation units."""

    def __init__(self, units: int = 3, width: int = 8, classes: int = 10) -> None:
        super().__init__()
        widths = [width, width, 2 * width, 4 * width]
        self.stem = conv(3, width)
        self.stages = nn.ModuleList(
            nn.Sequential(*[
                PreActivationUnit(a if k == 0 else b, b, 2 if k == 0 and a != b else 1) for k in range(units)])
            for a, b in zip(widths, widths[1:], strict=False))
        self.bn, self.head = nn.BatchNorm2d(4 * width), nn.Linear(4 * width, classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        for stage in self.stages:
            x = stage(x)
        return self.head(F.relu(self.bn(x)).mean((2, 3)))


class AfterAddition(nn.Module):
    """BN after the addition: f is ReLU of BN."""

    def __init__(self, units: int = 4, width: int = 8, classes: int = 10) -> None:
        super().__init__()
        self.stem, self.head = conv(3, width), nn.Linear(width, classes)
        self.branches = nn.ModuleList(
            nn.Sequential(conv(width, width), nn.BatchNorm2d(width), nn.ReLU(), conv(width, width))
            for _ in range(units))
        self.norms = nn.ModuleList(nn.BatchNorm2d(width) for _ in range(units))

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        for branch, norm in zip(self.branches, self.norms, strict=True):
            x = F.relu(norm(x + branch(x)))
        return self.head(x.mean((2, 3)))


class Dense(nn.Module):
    """A stem, units as `step` says, and a head, of fully connected layers."""

    def __init__(self, units: int = 6, inputs: int = 12, width: int = 16, classes: int = 10) -> None:
        super().__init__()
        self.stem, self.head = nn.Linear(inputs, width), nn.Linear(width, classes)
        self.branches = nn.ModuleList(self.branch(width) for _ in range(units))

    def branch(self, width: int) -> nn.Module:
        return nn.Sequential(nn.Linear(width, width), nn.Tanh(), nn.Linear(width, width))

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        for l in range(len(self.branches)):
            x = self.step(l, x)
        return self.head(x)

    def step(self, l: int, x: Tensor) -> Tensor:
        return x + self.branches[l](x)


class Plain(Dense):
    """No shortcut."""

    def step(self, l: int, x: Tensor) -> Tensor:
        return torch.tanh(self.branches[l](x))


class Highway(Dense):
    """(1 − g)∘x + g∘F(x)."""

    def __init__(self, units: int = 6, width: int = 16) -> None:
        super().__init__(units, width=width)
        self.gates = nn.ModuleList(nn.Linear(width, width) for _ in range(units))

    def step(self, l: int, x: Tensor) -> Tensor:
        g = torch.sigmoid(self.gates[l](x))
        return (1 - g) * x + g * self.branches[l](x)


class Interpolated(Highway):
    """The same as x + g∘(F(x) − x)."""

    def step(self, l: int, x: Tensor) -> Tensor:
        return x + torch.sigmoid(self.gates[l](x)) * (self.branches[l](x) - x)


class ReZero(Dense):
    """x + α F(x), α learned."""

    def __init__(self, units: int = 6) -> None:
        super().__init__(units)
        self.alphas = nn.ParameterList(nn.Parameter(torch.zeros(())) for _ in range(units))

    def step(self, l: int, x: Tensor) -> Tensor:
        return x + self.alphas[l] * self.branches[l](x)


class DeepNorm(Dense):
    """LN(αx + F(x))."""

    def __init__(self, units: int = 6, width: int = 16) -> None:
        super().__init__(units, width=width)
        self.alpha = (2 * units) ** 0.25
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(units))

    def step(self, l: int, x: Tensor) -> Tensor:
        return self.norms[l](self.alpha * x + self.branches[l](x))


class Assorted(Dense):
    """An activation or norm of its own in each branch, those that other networks of the zoo do not have."""

    activations = (
        nn.ELU, nn.PReLU, nn.SELU, nn.Softplus, nn.Mish, nn.LeakyReLU, nn.Hardtanh, lambda: nn.LogSoftmax(-1),
        lambda: nn.RMSNorm(16, eps=1e-6), lambda: nn.GroupNorm(4, 16))

    def __init__(self) -> None:
        super().__init__(len(self.activations))
        self.between = nn.ModuleList(make() for make in self.activations)

    def step(self, l: int, x: Tensor) -> Tensor:
        first, _, second = self.branches[l]
        y = self.between[l](first(x))
        return x + torch.exp(-y.amax(-1, keepdim=True).square()) * torch.einsum("nd,kd->nk", y, second.weight)


class Taps(Dense):
    """λ x + μ x_0 + F(x), λ and μ learned."""

    def __init__(self, units: int = 6) -> None:
        super().__init__(units)
        self.scales = nn.Parameter(torch.ones(units, 2))

    def forward(self, x: Tensor) -> Tensor:
        first = x = self.stem(x)
        for l, branch in enumerate(self.branches):
            x = self.scales[l, 0] * x + self.scales[l, 1] * first + branch(x)
        return self.head(x)


class Streams(Dense):
    """Hyper-connections with k streams as tensors: each unit mixes them, and adds its branch to all of them."""

    def __init__(self, units: int = 4, streams: int = 3, width: int = 16) -> None:
        super().__init__(units, width=width)
        self.streams, self.head = streams, nn.Linear(streams * width, self.head.out_features)
        self.mixing = nn.Parameter(torch.ones(units, streams, streams))
        self.reading, self.writing = nn.Parameter(torch.ones(units, streams)), nn.Parameter(torch.ones(units, streams))

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        states = [x * (k + 1) for k in range(self.streams)]
        for l, branch in enumerate(self.branches):
            f = branch(self.weighted(self.reading[l], states))
            states = [
                self.weighted(self.mixing[l, k], states) + self.writing[l, k] * f for k in range(self.streams)]
        return self.head(torch.cat(states, 1))

    def weighted(self, weights: Tensor, states: list[Tensor]) -> Tensor:
        found = weights[0] * states[0]
        for k in range(1, self.streams):
            found = found + weights[k] * states[k]
        return found


class StackedStreams(Dense):
    """Hyper-connections with the streams along an axis of one tensor, mixed by a learned n × n matrix."""

    def __init__(self, units: int = 4, streams: int = 3, width: int = 16) -> None:
        super().__init__(units, width=width)
        self.streams = streams
        self.mixing = nn.ParameterList(nn.Parameter(torch.eye(streams)) for _ in range(units))
        self.writing = nn.ParameterList(nn.Parameter(torch.ones(streams, 1)) for _ in range(units))

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)[:, None].repeat(1, self.streams, 1)
        for mixing, writing, branch in zip(self.mixing, self.writing, self.branches, strict=True):
            x = mixing @ x + writing * branch(x.mean(1, keepdim=True))
        return self.head(x.sum(1))


class UNetBlock(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.conv1, self.norm, self.conv2 = conv(width, width), nn.GroupNorm(2, width), conv(width, width)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.conv2(F.silu(self.norm(self.conv1(x))))


class UNet(nn.Module):
    """Three levels, two blocks at each side of each level and two at the bottom; skips are concatenated, or added.

    The result is a map of logits, class by class.
    """

    def __init__(self, adds: bool, width: int = 8, levels: int = 2, classes: int = 5) -> None:
        super().__init__()
        self.adds = adds
        widths = [width * 2**k for k in range(levels + 1)]
        self.stem, self.head = conv(3, width), conv(width, classes, 1, bias=True)
        self.down = nn.ModuleList(self.blocks(w) for w in widths[:-1])
        self.shrink = nn.ModuleList(conv(a, b, 3, 2) for a, b in zip(widths, widths[1:], strict=False))
        self.bottom = self.blocks(widths[-1])
        self.grow = nn.ModuleList(
            nn.ConvTranspose2d(b, a, 2, 2) for a, b in zip(widths, widths[1:], strict=False))
        self.join = nn.ModuleList(Sum() if adds else conv(2 * w, w, 1) for w in widths[:-1])
        self.up = nn.ModuleList(self.blocks(w) for w in widths[:-1])

    def blocks(self, width: int) -> nn.Sequential:
        return nn.Sequential(UNetBlock(width), UNetBlock(width))

    def forward(self, x: Tensor) -> Tensor:
        x, kept = self.stem(x), []
        for blocks, shrink in zip(self.down, self.shrink, strict=True):
            x = blocks(x)
            kept.append(x)
            x = shrink(x)
        x = self.bottom(x)
        for k in reversed(range(len(kept))):
            x = self.grow[k](x)
            x = self.join[k](x, kept[k]) if self.adds else self.join[k](torch.cat((x, kept[k]), 1))
            x = self.up[k](x)
        return self.head(x)
