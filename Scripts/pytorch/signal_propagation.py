"""Where the gradient goes: total, direct and through-weights terms of Eqn. 5/8, by autograd alone.

Two measurements of the same numbers, checked against each other when the fixtures are made:

- `measure_whole_graph`: one autograd graph of the network gives g_l; one graph in which every branch reads a
  detached x_l gives d_l (the values are the same, so h' and f' stand at the true x_l and y_l); w_l = g_l - d_l.
- `measure_scaled`: one small graph per unit; cotangents are rescaled by powers of two and carry their exponent,
  so that no depth runs out of range.

Run as a program it measures a network with He initialisation on noise:
    python signal_propagation.py --depth 110 --shortcut identity --batch 8 --seed 0
"""

from __future__ import annotations

import argparse
import json
import math
from dataclasses import dataclass

import torch
from torch import Tensor

from residual_network import (
    Configuration,
    Network,
    Unit,
    cifar_configuration,
    initialise,
    parameter_count,
    parse_shortcut,
)

LOG10_2 = math.log10(2)


@dataclass(frozen=True)
class ScaledTensor:
    """mantissa * 2^exponent, the largest |mantissa| in [0.5, 1) unless all are 0."""

    mantissa: Tensor
    exponent: int

    @staticmethod
    def of(tensor: Tensor, exponent: int = 0) -> ScaledTensor:
        largest = float(tensor.abs().max())
        if largest == 0 or not math.isfinite(largest):
            return ScaledTensor(tensor, 0)
        shift = math.frexp(largest)[1]
        # Two factors: 2^-shift alone may itself leave the range.
        half = shift // 2
        return ScaledTensor(tensor * 2.0**-half * 2.0 ** (half - shift), exponent + shift)

    def log10_norm(self) -> float | None:
        norm = float(torch.linalg.vector_norm(self.mantissa))
        return None if norm == 0 else math.log10(norm) + self.exponent * LOG10_2

    def minus(self, other: ScaledTensor) -> ScaledTensor:
        if self.is_zero or other.is_zero:
            return self if other.is_zero else ScaledTensor(-other.mantissa, other.exponent)
        common = max(self.exponent, other.exponent)
        a = self.mantissa * 2.0 ** (self.exponent - common)
        b = other.mantissa * 2.0 ** (other.exponent - common)
        return ScaledTensor.of(a - b, common)

    @property
    def is_zero(self) -> bool:
        return not bool(self.mantissa.any())


def cosine(a: ScaledTensor, b: ScaledTensor) -> float | None:
    if a.is_zero or b.is_zero:
        return None
    x, y = a.mantissa, b.mantissa
    return float((x * y).sum() / (torch.linalg.vector_norm(x) * torch.linalg.vector_norm(y)))


def pull_back(output: Tensor, at: Tensor, cotangent: Tensor) -> Tensor:
    """The vector-Jacobian product; zeros where `output` does not depend on `at`."""
    if output is at:
        return cotangent
    if not output.requires_grad:
        return torch.zeros_like(at)
    (result,) = torch.autograd.grad(output, at, cotangent, retain_graph=True, allow_unused=True)
    return torch.zeros_like(at) if result is None else result


@dataclass
class Measurement:
    """`loss` and, per l = 0 … L, one entry in every column. A logarithm is None where the norm is exactly 0."""

    loss: float
    columns: dict[str, list[float | int | None]]


def state_stages(network: Network) -> list[int]:
    """Stage of each x_l, from 1; 0 is the stem's output where no unit keeps its size.

    The x_l that enters a transition belongs to the earlier stage.
    """
    units = network.units
    stage = 0 if units[0].geometry.changes_size else 1
    stages = [stage]
    for unit in units:
        stage += 1 if unit.geometry.changes_size else 0
        stages.append(stage)
    return stages


def last_of_stage(stages: list[int]) -> list[int]:
    """For every l the last index whose x has the same stage: where the stage's recursion restarts."""
    return [max(i for i, s in enumerate(stages) if s == stage) for stage in stages]


