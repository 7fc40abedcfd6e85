"""Recompute every per-unit number of a `propagate` run from its exported weights and batch, in PyTorch float64.

    propagate --depth 110 --shortcut scale0.5 --export DIR --report DIR2
    python verify_export.py DIR --report DIR2

DIR holds weights.safetensors and batch.safetensors (model.onnx beside them is not read), DIR2 (default: DIR)
report.json. Gradients come from autograd, unit by unit, with cotangents rescaled by powers of two. Exit status: 0 all
within tolerance, 1 not, 2 not readable.

Two correct implementations differ by rounding, and rounding travels with the tangents of the forward pass. The report
says how many digits that leaves (`digits_left`), and from which unit on there is less than one (`horizon`). Forward
values from there on are not compared, nor is any gradient: it depends on the whole forward pass. What stays exact, where
h is a scaling and f the identity, is the direct term within a stage relative to the gradient at the stage's end; of the
total the growth over the whole network is compared. Below the horizon the recomputation is repeated with rounding-sized noise on weights and input, and a row is
held against the larger of the tolerance and ten times the spread that the noise causes near that row. The table says
how many rows the spread alone decides.

Where DIR holds states.safetensors (`states.0` … `states.L`, the run's own x_l), each x_{l+1} is compared with
f(h(x_l) + F(x_l)) computed here, and the gradients are linearised at these x_l. Nothing is amplified then, and the
full tolerance holds at any depth.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor

from residual_network import (
    LAYERS_PER_UNIT,
    Configuration,
    Network,
    parameter_count,
    parameter_specifications,
)
from signal_propagation import Measurement, measure_at_states, measure_scaled, perturb

TOLERANCES = {torch.float64: 1e-9, torch.float32: 2e-3}
"""Relative, before the spread by noise. In Float a few ReLU masks flip even in shallow networks."""
NOISE = {torch.float64: 2.0**-52, torch.float32: 2.0**-23}
"""Relative size of the noise that stands for rounding: one unit in the last place."""
SPREAD_FACTOR = 10
SPREAD_WINDOW = 5
"""The spread of row l is the largest among the rows l - 5 … l + 5: one run of noise may be small by chance."""

LOGARITHMS = (
    "gradient_log10", "direct_log10", "through_weights_log10", "stage_direct_log10", "stage_through_weights_log10",
)
RELATIVE = ("loss", "forward_rms", "channel_mean_square", "channel_variance")
ABSOLUTE = ("cosine", "shortcut_product_log10", "negative_share")
EXACT = ("unit", "stage", "channels")
FORWARD = ("forward_rms", "channel_mean_square", "channel_variance", "negative_share")
"""Columns that can be compared up to the horizon; gradients beside a horizon cannot."""
LINEAR_UNITS = ("full-preact", "relu-only-preact", "relu-before-addition")
"""Units whose f is the identity."""
EXACT_TERM = "stage direct - g at its end"
GROWTH = "growth of g"
GROWTH_TOLERANCE = 0.02
"""Relative. Two samples of one chaotic ensemble differ by decades in a row, and by a percent in the growth over all."""
OPTIONAL = ("channel_mean_square", "channel_variance", "negative_share")
"""Columns a report may lack."""
RESOLUTION = 1e-12
"""w = g - d is known to about this share of the larger of the two; a smaller ||w|| is not compared."""


@dataclass
class Difference:
    """The differences of one column: the worst, the worst relative to what is allowed in its row, and where."""

    column: str
    compared: int = 0
    skipped: int = 0
    widened: int = 0
    """Rows whose allowance is the spread, not the tolerance."""
    worst: float = 0.0
    excess: float = 0.0
    row: int | None = None
    values: tuple[float | None, float | None] = (None, None)

    def add(self, row: int, reported: float | None, computed: float | None, tolerance: float, spread: float) -> None:
        error = error_of(self.column, reported, computed)
        self.compared += 1
        self.widened += SPREAD_FACTOR * spread > tolerance
        self.worst = max(self.worst, error)
        excess = error / max(tolerance, SPREAD_FACTOR * spread, sys.float_info.min)
        if excess > self.excess:
            self.excess, self.row, self.values = excess, row, (reported, computed)


def read_export(directory: Path) -> tuple[dict[str, Tensor], Tensor, Tensor, torch.dtype]:
    """All named tensors (masks too) in float64, input, labels, and the precision of the run."""
    weights = load_file(directory / "weights.safetensors")
    batch = load_file(directory / "batch.safetensors")
    image, labels = batch.pop("images"), batch.pop("labels")
    dtype = weights["stem.conv.weight"].dtype
    tensors = {name: tensor.to(torch.float64) for name, tensor in (weights | batch).items()}
    return tensors, image.to(torch.float64), labels.to(torch.int64), dtype


def read_report(directory: Path) -> dict:
    """report.json; its manifest may also stand beside it."""
    report = json.loads((directory / "report.json").read_text(encoding="utf-8"))
    if "manifest" not in report:
        report["manifest"] = json.loads((directory / "manifest.json").read_text(encoding="utf-8"))
    return report


# Options that put formulas into a network, with what changes nothing. Formulas are held against PyTorch by
# make_formula_fixtures.py.
FORMULAS = {"activation": "relu", "after": None, "branch-scale": "1", "drop-path": "0"}


def configuration_of(report: dict, tensors: dict[str, Tensor], image: Tensor) -> Configuration:
    """What the report says was built, sizes read from the tensors."""
    words = report["manifest"]["configuration"]
    for option, usual in FORMULAS.items():
        if words.get(option, usual) != usual:
            raise ValueError(f"--{option} {words[option]} is a function that this check does not know: it has the paper's")
    network = report["network"]
    architecture = words.get("architecture") or network["architecture"]
    unit_count = 1 + max(int(name.split(".")[1]) for name in tensors if name.startswith("units."))
    layers = sum(f"units.0.branch.conv{k}.weight" in tensors for k in (1, 2, 3))
    block = next(name for name, count in LAYERS_PER_UNIT.items() if count == layers)
    configuration = Configuration(
        architecture=architecture,
        block=block,
        units_per_stage=units_of_stages(architecture, unit_count, tensors),
        base_channels=tensors["stem.conv.weight"].shape[0],
        classes=tensors["head.fc.weight"].shape[0],
        input_shape=tuple(image.shape),
        unit=words["unit"],
        shortcut=words["shortcut"],
        size_change=words.get("size-change"),
        projection_bn=words.get("projection-bn", "unless-preact"),
        stride=words.get("stride", "first"),
        mode=words.get("mode", "training"),
    )
    check_shapes(configuration, tensors)
    for key, expected in (("units", unit_count), ("depth", configuration.depth), ("parameters", parameter_count(configuration))):
        if network[key] != expected:
            raise ValueError(f"report says {key} = {network[key]}, the tensors give {expected}")
    return configuration


def units_of_stages(architecture: str, unit_count: int, tensors: dict[str, Tensor]) -> int | tuple[int, ...]:
    """Stages of ImageNet networks differ in their number of units, and in the width of a branch's first layer."""
    if architecture != "imagenet":
        return unit_count // (3 if architecture == "cifar" else 1)
    widths = [tensors[f"units.{l}.branch.conv1.weight"].shape[0] for l in range(unit_count)]
    return tuple(widths.count(width) for width in sorted(set(widths)))


