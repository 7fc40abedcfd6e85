"""Hold what `propagate` says of the networks of a zoo against the architecture and against a second evaluation.

    python zoo.py FOLDER
    python compare_onnx.py FOLDER --program .build/release/propagate

For every network of FOLDER/manifest.json: `propagate inspect` has to find the number of units that the manifest
gives, or to refuse; then every rms, norm and cosine of `propagate MODEL --precision double` has to be that of
evaluate_onnx.py, which takes the units from the listing and computes the three terms by autograd. Numbers are allowed
to differ by 1e-9 (relative), or by what rounding leaves of them, where the report says that fewer digits are left;
networks with a horizon in double precision are counted as such and not compared.

Exit status: 0 all agree, 1 one does not, 2 nothing could be compared.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from batch_file import read_batch
from evaluate_onnx import Listing, measure
from onnx_graph import OnnxGraph
from onnx_operators import OnnxError

TOLERANCE = 1e-9
DIGITS = 15.95
"""−log10 of the unit roundoff."""
REFUSED, REFUSAL_STATUS = "refused", 2
ROWS, DIGITS_LEFT, HORIZON = "units", "digits_left", "horizon"
"""Keys of a report."""
LOGARITHMS = (
    "gradient_log10", "direct_log10", "through_weights_log10", "stage_direct_log10", "stage_through_weights_log10")
RELATIVE, ABSOLUTE = ("forward_rms",), ("cosine",)


@dataclass
class Comparison:
    name: str
    units: int | str
    found: int | str = "–"
    rows: int = 0
    worst: float = 0.0
    allowed: float = TOLERANCE
    where: str = ""
    problem: str = ""
    seconds: float = 0.0

    @property
    def agrees(self) -> bool:
        return not self.problem and self.worst <= self.allowed

    def add(self, column: str, row: int, reported: float | None, computed: float | None) -> None:
        error = error_of(column, reported, computed)
        if error > self.worst or math.isnan(error):
            self.worst, self.where = error, f"{column} of x_{row}: {reported} / {computed}"


def error_of(column: str, reported: float | None, computed: float | None) -> float:
    """Relative for norms and moments, absolute for cosines; infinite where one alone is null."""
    if reported is None or computed is None:
        return 0.0 if reported is computed else math.inf
    if column in LOGARITHMS:
        return abs(reported - computed) * math.log(10)
    scale = max(abs(reported), abs(computed)) if column in RELATIVE else 1.0
    return abs(reported - computed) / scale if scale else 0.0


class Program:
    def __init__(self, path: Path, timeout: float) -> None:
        self.path, self.timeout = path, timeout

    def run(self, *words: str | Path) -> tuple[int, str, str]:
        done = subprocess.run(
            [self.path, *map(str, words)], capture_output=True, text=True, timeout=self.timeout, check=False)
        return done.returncode, done.stdout, done.stderr.strip()

    def json(self, *words: str | Path) -> dict[str, Any]:
        status, told, error = self.run(*words, "--json", "-")
        if status:
            raise RuntimeError(f"exit {status}: {(error or told).splitlines()[-1] if error or told else 'silent'}")
        return json.loads(told)


def compare(line: dict[str, Any], folder: Path, program: Program) -> Comparison:
    found = Comparison(line["name"], line["units"])
    started = time.monotonic()
    try:
        if line["units"] == REFUSED:
            compare_refusal(found, line, folder, program)
        else:
            compare_numbers(found, line, folder, program)
    except (OnnxError, OSError, RuntimeError, ValueError, KeyError, subprocess.TimeoutExpired) as error:
        found.problem = f"{type(error).__name__}: {error}"
    found.seconds = time.monotonic() - started
    return found


def compare_refusal(found: Comparison, line: dict[str, Any], folder: Path, program: Program) -> None:
    model, batch = folder / line["file"], folder / line["batch"]
    status, _, error = program.run(model, "--batch-file", batch, *line["options"])
    if status == REFUSAL_STATUS:
        found.found = REFUSED
    else:
        found.problem = f"exit {status} where {REFUSAL_STATUS} was expected: {error.splitlines()[:1]}"


def compare_numbers(found: Comparison, line: dict[str, Any], folder: Path, program: Program) -> None:
    model, batch = folder / line["file"], folder / line["batch"]
    loss = [] if line["loss"] == "cross-entropy" else ["--loss", line["loss"]]
    document = program.json("inspect", model, "--batch-file", batch, *line["options"], *loss)
    listing = Listing.of({"loss": line["loss"]} | document)
    found.found = len(listing.merges)
    if found.found != line["units"]:
        found.problem = "another number of units"
        return
    report = program.json(model, "--batch-file", batch, "--precision", "double", *line["options"], *loss)
    rows = report[ROWS]
    if report.get(HORIZON) is not None:
        found.where = f"not compared: horizon at x_{report[HORIZON]}"
        return
    left = [row[DIGITS_LEFT] for row in rows if row.get(DIGITS_LEFT) is not None]
    found.allowed = max(TOLERANCE, 10 ** (1 - min(left, default=DIGITS)))
    computed = measure(OnnxGraph.read(model), read_batch(batch), listing)
    compare_rows(found, rows, computed["rows"])
    found.add("loss", 0, report["loss"], computed["loss"])


def compare_rows(found: Comparison, reported: Sequence[dict[str, Any]], computed: Sequence[dict[str, Any]]) -> None:
    found.rows = len(reported)
    if len(reported) != len(computed):
        found.problem = f"{len(reported)} rows where the listing has {len(computed)}"
        return
    for l, (own, other) in enumerate(zip(reported, computed, strict=True)):
        for column in (*LOGARITHMS, *RELATIVE, *ABSOLUTE):
            if column in own:
                found.add(column, l, own[column], other[column])


def print_line(found: Comparison) -> None:
    mark = "" if found.agrees else f"   <-- {found.problem or found.where}"
    note = found.where if found.agrees and found.where.startswith("not compared") else ""
    print(f"{found.name:24}{found.units:>8}{found.found:>8}{found.rows:6}{found.worst:10.1e}{found.allowed:9.0e}"
          f"{found.seconds:8.1f}{mark}{note and '   ' + note}", flush=True)


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="what zoo.py wrote")
    parser.add_argument("--program", type=Path, default=Path(".build/release/propagate"))
    parser.add_argument("--only", nargs="+", metavar="NAME")
    parser.add_argument("--timeout", type=float, default=1800, help="seconds for one run of the program")
    options = parser.parse_args(words)
    try:
        lines = json.loads((options.folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        print(f"compare_onnx: {error}", file=sys.stderr)
        return 2
    lines = [line for line in lines if not options.only or line["name"] in options.only]
    if not lines or not options.program.exists():
        print(f"compare_onnx: {'no network of these names' if not lines else f'no program at {options.program}'}",
              file=sys.stderr)
        return 2
    program = Program(options.program, options.timeout)
    print(f"{'name':24}{'units':>8}{'found':>8}{'rows':>6}{'worst':>10}{'allowed':>9}{'s':>8}")
    found = []
    for line in lines:
        found.append(compare(line, options.folder, program))
        print_line(found[-1])
    print(f"{sum(c.agrees for c in found)} of {len(found)} agree")
    return 0 if all(c.agrees for c in found) else 1


if __name__ == "__main__":
    sys.exit(main())
