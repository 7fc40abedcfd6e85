"""Recompute every per-unit number of a `propagate` run from its exported weights and batch, in PyTorch float64.

    propagate --depth 110 --shortcut scale0.5 --export DIR --report DIR2
    python verify_export.py DIR --report DIR2

DIR holds weights.safetensors and batch.safetensors, DIR2 (default: DIR) report.json. Gradients come from autograd,
unit by unit, with cotangents rescaled by powers of two. Exit status: 0 all within tolerance, 1 not, 2 not readable.
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
from signal_propagation import Measurement, measure_scaled

TOLERANCES = {torch.float64: 1e-9, torch.float32: 5e-2}
"""Relative. Float gradients of deep ReLU networks differ from float64 by up to 1e-2: ReLU masks flip."""

LOGARITHMS = (
    "gradient_log10", "direct_log10", "through_weights_log10", "stage_direct_log10", "stage_through_weights_log10",
)
RELATIVE = ("forward_rms", "channel_mean_square", "channel_variance")
ABSOLUTE = ("cosine", "shortcut_product_log10", "negative_share")
EXACT = ("unit", "stage", "channels")
OPTIONAL = ("channel_mean_square", "channel_variance", "negative_share")
"""Columns a report may lack."""
RESOLUTION = 1e-12
"""w = g - d is known to about this share of the larger of the two; a smaller ||w|| is not compared."""


@dataclass
class Difference:
    """The worst difference of one column, and where."""

    column: str
    compared: int = 0
    skipped: int = 0
    worst: float = 0.0
    row: int | None = None
    values: tuple[float | None, float | None] = (None, None)

    def add(self, row: int, error: float, reported: float | None, computed: float | None) -> None:
        self.compared += 1
        if not error <= self.worst:
            self.worst, self.row, self.values = error, row, (reported, computed)


def read_export(directory: Path) -> tuple[dict[str, Tensor], Tensor, Tensor, torch.dtype]:
    """All named tensors (masks too) in float64, input, labels, and the precision of the run."""
    weights = load_file(directory / "weights.safetensors")
    batch = load_file(directory / "batch.safetensors")
    image, labels = batch.pop("input"), batch.pop("labels")
    dtype = weights["stem.conv.weight"].dtype
    tensors = {name: tensor.to(torch.float64) for name, tensor in (weights | batch).items()}
    return tensors, image.to(torch.float64), labels.to(torch.int64), dtype


def read_report(directory: Path) -> dict:
    """report.json; its manifest may also stand beside it."""
    report = json.loads((directory / "report.json").read_text(encoding="utf-8"))
    if "manifest" not in report:
        report["manifest"] = json.loads((directory / "manifest.json").read_text(encoding="utf-8"))
    return report


def configuration_of(report: dict, tensors: dict[str, Tensor], image: Tensor) -> Configuration:
    """What the report says was built, sizes read from the tensors."""
    words = report["manifest"]["configuration"]
    network = report["network"]
    architecture = words.get("architecture") or network["architecture"]
    unit_count = 1 + max(int(name.split(".")[1]) for name in tensors if name.startswith("units."))
    layers = sum(f"units.0.branch.conv{k}.weight" in tensors for k in (1, 2, 3))
    block = next(name for name, count in LAYERS_PER_UNIT.items() if count == layers)
    configuration = Configuration(
        architecture=architecture,
        block=block,
        units_per_stage=unit_count // (3 if architecture == "cifar" else 1),
        base_channels=tensors["stem.conv.weight"].shape[0],
        classes=tensors["head.fc.weight"].shape[0],
        input_shape=tuple(image.shape),
        unit=words["unit"],
        shortcut=words["shortcut"],
        mode=words.get("mode", "training"),
    )
    check_shapes(configuration, tensors)
    for key, expected in (("units", unit_count), ("depth", configuration.depth), ("parameters", parameter_count(configuration))):
        if network[key] != expected:
            raise ValueError(f"report says {key} = {network[key]}, the tensors give {expected}")
    return configuration


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


def recompute(configuration: Configuration, tensors: dict[str, Tensor], image: Tensor, labels: Tensor) -> Measurement:
    """The measurement, with exported running statistics in inference mode (and those compared with our own)."""
    network = Network(configuration, tensors)
    if configuration.mode == "inference":
        calibrated = Network(configuration, tensors)
        calibrated.calibrate(image)
        print(f"running statistics: worst relative difference {running_statistics_error(tensors, calibrated):.2e}")
        if "stem.bn.running_mean" not in tensors:
            network = calibrated
    return measure_scaled(network, image, labels)


def running_statistics_error(tensors: dict[str, Tensor], calibrated: Network) -> float:
    worst = 0.0
    for name, own in calibrated.tensors.items():
        if name.endswith((".running_mean", ".running_var")) and name in tensors:
            worst = max(worst, float((tensors[name] - own).abs().max() / own.abs().max()))
    return worst


def compare(report: dict, measurement: Measurement) -> list[Difference]:
    rows = report["units"]
    columns = measurement.columns
    if len(rows) != len(columns["unit"]):
        raise ValueError(f"the report has {len(rows)} rows, the network {len(columns['unit'])}")
    overflowed = report.get("first_non_finite_unit") is not None
    differences = [compare_loss(report, measurement, overflowed)]
    for column in (*EXACT, *LOGARITHMS, *RELATIVE, *ABSOLUTE):
        if column in OPTIONAL and column not in rows[0]:
            continue
        difference = Difference(column)
        for l, (row, computed) in enumerate(zip(rows, columns[column], strict=True)):
            reported = row.get(column)
            if (reported is None and overflowed) or below_resolution(column, columns, l):
                difference.skipped += 1
            else:
                difference.add(l, error_of(column, reported, computed), reported, computed)
        differences.append(difference)
    return differences


def compare_loss(report: dict, measurement: Measurement, overflowed: bool) -> Difference:
    difference = Difference("loss")
    if report["loss"] is None and overflowed:
        difference.skipped += 1
    else:
        difference.add(0, error_of("forward_rms", report["loss"], measurement.loss), report["loss"], measurement.loss)
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
    """Relative for norms and moments, absolute for cosines; infinite where one side is null."""
    if reported is None or computed is None:
        return 0.0 if reported is computed else math.inf
    if column in LOGARITHMS:
        decades = reported - computed
        return abs(math.expm1(decades * math.log(10))) if abs(decades) < 300 else math.inf
    if column in RELATIVE:
        scale = max(abs(reported), abs(computed))
        return abs(reported - computed) / scale if scale else 0.0
    return abs(reported - computed)


def print_table(differences: list[Difference], tolerance: float) -> bool:
    print(f"{'column':30}{'compared':>9}{'skipped':>8}{'worst':>10}{'row':>6}   reported / recomputed")
    for d in differences:
        values = "" if d.row is None else f"{d.values[0]} / {d.values[1]}"
        mark = "" if d.worst <= tolerance else "   <-- beyond tolerance"
        print(f"{d.column:30}{d.compared:9}{d.skipped:8}{d.worst:10.1e}{'' if d.row is None else d.row:>6}   {values}{mark}")
    return all(d.worst <= tolerance for d in differences)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("directory", type=Path, help="what --export wrote")
    parser.add_argument("--report", type=Path, help="what --report wrote (default: the export's directory)")
    parser.add_argument("--tolerance", type=float, help="relative; default 1e-9 for a double run, 5e-2 for a single one")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    try:
        report = read_report(options.report or options.directory)
        tensors, image, labels, dtype = read_export(options.directory)
        configuration = configuration_of(report, tensors, image)
        print(configuration)
        differences = compare(report, recompute(configuration, tensors, image, labels))
    except (OSError, ValueError, KeyError) as error:
        print(f"verify_export: {type(error).__name__}: {error}", file=sys.stderr)
        return 2
    tolerance = options.tolerance if options.tolerance is not None else TOLERANCES[dtype]
    holds = print_table(differences, tolerance)
    print(f"{'all within' if holds else 'NOT within'} {tolerance:g}")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
