"""Write Tests/Fixtures/pytorch-formulas.json: networks whose h, f, activation or branch factor is a formula.

    python Scripts/pytorch/make_formula_fixtures.py [DIRECTORY]

Every formula stands here twice: as a text of the toolkit's language, which goes into the file, and as a function written by
hand in torch, from which autograd has the numbers. Nothing translates one into the other. Every case is measured twice
(whole graph, and unit by unit) and refused where both differ, where rounding-sized noise shows, or where an argument comes
near a kink. Tests/Fixtures/README.md describes the file.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from formula_tensors import affine, formula_batch, formula_tensors, uniforms
from make_fixtures import (
    AGREEMENT,
    CONDITIONING,
    DEFAULT_DIRECTORY,
    KINK_DISTANCE,
    PERTURBATION,
    require_agreement,
    write_cases,
)
from residual_network import Configuration, Network, Unit
from signal_propagation import (
    Measurement,
    measure_scaled,
    measure_whole_graph,
    perturb,
    pull_back,
    states_with_detached_branches,
)

LEARNED_WIDTH = 0.2
"""A learned number is its start, plus up to this by the formula of its tensor: each channel has another."""


@dataclass(frozen=True)
class Place:
    """Where a formula stands: l, L, s, n, t, and its learned numbers."""

    l: int
    L: int
    s: int
    n: int
    owner: str
    tensors: dict[str, Tensor]

    @property
    def t(self) -> float:
        return self.l / self.L

    def one(self, name: str, start: float) -> Tensor:
        """@name."""
        return self._learned(name, 1, start).reshape(())

    def each(self, name: str, start: float) -> Tensor:
        """@name[n]."""
        return self._learned(name, self.n, start).reshape(1, -1, 1, 1)

    def _learned(self, name: str, count: int, start: float) -> Tensor:
        key = f"{self.owner}.{name}"
        if key not in self.tensors:
            self.tensors[key] = affine(key, (count,), start, LEARNED_WIDTH).requires_grad_()
        return self.tensors[key]


Function = Callable[[Tensor, Place], Tensor]


@dataclass(frozen=True)
class Formula:
    text: str
    function: Function
    starts: dict[str, str] = field(default_factory=dict)
    """Texts; the function states the same numbers."""
    kinks: Function | None = None
    """Zero where the formula has a kink or a jump."""


def piecewise(x: Tensor, _: Place) -> Tensor:
    return torch.where(x > 0.3, x * x, 0.3 * x)


def by_stage(x: Tensor, p: Place) -> Tensor:
    return x if p.s == 0 else 0.5 * torch.tanh(2 * x)


def swish_each(x: Tensor, p: Place) -> Tensor:
    return x / (1 + torch.exp(-p.each("b", 1.5) * x))


FORMULAS = (
    Formula("0.9*x + 0.1*tanh(x)", lambda x, p: 0.9 * x + 0.1 * torch.tanh(x)),
    Formula("gelu(x)", lambda x, p: F.gelu(x)),
    Formula("silu(x)", lambda x, p: F.silu(x)),
    Formula("softplus(x) - 0.5", lambda x, p: torch.logaddexp(x, torch.zeros_like(x)) - 0.5),
    Formula("x/2 + relu(x - 0.1)", lambda x, p: 0.5 * x + F.relu(x - 0.1), kinks=lambda x, p: x - 0.1),
    Formula("leaky_relu(x, 0.2)", lambda x, p: F.leaky_relu(x, 0.2), kinks=lambda x, p: x),
    Formula("abs(x) - 0.4*x", lambda x, p: x.abs() - 0.4 * x, kinks=lambda x, p: x),
    Formula("where(x > 0.3, x^2, 0.3*x)", piecewise, kinks=lambda x, p: x - 0.3),
    Formula("clip(1.5*x, -0.7, 1.2)", lambda x, p: torch.clamp(1.5 * x, -0.7, 1.2),
            kinks=lambda x, p: (1.5 * x + 0.7) * (1.5 * x - 1.2)),
    Formula("max(0.1*x - 0.05, min(x, 1 + x/4))",
            lambda x, p: torch.maximum(0.1 * x - 0.05, torch.minimum(x, 1 + 0.25 * x)),
            kinks=lambda x, p: (0.9 * x + 0.05) * (0.75 * x - 1)),
    Formula("x*exp(-x^2) + 0.5*x", lambda x, p: x * torch.exp(-x.square()) + 0.5 * x),
    Formula("sigmoid(x)*x", lambda x, p: torch.sigmoid(x) * x),
    Formula("erf(x/2)", lambda x, p: torch.erf(0.5 * x)),
    Formula("x + 0.3*sin(2*x)", lambda x, p: x + 0.3 * torch.sin(2 * x)),
    Formula("cos(x) + x/2 - 1", lambda x, p: torch.cos(x) + 0.5 * x - 1),
    Formula("sqrt(1 + x^2) - 1 + x/3", lambda x, p: torch.hypot(x, torch.ones_like(x)) - 1 + x / 3),
    Formula("log(1 + x^2) + 0.2*x", lambda x, p: torch.log1p(x * x) + 0.2 * x),
    Formula("x/(1 + abs(x))", lambda x, p: F.softsign(x)),
    Formula("0.8*x - 0.02*x^3", lambda x, p: 0.8 * x - 0.02 * x.pow(3)),
    Formula("(1 + x^2)^0.4*x/2", lambda x, p: 0.5 * x * torch.pow(1 + x.square(), 0.4)),
    Formula("(1 - t/2)*x + l/L*tanh(x)/n^0.5",
            lambda x, p: (1 - 0.5 * p.t) * x + p.l / p.L * torch.tanh(x) / math.sqrt(p.n)),
    Formula("where(s == 0, x, 0.5*tanh(2*x))", by_stage),
    Formula("x + where(x > 0.4, 0.5, 0)", lambda x, p: x + 0.5 * (x > 0.4), kinks=lambda x, p: x - 0.4),
    Formula("@a*x + (1 - @a)*tanh(x)", lambda x, p: torch.lerp(torch.tanh(x), x, p.one("a", 0.6)), {"a": "0.6"}),
    Formula("x*sigmoid(@b[n]*x)", swish_each, {"b": "1.5"}),
    Formula("x - @c*(x/2)^2 + @d[n]", lambda x, p: x - p.one("c", 0.3 - 0.1 * p.t) * x.square() / 4 + p.each("d", 0.1),
            {"c": "0.3 - t/10", "d": "0.1"}),
)


@dataclass(frozen=True)
class Design:
    """A network with formulas; what is None is as the paper has it."""

    configuration: Configuration
    h: Formula | None = None
    f: Formula | None = None
    activation: Formula | None = None
    scale: Formula | None = None
    """Of the branch; its function reads no x."""
    drop_path: Formula | None = None
    """p_l; its function gives a float."""
    shortcut: str | None = None
    """A word with a schedule; `h` has its function and the text is not used."""


class FormulaNetwork(Network):
    """The networks of `residual_network` with other functions in their places."""

    def __init__(self, design: Design, tensors: dict[str, Tensor]) -> None:
        super().__init__(design.configuration, tensors)
        self.design = design
        self.nearest_kink = math.inf
        self.units = [FormulaUnit(self, unit.geometry) for unit in self.units]

    def place(self, l: int, channels: int, owner: str) -> Place:
        per_stage, count = self.configuration.units_per_stage, len(self.units)
        stage = min(l, count - 1) // per_stage
        return Place(l, count, stage, channels, owner, self.tensors)

    def apply(self, formula: Formula, x: Tensor, place: Place) -> Tensor:
        if formula.kinks:
            distances = formula.kinks(x.detach(), place).abs()
            distances = distances[distances != 0]
            self.nearest_kink = min([self.nearest_kink, *distances.flatten().tolist()])
        return formula.function(x, place)

    def stem(self, image: Tensor) -> Tensor:
        x = self.batch_norm(self.convolve(image, "stem.conv"), "stem.bn")
        return self.activate(x, ("relu",), "stem.bn", owner="stem.bn")

    def activate(self, x: Tensor, activations: tuple[str, ...], bn_name: str, owner: str | None = None) -> Tensor:
        """Where the others have ReLU, this has the activation; f has a place of its own."""
        owner = owner or bn_name.rpartition(".")[0]
        for activation in activations:
            if activation == "bn":
                x, owner = self.batch_norm(x, bn_name), bn_name
            elif self.design.activation is None:
                x = self.apply(RELU, x, self.place(0, 1, ""))
            else:
                parts = owner.split(".")
                l = {"stem": 0, "head": len(self.units)}.get(parts[0])
                l = int(parts[1]) if l is None else l
                x = self.apply(self.design.activation, x, self.place(l, x.shape[1], f"{owner}.activation"))
        return x


RELU = Formula("relu(x)", lambda x, p: F.relu(x), kinks=lambda x, p: x)


class FormulaUnit(Unit):
    network: FormulaNetwork

    @property
    def place(self) -> Place:
        return self.network.place(self.geometry.index, self.geometry.out_channels, self.name)

    def shortcut(self, x: Tensor) -> Tensor:
        h = self.network.design.h
        x = self.match_size(x)
        return x if h is None else self.network.apply(h, x, self.place)

    def branch(self, x: Tensor) -> Tensor:
        design = self.network.design
        x = self.residual(x)
        if design.scale:
            x = design.scale.function(x, self.place) * x
        if design.drop_path:
            kept = uniforms(f"{self.name}.branch.drop_path.mask", x.shape[0]) >= design.drop_path.function(x, self.place)
            x = x * torch.from_numpy(kept).to(x.dtype).reshape(-1, 1, 1, 1)
        return x

    def after(self, y: Tensor) -> Tensor:
        f = self.network.design.f
        if f is not None:
            return self.network.apply(f, y, self.place)
        return self.network.apply(RELU, y, self.place) if self.network.kind.after else y


SMALL = {"base_channels": 4, "classes": 5, "input_shape": (3, 3, 8, 8)}


def configuration(index: int) -> Configuration:
    """Layouts and sizes by turns."""
    unit = ("full-preact", "original")[index % 2]
    block, units = (("basic", 1), ("single", 2), ("bottleneck", 1))[index // 2 % 3]
    return Configuration(unit=unit, block=block, units_per_stage=units, **SMALL)


def scaling(factors: list[float]) -> Formula:
    return Formula("", lambda x, p: factors[p.l % len(factors)] * x)


def designs() -> Iterator[Design]:
    for index, formula in enumerate(FORMULAS):
        yield Design(configuration(index), h=formula)
        yield Design(configuration(index + 1), f=formula)
        yield Design(configuration(index), activation=formula)
    preact = Configuration(unit="full-preact", units_per_stage=2, **SMALL)
    original = replace(preact, unit="original")
    learned, channels = FORMULAS[-3], FORMULAS[-1]
    yield Design(preact, h=scaling([0.9, 1, 1.1]), shortcut="scale: [0.9, 1, 1.1]")
    yield Design(original, h=Formula("", lambda x, p: (1 - p.l / (2 * p.L)) * x), shortcut="scale: 1 - l/(2*L)")
    yield Design(preact, h=scaling([0.5, 0.5 + 1 / 12]), shortcut="scale: [1/2, 1/2 + 1/(2*L)]")
    yield Design(preact, scale=Formula("1/(2*L)^0.5", lambda x, p: 1 / math.sqrt(2 * p.L)))
    yield Design(original, scale=Formula("[1, 0.5, -0.25]", lambda x, p: (1, 0.5, -0.25)[p.l % 3]))
    yield Design(preact, scale=Formula("@a", lambda x, p: p.one("a", 0.0), {"a": "0"}))
    yield Design(original, scale=Formula("@a[n]", lambda x, p: p.each("a", 0.1), {"a": "0.1"}))
    yield Design(
        original, scale=Formula("@a*(1 - t) + @b", lambda x, p: p.one("a", 1 / (p.l + 1)) * (1 - p.t) + p.one("b", 0.5),
                                {"a": "1/(l + 1)", "b": "0.5"}))
    yield Design(preact, drop_path=Formula("0.8*t", lambda x, p: 0.8 * p.t), h=FORMULAS[0])
    # A number that h, f and the branch share, and others of the same name in every activation.
    yield Design(preact, h=learned, f=learned, activation=learned,
                 scale=Formula("2*@a", lambda x, p: 2 * p.one("a", 0.6), {"a": "0.6"}))
    yield Design(original, h=channels, f=FORMULAS[1], activation=channels,
                 drop_path=Formula("[0, 0.4]", lambda x, p: (0, 0.4)[p.l % 2]))


def measure(design: Design) -> tuple[Measurement, dict[str, list[float]]]:
    image, labels = formula_batch(design.configuration)
    tensors = formula_tensors(design.configuration)
    network = FormulaNetwork(design, tensors)
    whole = measure_whole_graph(network, image, labels)
    if network.nearest_kink < KINK_DISTANCE:
        raise SystemExit(f"{design}: a kink at {network.nearest_kink:.1e}")
    require_agreement(design, whole, measure_scaled(network, image, labels), AGREEMENT)
    # Now with the learned numbers of the first network, moved as the others are.
    noisy = FormulaNetwork(design, {n: t.detach().requires_grad_(t.requires_grad)
                                    for n, t in perturb(network.tensors, PERTURBATION, seed=0).items()})
    noisy_image = perturb({"input": image}, PERTURBATION, seed=1)["input"]
    require_agreement(design, whole, measure_whole_graph(noisy, noisy_image, labels), CONDITIONING)
    add_vectors(network, image, labels, whole)
    return whole, learned_gradients(network, image, labels)


def add_vectors(network: FormulaNetwork, image: Tensor, labels: Tensor, measurement: Measurement) -> None:
    """Plain norms, and components along a direction of every x_l: what a norm would not tell, signs and order, they do."""
    x0 = network.stem(image).detach()
    xs = [x0.clone().requires_grad_()]
    for unit in network.units:
        xs.append(unit(xs[-1]))
    total = list(torch.autograd.grad(network.loss(xs[-1], labels), xs))
    shadows = states_with_detached_branches(network, x0.clone().requires_grad_())
    direct = [pull_back(shadows[-1], x, total[-1]) for x in shadows]
    through = [g - d for g, d in zip(total, direct, strict=True)]
    columns = {"forward_rms": measurement.columns["forward_rms"]}
    for name, vectors in (("gradient", total), ("direct", direct), ("through_weights", through)):
        directions = [affine(f"direction.{l}", tuple(v.shape), 0.0, 1.0) for l, v in enumerate(vectors)]
        columns[name] = [float(torch.linalg.vector_norm(v)) for v in vectors]
        columns[f"{name}_along"] = [
            float((v * r).sum() / torch.linalg.vector_norm(r)) for v, r in zip(vectors, directions, strict=True)]
    measurement.columns = columns


def learned_gradients(network: FormulaNetwork, image: Tensor, labels: Tensor) -> dict[str, list[float]]:
    """∂E/∂a of every learned number, those of the stem's activation among them."""
    loss = network.loss(network.states(image)[-1], labels)
    learned = {name: tensor for name, tensor in network.tensors.items() if tensor.requires_grad}
    if not learned:
        return {}
    gradients = torch.autograd.grad(loss, list(learned.values()))
    return {name: g.flatten().tolist() for name, g in zip(learned, gradients, strict=True)}


def case(design: Design) -> dict:
    measurement, learned = measure(design)
    c = design.configuration
    places = {"h": None if design.shortcut else design.h, "f": design.f, "activation": design.activation,
              "scale": design.scale, "drop_path": design.drop_path}
    formulas = {name: formula.text for name, formula in places.items() if formula}
    starts = {name: text for formula in places.values() if formula for name, text in formula.starts.items()}
    return {
        "configuration": {
            "block": c.block, "units_per_stage": c.units_per_stage, "base_channels": c.base_channels, "classes": c.classes,
            "input_shape": list(c.input_shape), "unit": c.unit, "shortcut": design.shortcut or "identity",
        },
        "formulas": formulas,
        "starts": starts,
        "loss": measurement.loss,
        "learned": learned,
        "columns": measurement.columns,
    }


def main() -> None:
    torch.set_num_threads(1)
    directory = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_DIRECTORY
    path = directory / "pytorch-formulas.json"
    cases = [case(design) for design in designs()]
    write_cases(path, cases, made_by="Scripts/pytorch/make_formula_fixtures.py")
    print(f"{path.name}: {len(cases)} cases, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
