"""Compare the scalars that TensorBoard reads from a run's folder with those of CSV files.

    python check_events.py FOLDER CSV [CSV ...]

README.md says which column is which tag. Exit status: 0 all equal, 1 not, 2 not readable.
"""

from __future__ import annotations

import argparse
import csv
import math
import sys
from pathlib import Path

import numpy
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

TAGS = {
    "loss": "train/loss",
    "error": "train/error",
    "learning_rate": "train/learning_rate",
    "test_loss": "test/loss",
    "test_error": "test/error",
    "test_top5_error": "test/top5_error",
}
AT_X0 = {
    "gradient_log10": "propagation/log10_gradient_x0",
    "direct_log10": "propagation/log10_direct_x0",
    "through_weights_log10": "propagation/log10_through_weights_x0",
}
"""Of a table with a column of units, whose first alone has scalars."""
STEPS = ("iteration", "step")

Scalars = dict[str, dict[int, float]]
"""By tag and step."""


class Unreadable(Exception):
    pass


def read_events(folder: Path) -> Scalars:
    """What TensorBoard shows: after a restart, the points of earlier files from its step on are gone."""
    if not list(folder.glob("*tfevents*")):
        raise Unreadable(f"{folder} holds no event file.")
    accumulator = EventAccumulator(str(folder), size_guidance={"scalars": 0})
    accumulator.Reload()
    scalars: Scalars = {}
    for tag in accumulator.Tags()["scalars"]:
        events = accumulator.Scalars(tag)
        scalars[tag] = {event.step: event.value for event in events}
        if len(scalars[tag]) != len(events):
            raise Unreadable(f"{folder} has a step of {tag} twice.")
    return scalars


def read_table(path: Path) -> Scalars:
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror}.") from None
    scalars: Scalars = {}
    for row in rows:
        step = next((row[name] for name in STEPS if row.get(name)), None)
        if step is None:
            raise Unreadable(f"{path} has no column {' or '.join(STEPS)}.")
        if "unit" in row:
            cells = {AT_X0[column]: row[column] for column in AT_X0 if row["unit"] == "0" and column in row}
        else:
            cells = {TAGS.get(column, column): cell for column, cell in row.items() if column not in STEPS}
        for tag, cell in cells.items():
            if cell:
                scalars.setdefault(tag, {})[int(step)] = float(cell)
    return scalars


def differences(found: Scalars, expected: Scalars) -> list[str]:
    lines = []
    for tag in sorted(found.keys() | expected.keys()):
        ours, theirs = expected.get(tag, {}), found.get(tag, {})
        for step in sorted(ours.keys() | theirs.keys()):
            want, have = ours.get(step), theirs.get(step)
            if want is None and not math.isfinite(have):
                continue  # A cell of what is not finite is empty.
            if want is None:
                lines.append(f"{tag} at {step}: {have} is not in the table")
            elif have is None:
                lines.append(f"{tag} at {step}: {want} is not in the event files")
            elif float(numpy.float32(want)) != have:
                lines.append(f"{tag} at {step}: {have} instead of {want}")
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("csv", type=Path, nargs="+")
    arguments = parser.parse_args()
    try:
        found, expected = read_events(arguments.folder), {}
        for path in arguments.csv:
            expected |= read_table(path)
    except Unreadable as error:
        print(error, file=sys.stderr)
        return 2
    lines = differences(found, expected)
    for line in lines[:20]:
        print(line)
    if len(lines) > 20:
        print(f"and {len(lines) - 20} more")
    count = sum(len(points) for points in found.values())
    if count == 0 and not lines:
        print("Neither holds a scalar: nothing was compared.")
        return 1
    print(f"{count} scalars of {len(found)} tags: " + (f"{len(lines)} differ" if lines else "all equal"))
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