def check_shapes(configuration: Configuration, tensors: dict[str, Tensor]) -> None:
    """Names and shapes must be exactly those of theory; running statistics and masks apart."""
    expected = {name: s.shape for name, s in parameter_specifications(configuration).items()}
    found = {
        name: tuple(t.shape) for name, t in tensors.items()
        if not name.endswith((".running_mean", ".running_var", ".dropout.mask"))
    }
    problems = [f"missing {n}" for n in expected if n not in found]
    problems += [f"unexpected {n}" for n in found if n not in expected]
    problems += [f"{n}: {found[n]}, expected {s}" for n, s in expected.items() if n in found and found[n] != s]
    if problems:
        raise ValueError("; ".join(problems[:5]) + (f" and {len(problems) - 5} more" if len(problems) > 5 else ""))


def recompute(
    configuration: Configuration, tensors: dict[str, Tensor], image: Tensor, labels: Tensor, states: list[Tensor] | None
) -> Measurement:
    """The measurement: with exported running statistics in inference mode, and at exported states, if there are any."""
    network = Network(configuration, tensors)
    if configuration.mode == "inference" and "stem.bn.running_mean" not in tensors:
        network.calibrate(image)
    if states is None:
        return measure_scaled(network, image, labels)
    measurement = measure_at_states(network, states, labels)
    measurement.columns["step_error"] = step_errors(network, image, states)
    return measurement


@torch.no_grad()
def step_errors(network: Network, image: Tensor, states: list[Tensor]) -> list[float]:
    """||x_{l+1} - f(h(x_l) + F(x_l))|| / ||x_{l+1}||; entry 0 is the stem's."""
    own = [network.stem(image)] + [unit(x) for unit, x in zip(network.units, states, strict=False)]
    norm = torch.linalg.vector_norm
    return [float(norm(x - y) / norm(y)) if y.any() else float(norm(x)) for x, y in zip(states, own, strict=True)]


