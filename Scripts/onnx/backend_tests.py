"""Prepare node tests of ONNX for the suite: the ONNX project's own, and some for older opsets.

    python3 Scripts/onnx/backend_tests.py FOLDER
    PROPAGATE_ONNX_NODE_TESTS=FOLDER Scripts/test --filter NodeTests

Installs onnx 1.18.0 into FOLDER/venv unless it is there, and writes

    FOLDER/node/NAME       the project's 1,450 tests: model.onnx, test_data_set_0/input_0.pb, …, output_0.pb, …
    FOLDER/opsets/NAME     tests of opset_cases.py, in the same layout
    FOLDER/manifest.json   {"tests": [{"folder", "operators", "opset", "expected", "reason"}],
                            "changes": {OPERATOR: [OPSET]}, "read": [OPERATOR]}

`expected` is `run`: the outputs have to be those of the test; `refuse`: the model is refused, or its outputs are others,
for the `reason` that refusals.txt gives, or `operator` where an operator is in no list of operators.py, which are
`read`. `changes` are the opsets, from 9 to 23, from which on each operator that carries a signal has another definition.
The folder's path is the last line that is printed, behind a table of the tests for older opsets.
"""

from __future__ import annotations

import argparse
import fnmatch
import json
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

VERSION = "1.18.0"
HERE = Path(__file__).resolve().parent
RUN, REFUSE = "run", "refuse"
QUALIFIED = ("outputs", "digits")
"""Reasons of tests that are run: the first output alone has to be right, or it has only a few digits."""
CONTROL_FLOW = {"If", "Loop", "Scan", "SequenceMap"}


def in_environment(folder: Path) -> int | None:
    """Run this again where onnx 1.18.0 is; None where that is here."""
    if has_onnx(Path(sys.executable)):
        return None
    environment = folder / "venv"
    python = environment / "bin" / "python"
    if not has_onnx(python):
        print(f"About to install onnx {VERSION} into {environment}", file=sys.stderr)
        try:
            subprocess.run([sys.executable, "-m", "venv", environment], check=True)
            subprocess.run(
                [python, "-m", "pip", "install", "--quiet", "-r", HERE / "requirements.txt"], check=True)
        except (OSError, subprocess.CalledProcessError):
            print(f"backend_tests: onnx {VERSION} was not installed from PyPI; the node tests are its own",
                  file=sys.stderr)
            return 2
        if not has_onnx(python):
            print(f"backend_tests: what pip installed into {environment} is not onnx {VERSION}", file=sys.stderr)
            return 2
    return subprocess.run([python, __file__, folder], check=False).returncode


def has_onnx(python: Path) -> bool:
    """Whether an interpreter is there, with the right release."""
    if not python.exists():
        return False
    asked = [python, "-c", "import onnx, numpy; print(onnx.__version__)"]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip() == VERSION


def read_refusals(path: Path = HERE / "refusals.txt") -> list[tuple[str, str]]:
    lines = (line.split("#")[0].split() for line in path.read_text(encoding="utf-8").splitlines())
    return [(pattern, reason) for pattern, reason in filter(None, lines)]


def reason_for(name: str, refusals: list[tuple[str, str]]) -> str | None:
    for pattern, reason in refusals:
        is_meant = "_expanded" in pattern or "_expanded" not in name
        if is_meant and fnmatch.fnmatchcase(name, pattern):
            return reason
    return None


def operators_of(graph: Any) -> set[str]:
    """With those of the graphs in attributes; those of other domains with theirs."""
    found = set()
    for node in graph.node:
        found.add(node.op_type if node.domain in ("", "ai.onnx") else f"{node.domain}.{node.op_type}")
        for attribute in node.attribute:
            for inner in (attribute.g, *attribute.graphs):
                found |= operators_of(inner)
    return found


