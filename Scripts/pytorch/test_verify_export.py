"""Does `verify_export.py` accept a true report and refuse a false one? Needs no Swift:  python test_verify_export.py

Exports are written here from this directory's own measurement, then damaged in one place each.
"""

from __future__ import annotations

import copy
import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path

import torch
from safetensors.torch import save_file

from residual_network import Configuration, Network, initialise, parameter_count
from signal_propagation import measure_scaled, perturb

SMALL = {"base_channels": 4, "classes": 5, "input_shape": (3, 3, 8, 8)}


def write_export(
    directory: Path, configuration: Configuration, dtype: torch.dtype = torch.float64, states: bool = False
) -> dict:
    """weights.safetensors, batch.safetensors and report.json, keys and names as `propagate` writes them."""
    generator = torch.Generator().manual_seed(1)
    tensors = {name: t.to(dtype) for name, t in initialise(configuration, generator).items()}
    image = torch.randn(configuration.input_shape, generator=generator, dtype=torch.float64).to(dtype)
    labels = torch.randint(configuration.classes, configuration.input_shape[:1], generator=generator)
    network = Network(configuration, tensors)
    network.calibrate(image)
    measurement = measure_scaled(network, image, labels)
    masks = {n: t for n, t in network.tensors.items() if n.endswith("mask")}
    save_file({n: t.contiguous() for n, t in network.tensors.items() if n not in masks}, directory / "weights.safetensors")
    save_file({"images": image, "labels": labels} | masks, directory / "batch.safetensors")
    if states:
        xs = {f"states.{l}": x.contiguous() for l, x in enumerate(network.states(image))}
        save_file(xs, directory / "states.safetensors")
    columns = measurement.columns
    words = {
        "architecture": configuration.architecture, "depth": str(configuration.depth), "block": configuration.block,
        "unit": configuration.unit, "shortcut": configuration.shortcut, "mode": configuration.mode,
        "stride": configuration.stride, "projection-bn": configuration.projection_bn,
    }
    if configuration.size_change:
        words["size-change"] = configuration.size_change
    report = {
        "manifest": {"configuration": words},
        "network": {"architecture": configuration.architecture, "depth": configuration.depth,
                    "units": configuration.unit_count, "parameters": parameter_count(configuration)},
        "loss": measurement.loss,
        "horizon": horizon(configuration, tensors, image, torch.finfo(dtype).eps / 2),
        "units": [{key: values[l] for key, values in columns.items()} for l in range(configuration.unit_count + 1)],
    }
    write_report(directory, report)
    return report


def horizon(configuration: Configuration, tensors: dict, image: torch.Tensor, roundoff: float) -> int | None:
    """The first l at which an input moved by the unit roundoff has moved x_l by a tenth."""
    def states(image: torch.Tensor) -> list[torch.Tensor]:
        network = Network(configuration, {name: t.to(torch.float64) for name, t in tensors.items()})
        network.calibrate(image)
        return network.states(image)

    image = image.to(torch.float64)
    norm = torch.linalg.vector_norm
    pairs = zip(states(image), states(perturb({"input": image}, roundoff, 0)["input"]), strict=True)
    return next((l for l, (x, y) in enumerate(pairs) if norm(x - y) > 0.1 * norm(x)), None)


def write_report(directory: Path, report: dict) -> None:
    (directory / "report.json").write_text(json.dumps(report), encoding="utf-8")


def exit_status(directory: Path, *options: str) -> int:
    script = Path(__file__).with_name("verify_export.py")
    return subprocess.run([sys.executable, script, directory, *options], capture_output=True, check=False).returncode


def expect(what: str, found: int, wanted: int) -> None:
    print(f"{'ok  ' if found == wanted else 'FAIL'} {what}: exit {found}")
    if found != wanted:
        raise SystemExit(1)


def main() -> None:
    accepted = [
        Configuration(shortcut="scale0.5", **SMALL),
        Configuration(shortcut="scale1e-60", units_per_stage=4, **SMALL | {"classes": 7}),
        Configuration(shortcut="gate-exclusive:-6", unit="original", block="bottleneck", **SMALL),
        Configuration(shortcut="none", unit="bn-after-addition", **SMALL),
        Configuration(block="bottleneck", stride="spatial", projection_bn="always", **SMALL),
        Configuration(unit="original", size_change="projection", projection_bn="never", **SMALL),
        Configuration(unit="relu-only-preact", size_change="activated-subsampling", **SMALL),
        Configuration(shortcut="dropout0.5", mode="inference", block="single", **SMALL),
        Configuration(shortcut="dropout0.5", unit="relu-only-preact", **SMALL),
        Configuration(architecture="imagenet", units_per_stage=(1, 3, 2, 1), **SMALL | {"input_shape": (3, 3, 33, 35)}),
        Configuration(architecture="dense", units_per_stage=500, shortcut="scale0.1", **SMALL | {"base_channels": 8}),
    ]
    for configuration in accepted:
        with tempfile.TemporaryDirectory() as name:
            write_export(Path(name), configuration)
            expect(f"{configuration.shortcut} {configuration.unit} {configuration.mode}", exit_status(Path(name)), 0)
    chaotic = Configuration(shortcut="scale0.5", units_per_stage=30, block="bottleneck", **SMALL)
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        report = write_export(directory, chaotic, torch.float32, states=True)
        expect("chaotic, single precision, at the run's own states", exit_status(directory), 0)
        (directory / "states.safetensors").unlink()
        expect("the same without them, up to the horizon", exit_status(directory), 0)
        later = report | {"horizon": None}
        write_report(directory, later)
        expect("the same, no horizon told, bare tolerance", exit_status(directory, "--noise-runs", "0"), 1)
        report["units"][1]["stage_direct_log10"] += math.log10(2)
        write_report(directory, report)
        expect("one unit's lambda forgotten", exit_status(directory), 1)
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        write_export(directory, accepted[0], torch.float32)
        expect("single precision, its own tolerance", exit_status(directory), 0)
        expect("single precision, bare tolerance", exit_status(directory, "--tolerance", "1e-12", "--noise-runs", "0"), 1)
        true_report = write_export(directory, accepted[0])
        for row, key in ((2, "direct_log10"), (0, "gradient_log10"), (3, "stage_through_weights_log10"), (1, "forward_rms")):
            report = copy.deepcopy(true_report)
            report["units"][row][key] += math.log10(1 + 1e-8)
            write_report(directory, report)
            expect(f"{key} of row {row} wrong by 1e-8", exit_status(directory), 1)
        report = copy.deepcopy(true_report)
        report["units"][4]["direct_log10"] = None
        write_report(directory, report)
        expect("null for a norm that is not 0", exit_status(directory), 1)
        report = copy.deepcopy(true_report)
        report["network"]["parameters"] += 1
        write_report(directory, report)
        expect("wrong parameter count", exit_status(directory), 2)


if __name__ == "__main__":
    main()