def read_states(directory: Path, count: int) -> list[Tensor] | None:
    path = directory / "states.safetensors"
    if not path.exists():
        return None
    tensors = load_file(path)
    return [tensors[f"states.{l}"].to(torch.float64) for l in range(count)]


def recompute_with_noise(
    configuration: Configuration, tensors: dict[str, Tensor], image: Tensor, labels: Tensor,
    states: list[Tensor] | None, noise: float, seed: int,
) -> Measurement:
    shaken = perturb(tensors | {"input": image}, noise, seed)
    if states is not None:
        states = list(perturb({str(l): x for l, x in enumerate(states)}, noise, seed + 1000).values())
    return recompute(configuration, shaken, shaken.pop("input"), labels, states)


def spreads(column: str, measurement: Measurement, noisy: list[Measurement]) -> list[float]:
    """Per row the largest change that noise makes in its neighbourhood; one between null and a number is none."""
    changes = [0.0] * len(measurement.columns[column])
    for other in noisy:
        for l, (a, b) in enumerate(zip(other.columns[column], measurement.columns[column], strict=True)):
            error = error_of(column, a, b)
            changes[l] = max(changes[l], error if math.isfinite(error) else 0.0)
    return [max(changes[max(0, l - SPREAD_WINDOW) : l + SPREAD_WINDOW + 1]) for l in range(len(changes))]


def report_running_statistics(configuration: Configuration, tensors: dict[str, Tensor], image: Tensor) -> None:
    calibrated = Network(configuration, tensors)
    calibrated.calibrate(image)
    print(f"running statistics: worst relative difference {running_statistics_error(tensors, calibrated):.2e}")


def running_statistics_error(tensors: dict[str, Tensor], calibrated: Network) -> float:
    worst = 0.0
    for name, own in calibrated.tensors.items():
        if name.endswith((".running_mean", ".running_var")) and name in tensors:
            worst = max(worst, float((tensors[name] - own).abs().max() / own.abs().max()))
    return worst


def is_beyond(column: str, l: int, horizon: int | None) -> bool:
    """Whether rounding decides the value; sizes and the product of the shortcuts are never rounded."""
    if horizon is None or column in EXACT or column == "shortcut_product_log10":
        return False
    return l >= horizon if column in FORWARD else True


def compare_beside_horizon(report: dict, measurement: Measurement, tolerance: float) -> list[Difference]:
    """What a chaotic forward pass leaves to compare: the direct term of scalings, and the growth of the gradient."""
    rows, columns = report["units"], measurement.columns
    found = []
    if rows[0]["shortcut_product_log10"] is not None and report["manifest"]["configuration"]["unit"] in LINEAR_UNITS:
        direct = Difference(EXACT_TERM)
        end = {row["stage"]: l for l, row in enumerate(rows)}
        for l, row in enumerate(rows):
            e = end[row["stage"]]
            reported = row["stage_direct_log10"] - rows[e]["gradient_log10"]
            computed = columns["stage_direct_log10"][l] - columns["gradient_log10"][e]
            direct.add(l, reported, computed, tolerance, 0.0)
        found.append(direct)
    growth = Difference(GROWTH)
    reported = rows[0]["gradient_log10"] - rows[-1]["gradient_log10"]
    computed = columns["gradient_log10"][0] - columns["gradient_log10"][-1]
    growth.add(0, reported, computed, GROWTH_TOLERANCE, 0.0)
    return [*found, growth]


def compare(
    report: dict, measurement: Measurement, noisy: list[Measurement], tolerance: float, horizon: int | None = None
) -> list[Difference]:
    """
    horizon: the report's, where forward passes are compared; None where every unit was recomputed at the run's own x_l.
    """
    rows = report["units"]
    columns = measurement.columns
    if len(rows) != len(columns["unit"]):
        raise ValueError(f"the report has {len(rows)} rows, the network {len(columns['unit'])}")
    overflowed = report.get("first_non_finite_unit") is not None
    differences = [] if horizon is not None else [compare_loss(report, measurement, noisy, tolerance, overflowed)]
    for column in (*EXACT, *LOGARITHMS, *RELATIVE[1:], *ABSOLUTE):
        if column in OPTIONAL and column not in rows[0]:
            continue
        difference = Difference(column)
        spread = spreads(column, measurement, noisy)
        for l, (row, computed) in enumerate(zip(rows, columns[column], strict=True)):
            reported = row.get(column)
            beyond = is_beyond(column, l, horizon) or (reported is None and overflowed)
            if beyond or below_resolution(column, columns, l):
                difference.skipped += 1
            else:
                difference.add(l, reported, computed, tolerance, spread[l])
        differences.append(difference)
    if horizon is not None:
        differences += compare_beside_horizon(report, measurement, tolerance)
    if "step_error" in columns:
        differences.append(compare_steps(columns["step_error"], tolerance))
    return differences