def line_of(folder: Path, group: str, refusals: list[tuple[str, str]]) -> dict[str, Any]:
    import onnx

    from operators import READ

    model = onnx.load(folder / "model.onnx")
    operators = operators_of(model.graph)
    reason = reason_for(folder.name, refusals)
    if not operators <= READ:
        reason = "branches" if operators & CONTROL_FLOW else "operator"
    opset = next((o.version for o in model.opset_import if o.domain in ("", "ai.onnx")), 0)
    return {
        "folder": f"{group}/{folder.name}", "operators": sorted(operators), "opset": opset,
        "expected": REFUSE if reason and reason not in QUALIFIED else RUN, "reason": reason,
    }


def copy_node_tests(target: Path) -> None:
    import onnx

    source = Path(onnx.__file__).parent / "backend" / "test" / "data" / "node"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)


def write_opset_tests(target: Path) -> Counter:
    """How many there are by operator and opset."""
    import onnx
    from onnx import numpy_helper

    from opset_cases import cases, sequence_cases

    shutil.rmtree(target, ignore_errors=True)
    counts: Counter = Counter()
    for case in (*cases(), *sequence_cases()):
        model = case.model()
        if (case.operator, case.version) != ("GroupNormalization", 18):
            # That one is deprecated, and files have it.
            onnx.checker.check_model(model)
        data = target / case.name / "test_data_set_0"
        if data.exists():
            raise ValueError(f"two cases have the name {case.name}")
        data.mkdir(parents=True)
        onnx.save_model(model, target / case.name / "model.onnx")
        arrays = {i.name: case.arrays[i.name] for i in model.graph.input}
        for k, (name, x) in enumerate(arrays.items()):
            (data / f"input_{k}.pb").write_bytes(numpy_helper.from_array(x, name).SerializeToString())
        for k, (value, y) in enumerate(zip(model.graph.output, case.answers, strict=True)):
            (data / f"output_{k}.pb").write_bytes(numpy_helper.from_array(y, value.name).SerializeToString())
        counts[case.operator, case.opset, case.witness] += 1
    return counts


def changes() -> dict[str, list[int]]:
    """From which opsets on, of 9 to 23, each operator that carries a signal is defined anew."""
    from opset_cases import FIRST, versions
    from operators import SIGNAL

    return {operator: [max(version, FIRST) for version in versions(operator)] for operator in sorted(SIGNAL)}


def print_table(counts: Counter) -> None:
    opsets = sorted({opset for _, opset, _ in counts})
    print(f"{'operator':24}" + "".join(f"{opset:>5}" for opset in opsets) + f"{'numpy':>7}")
    for operator in sorted({operator for operator, _, _ in counts}):
        of_opset = [sum(counts[operator, opset, w] for w in ("reference", "numpy")) for opset in opsets]
        by_numpy = sum(counts[operator, opset, "numpy"] for opset in opsets)
        print(f"{operator:24}" + "".join(f"{n or '':>5}" for n in of_opset) + f"{by_numpy or '':>7}")
    by_numpy = sum(n for (_, _, w), n in counts.items() if w == "numpy")
    print(f"{sum(counts.values())} tests for older opsets, the outputs of {by_numpy} from numpy and of the others from "
          "onnx.reference")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    status = in_environment(folder)
    if status is not None:
        return status
    from operators import READ

    refusals = read_refusals()
    copy_node_tests(folder / "node")
    print_table(write_opset_tests(folder / "opsets"))
    tests = [
        line_of(path, group, refusals) for group in ("node", "opsets") for path in sorted((folder / group).iterdir())]
    manifest = {"tests": tests, "changes": changes(), "read": sorted(READ)}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    reasons = Counter(test["reason"] for test in tests if test["expected"] == REFUSE)
    print(f"{sum(t['expected'] == RUN for t in tests)} tests to run, {reasons.total()} refused: "
          + ", ".join(f"{reason} {count}" for reason, count in reasons.most_common()))
    print(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