def state_columns(network: Network, xs: list[Tensor]) -> dict[str, list[float | int | None]]:
    """What the forward pass alone tells about every x_l."""
    units = network.units
    factor = parse_shortcut(network.configuration.shortcut).log10_factor
    count = len(units)
    variances, means = zip(*(torch.var_mean(x, dim=(0, 2, 3), correction=0) for x in xs), strict=True)
    return {
        "unit": list(range(count + 1)),
        "stage": state_stages(network),
        "channels": [x.shape[1] for x in xs],
        "forward_rms": [float(x.square().mean().sqrt()) for x in xs],
        "channel_mean_square": [float(mean.square().mean()) for mean in means],
        "channel_variance": [float(variance.mean()) for variance in variances],
        "shortcut_product_log10": [None if factor is None else factor * (count - l) + 0.0 for l in range(count + 1)],
        "negative_share": [negative_share(unit, x) for unit, x in zip(units, xs, strict=False)] + [None],
    }


@torch.no_grad()
def negative_share(unit: Unit, x: Tensor) -> float | None:
    """Share of y_l < 0 where f is exactly ReLU (the original unit)."""
    if unit.network.kind.after != ("relu",):
        return None
    y = unit.shortcut(x) + unit.branch(x)
    return float((y < 0).to(torch.float64).mean())


def gradient_columns(
    total: list[ScaledTensor], direct: list[ScaledTensor], stage_direct: list[ScaledTensor]
) -> dict[str, list[float | int | None]]:
    """Norms of g, d and w = g - d, for the whole network and restarted within the stage."""
    through = [g.minus(d) for g, d in zip(total, direct, strict=True)]
    stage_through = [g.minus(d) for g, d in zip(total, stage_direct, strict=True)]
    return {
        "gradient_log10": [g.log10_norm() for g in total],
        "direct_log10": [d.log10_norm() for d in direct],
        "through_weights_log10": [w.log10_norm() for w in through],
        "cosine": [cosine(d, w) for d, w in zip(direct, through, strict=True)],
        "stage_direct_log10": [d.log10_norm() for d in stage_direct],
        "stage_through_weights_log10": [w.log10_norm() for w in stage_through],
    }


def states_with_detached_branches(network: Network, x0: Tensor) -> list[Tensor]:
    """The same values as `network.states`, in a graph through which only the shortcuts and f carry gradients."""
    xs = [x0]
    for unit in network.units:
        x = xs[-1]
        xs.append(unit.after(unit.shortcut(x) + unit.branch(x.detach())))
    return xs


def measure_whole_graph(network: Network, image: Tensor, labels: Tensor) -> Measurement:
    """g_l and d_l from one autograd graph each. For networks whose gradients stay in range."""
    with torch.no_grad():
        x0 = network.stem(image)
    xs = [x0.clone().requires_grad_()]
    for unit in network.units:
        xs.append(unit(xs[-1]))
    loss = network.loss(xs[-1], labels)
    g = list(torch.autograd.grad(loss, xs))
    shadows = states_with_detached_branches(network, x0.clone().requires_grad_())
    d = [pull_back(shadows[-1], x, g[-1]) for x in shadows]
    ends = last_of_stage(state_stages(network))
    stage_d = [pull_back(shadows[e], x, g[e]) for e, x in zip(ends, shadows, strict=True)]
    columns = state_columns(network, [x.detach() for x in xs])
    columns |= gradient_columns(*([ScaledTensor.of(t) for t in ts] for ts in (g, d, stage_d)))
    return Measurement(loss.item(), columns)


def unit_pull_back(
    unit: Unit, x: Tensor, total: ScaledTensor, directs: list[ScaledTensor]
) -> tuple[ScaledTensor, list[ScaledTensor]]:
    """(H + J)^T D^T applied to `total`, and H^T D^T applied to each of `directs`."""
    x = x.detach().requires_grad_()
    h = unit.shortcut(x)
    y = h + unit.branch(x)
    output = unit.after(y)
    g = pull_back(output, x, total.mantissa)
    ds = [pull_back(h, x, pull_back(output, y, d.mantissa)) for d in directs]
    return (
        ScaledTensor.of(g, total.exponent),
        [ScaledTensor.of(t, d.exponent) for t, d in zip(ds, directs, strict=True)],
    )