def compare_steps(errors: list[float], tolerance: float) -> Difference:
    difference = Difference("step_error")
    for l, error in enumerate(errors):
        difference.add(l, error, 0.0, tolerance, 0.0)
    return difference


def compare_loss(
    report: dict, measurement: Measurement, noisy: list[Measurement], tolerance: float, overflowed: bool
) -> Difference:
    difference = Difference("loss")
    if report["loss"] is None and overflowed:
        difference.skipped += 1
    else:
        spread = max((error_of("loss", other.loss, measurement.loss) for other in noisy), default=0.0)
        difference.add(0, report["loss"], measurement.loss, tolerance, spread)
    return difference


def below_resolution(column: str, columns: dict[str, list[float | int | None]], l: int) -> bool:
    """w is the difference of two measured vectors: nothing is left of it where it is too small beside them."""
    if column not in ("through_weights_log10", "stage_through_weights_log10", "cosine"):
        return False
    stage = column.startswith("stage_")
    w = columns["stage_through_weights_log10" if stage else "through_weights_log10"][l]
    d = columns["stage_direct_log10" if stage else "direct_log10"][l]
    return w is not None and d is not None and w - d < math.log10(RESOLUTION)


def error_of(column: str, reported: float | None, computed: float | None) -> float:
    """Relative for norms (as a natural logarithm) and moments, absolute for cosines; infinite where one is null."""
    if reported is None or computed is None:
        return 0.0 if reported is computed else math.inf
    if column == GROWTH:
        return abs(reported - computed) / max(abs(reported), abs(computed), sys.float_info.min)
    if column in LOGARITHMS or column == EXACT_TERM:
        return abs(reported - computed) * math.log(10)
    if column in RELATIVE:
        scale = max(abs(reported), abs(computed))
        return abs(reported - computed) / scale if scale else 0.0
    return abs(reported - computed)


def print_table(differences: list[Difference]) -> bool:
    print(f"{'column':29}{'rows':>6}{'skipped':>8}{'widened':>8}{'worst':>9}{'of allowed':>11}{'at':>6}   reported / recomputed")
    for d in differences:
        where = "" if d.row is None else f"{d.row:>6}   {d.values[0]} / {d.values[1]}"
        mark = "" if d.excess <= 1 else "   <-- beyond"
        print(f"{d.column:29}{d.compared:6}{d.skipped:8}{d.widened:8}{d.worst:9.1e}{d.excess:11.1e}{where}{mark}")
    return all(d.excess <= 1 for d in differences)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("directory", type=Path, help="what --export wrote")
    parser.add_argument("--report", type=Path, help="what --report wrote (default: the export's directory)")
    parser.add_argument("--tolerance", type=float, help="relative; default 1e-9 for a double run, 2e-3 for a single one")
    parser.add_argument("--noise-runs", type=int, default=2, help="recomputations with noise; 0: the bare tolerance")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    try:
        report = read_report(options.report or options.directory)
        tensors, image, labels, dtype = read_export(options.directory)
        configuration = configuration_of(report, tensors, image)
        states = read_states(options.directory, configuration.unit_count + 1)
        print(configuration)
        if configuration.mode == "inference":
            report_running_statistics(configuration, tensors, image)
        tolerance = options.tolerance if options.tolerance is not None else TOLERANCES[dtype]
        arguments = (configuration, tensors, image, labels, states)
        measurement = recompute(*arguments)
        noisy = [recompute_with_noise(*arguments, NOISE[dtype], seed) for seed in range(options.noise_runs)]
        horizon = report["horizon"] if states is None else None
        differences = compare(report, measurement, noisy, tolerance, horizon)
    except (OSError, ValueError, KeyError) as error:
        print(f"verify_export: {type(error).__name__}: {error}", file=sys.stderr)
        return 2
    if horizon is not None:
        print(
            f"horizon: less than one digit of x_{horizon} is left, so neither forward values from there on nor any gradient "
            "can be compared; export with states to compare every unit"
        )
    holds = print_table(differences)
    print(f"{'all within' if holds else 'NOT within'} {tolerance:g}, or {SPREAD_FACTOR} times the spread by noise where that is larger")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
