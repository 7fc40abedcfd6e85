"""Write Tests/Fixtures/*.json: per-unit numbers of small networks, by autograd in float64.

    python Scripts/pytorch/make_fixtures.py [DIRECTORY]

Weights, input and masks come from `formula_tensors` and are not stored. Every case is measured twice (whole
graph, and unit by unit with carried exponents) and refused unless both agree and the loss agrees with a forward
pass of the whole. Tests/Fixtures/README.md describes the files.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import torch
from torch import Tensor

from formula_tensors import ROLES, SCHEME, formula_batch, formula_tensors, uniforms
from residual_network import (
    UNIT_KINDS,
    Configuration,
    Network,
    cifar_configuration,
    parameter_count,
    parameter_specifications,
)
from signal_propagation import Measurement, measure_scaled, measure_whole_graph, perturb

DEFAULT_DIRECTORY = Path(__file__).resolve().parents[2] / "Tests" / "Fixtures"
SHORTCUTS = (
    "identity", "none", "scale0.5", "scale0.5,0.5", "gate-exclusive:-1", "gate-shortcut:0.5", "conv1x1", "dropout0.5",
)
CONVOLUTIONAL = {"base_channels": 4, "classes": 5, "input_shape": (2, 3, 8, 8), "units_per_stage": 2}
DENSE = {"architecture": "dense", "base_channels": 8, "classes": 5, "input_shape": (6, 3, 2, 2), "units_per_stage": 3}
AGREEMENT = 1e-10
"""Two autograd measurements of one number may differ by rounding only."""
PERTURBATION = 4e-16
"""Relative noise put on every weight and the input to see how rounding elsewhere would show."""
CONDITIONING = 1e-11
"""Largest change that noise may cause: a hundredth of the 1e-9 to which the Swift side has to agree."""
KINK_DISTANCE = 1e-8
"""No argument of a ReLU may come so near 0 that another summation order could change its sign. Exact zeros
(option A's channels, dropped elements) are not near: every order makes them 0."""


def configurations(unit: str) -> Iterator[Configuration]:
    """The cases of one unit kind."""
    for shortcut in SHORTCUTS:
        yield Configuration(unit=unit, shortcut=shortcut, **CONVOLUTIONAL)
    for block in ("bottleneck", "single"):
        for shortcut in ("identity", "scale0.5", "gate-exclusive:-1", "conv1x1"):
            yield Configuration(unit=unit, block=block, shortcut=shortcut, **CONVOLUTIONAL)
    for shortcut in ("gate-shortcut:0.5", "dropout0.5", "none", "scale0.5,0.5"):
        yield Configuration(unit=unit, block="bottleneck", shortcut=shortcut, **CONVOLUTIONAL)
    odd = CONVOLUTIONAL | {"input_shape": (3, 1, 7, 7), "base_channels": 3, "units_per_stage": 1}
    yield Configuration(unit=unit, shortcut="gate-exclusive:-1", **odd)
    for shortcut in SHORTCUTS:
        yield Configuration(unit=unit, shortcut=shortcut, **DENSE)
    yield Configuration(unit=unit, block="bottleneck", shortcut="scale0.5", **DENSE)
    yield Configuration(unit=unit, block="single", shortcut="gate-exclusive:-1", **DENSE)
    for shortcut in ("identity", "scale0.5", "gate-exclusive:-1", "dropout0.5"):
        yield Configuration(unit=unit, shortcut=shortcut, mode="inference", **CONVOLUTIONAL)
    yield Configuration(unit=unit, block="bottleneck", shortcut="identity", mode="inference", **CONVOLUTIONAL)
    yield Configuration(unit=unit, shortcut="identity", mode="inference", **DENSE)


def measure(configuration: Configuration) -> Measurement:
    image, labels = formula_batch(configuration)
    network = Network(configuration, formula_tensors(configuration))
    if configuration.mode == "inference":
        network.calibrate(image)
    require_distance_from_kinks(network, image)
    whole = measure_whole_graph(network, image, labels)
    require_agreement(configuration, whole, measure_scaled(network, image, labels), AGREEMENT)
    require_agreement(configuration, whole, measure_perturbed(network, image, labels), CONDITIONING)
    return whole


def measure_perturbed(network: Network, image: Tensor, labels: Tensor) -> Measurement:
    """The same network with rounding-sized noise on its parameters: shows ill-conditioned cases."""
    perturbed = Network(network.configuration, perturb(network.tensors, PERTURBATION, seed=0))
    image = perturb({"input": image}, PERTURBATION, seed=1)["input"]
    if network.mode == "inference":
        perturbed.calibrate(image)
    return measure_whole_graph(perturbed, image, labels)


def require_agreement(configuration: Configuration, a: Measurement, b: Measurement, tolerance: float) -> None:
    pairs = [("loss", 0, a.loss, b.loss)]
    for key in a.columns:
        pairs += [(key, l, x, y) for l, (x, y) in enumerate(zip(a.columns[key], b.columns[key], strict=True))]
    for key, l, x, y in pairs:
        if (x is None) != (y is None) or (x is not None and abs(x - y) > tolerance * max(1, abs(x))):
            raise SystemExit(f"{configuration}: {key} of row {l} differs: {x} and {y}, allowed {tolerance}")


def require_distance_from_kinks(network: Network, image: Tensor) -> None:
    nearest = float("inf")
    activate = network.activate

    def watch(x: Tensor, activations: tuple[str, ...], bn_name: str) -> Tensor:
        nonlocal nearest
        for activation in activations:
            if activation == "relu":
                distances = x.abs()[x != 0]
                nearest = min(nearest, float(distances.min()) if distances.numel() else nearest)
            x = activate(x, (activation,), bn_name)
        return x

    network.activate = watch  # type: ignore[method-assign]
    with torch.no_grad():
        network.head(network.states(image)[-1])
    network.activate = activate  # type: ignore[method-assign]
    if nearest < KINK_DISTANCE:
        raise SystemExit(f"{network.configuration}: a ReLU reads {nearest:.1e}")


def case(configuration: Configuration) -> dict:
    measurement = measure(configuration)
    return {
        "configuration": {
            "architecture": configuration.architecture,
            "block": configuration.block,
            "units_per_stage": configuration.units_per_stage,
            "base_channels": configuration.base_channels,
            "classes": configuration.classes,
            "input_shape": list(configuration.input_shape),
            "unit": configuration.unit,
            "shortcut": configuration.shortcut,
            "mode": configuration.mode,
        },
        "depth": configuration.depth,
        "units": configuration.unit_count,
        "parameters": parameter_count(configuration),
        "loss": measurement.loss,
        "columns": measurement.columns,
    }


def formula_samples() -> list[dict]:
    """A few values of the formula itself, to find a mistake in it before looking for one in a network."""
    names = ("input", "stem.conv.weight", "units.7.shortcut.dropout.mask")
    return [{"name": name, "u": uniforms(name, 3).tolist()} for name in names]


def header(made_by: str) -> dict:
    return {
        "schema_version": 1,
        "made_by": made_by,
        "framework": f"torch {torch.__version__}",
        "precision": "float64",
        "tensors": {"scheme": SCHEME, "roles": ROLES, "samples": formula_samples()},
    }


def write_cases(path: Path, cases: list[dict], made_by: str = "Scripts/pytorch/make_fixtures.py") -> None:
    """JSON with one line per field of a case and one per column: small, and readable in a diff."""
    lines = json.dumps(header(made_by) | {"cases": []}, indent=1).removesuffix("[]\n}")
    texts = []
    for value in cases:
        columns = ",\n".join(f'   "{key}": {json.dumps(column, allow_nan=False)}' for key, column in value["columns"].items())
        fields = ",\n".join(f'  "{key}": {json.dumps(field, allow_nan=False)}' for key, field in value.items() if key != "columns")
        texts.append(f' {{\n{fields},\n  "columns": {{\n{columns}\n  }}\n }}')
    text = lines + "[\n" + ",\n".join(texts) + "\n]}\n"
    json.loads(text)
    path.write_text(text, encoding="utf-8")


def write_parameter_counts(path: Path) -> None:
    """Full-size networks, counted from their shapes, every tensor of a unit kind by name and shape."""
    counts = []
    for depth in (110, 164, 1001, 1202):
        for unit in UNIT_KINDS if depth in (110, 164) else ("full-preact",):
            configuration = cifar_configuration(depth, unit=unit)
            counts.append({
                "depth": depth, "block": configuration.block, "unit": unit, "shortcut": "identity", "classes": 10,
                "units": configuration.unit_count, "parameters": parameter_count(configuration),
            })
    for shortcut in ("conv1x1", "gate-exclusive:-6", "none"):
        for depth in (110, 164):
            configuration = cifar_configuration(depth, shortcut=shortcut)
            counts.append({
                "depth": depth, "block": configuration.block, "unit": "full-preact", "shortcut": shortcut,
                "classes": 10, "units": configuration.unit_count, "parameters": parameter_count(configuration),
            })
    rows = ",\n".join("  " + json.dumps(count) for count in counts)
    names = []
    for unit in UNIT_KINDS:
        for block, shortcut in (("basic", "identity"), ("bottleneck", "gate-exclusive:-6")):
            configuration = Configuration(unit=unit, block=block, shortcut=shortcut, **CONVOLUTIONAL)
            shapes = {n: list(s.shape) for n, s in parameter_specifications(configuration).items()}
            names.append(f'  {{"unit": "{unit}", "block": "{block}", "shortcut": "{shortcut}", '
                         f'"tensors": {json.dumps(shapes)}}}')
    text = f'{{\n "schema_version": 1,\n "networks": [\n{rows}\n ],\n "tensor_names": [\n' + ",\n".join(names) + "\n ]\n}\n"
    json.loads(text)
    path.write_text(text, encoding="utf-8")


def main() -> None:
    torch.set_num_threads(1)
    directory = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_DIRECTORY
    directory.mkdir(parents=True, exist_ok=True)
    for unit in UNIT_KINDS:
        cases = [case(configuration) for configuration in configurations(unit)]
        path = directory / f"pytorch-{unit}.json"
        write_cases(path, cases)
        print(f"{path.name}: {len(cases)} cases, {path.stat().st_size} bytes")
    write_parameter_counts(directory / "parameter-counts.json")


if __name__ == "__main__":
    main()