def measure_scaled(network: Network, image: Tensor, labels: Tensor) -> Measurement:
    """The same columns unit by unit, with carried exponents: any depth, and memory for one unit's graph only."""
    with torch.no_grad():
        xs = network.states(image)
    return measure_at_states(network, xs, labels)


def measure_at_states(network: Network, xs: list[Tensor], labels: Tensor) -> Measurement:
    """The recursions linearised at the given x_0 … x_L, whoever computed them."""
    last = xs[-1].clone().requires_grad_()
    loss = network.loss(last, labels)
    (g_last,) = torch.autograd.grad(loss, last)
    ends = last_of_stage(state_stages(network))
    total = direct = stage_direct = ScaledTensor.of(g_last)
    rows = [gradient_columns([total], [direct], [stage_direct])]
    for unit in reversed(network.units):
        l = unit.geometry.index
        # In the last stage both recursions are one.
        directs = [direct] if stage_direct is direct else [direct, stage_direct]
        total, directs = unit_pull_back(unit, xs[l], total, directs)
        direct, stage_direct = directs[0], total if ends[l] == l else directs[-1]
        rows.append(gradient_columns([total], [direct], [stage_direct]))
    rows.reverse()
    columns = {key: [row[key][0] for row in rows] for key in rows[0]}
    return Measurement(loss.item(), state_columns(network, xs) | columns)


def perturb(tensors: dict[str, Tensor], relative: float, seed: int) -> dict[str, Tensor]:
    """Every element times 1 + relative * (uniform in [-1, 1)); masks stay. Stands for another order of rounding.

    A network whose gradient grows by 10^k from x_L to x_0 amplifies such noise about as much on its way up, and
    with it every difference between two correct implementations.
    """
    generator = torch.Generator().manual_seed(seed)
    return {
        name: t if name.endswith("mask")
        else t * (1 + relative * (2 * torch.rand(t.shape, generator=generator, dtype=t.dtype) - 1))
        for name, t in tensors.items()
    }


def noise_measurement(
    configuration: Configuration, seed: int, dtype: torch.dtype = torch.float64
) -> Measurement:
    """He initialisation, standard normal input, uniform labels: theory's setting for its measured figures."""
    generator = torch.Generator().manual_seed(seed)
    tensors = {k: v.to(dtype) for k, v in initialise(configuration, generator).items()}
    image = torch.randn(configuration.input_shape, generator=generator, dtype=torch.float64).to(dtype)
    labels = torch.randint(configuration.classes, configuration.input_shape[:1], generator=generator)
    network = Network(configuration, tensors)
    if configuration.mode == "inference":
        network.calibrate(image)
    return measure_scaled(network, image, labels)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure a CIFAR network with He initialisation on noise.")
    parser.add_argument("--depth", type=int, default=110)
    parser.add_argument("--block", choices=["basic", "bottleneck", "single"])
    parser.add_argument("--shortcut", default="identity")
    parser.add_argument("--unit", default="full-preact")
    parser.add_argument("--mode", default="training", choices=["training", "inference"])
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--classes", type=int, default=10)
    parser.add_argument("--size", type=int, default=32, help="height and width of the input")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rows", action="store_true", help="print every row, not only the ends")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    configuration = cifar_configuration(
        options.depth, options.block, shortcut=options.shortcut, unit=options.unit, mode=options.mode,
        classes=options.classes, input_shape=(options.batch, 3, options.size, options.size),
    )
    measurement = noise_measurement(configuration, options.seed)
    columns = measurement.columns
    print(json.dumps({"depth": configuration.depth, "block": configuration.block, "shortcut": options.shortcut,
                      "unit": options.unit, "units": configuration.unit_count,
                      "parameters": parameter_count(configuration), "loss": measurement.loss}))
    indices = range(configuration.unit_count + 1) if options.rows else (0, configuration.unit_count)
    for l in indices:
        print(json.dumps({key: values[l] for key, values in columns.items()}))
    ratio = columns["gradient_log10"][0] - columns["gradient_log10"][-1]
    print(json.dumps({"gradient_ratio_log10": ratio, "gradient_ratio": 10**ratio if ratio < 300 else None}))


if __name__ == "__main__":
    main()
