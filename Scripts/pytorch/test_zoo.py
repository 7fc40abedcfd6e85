"""Are the zoo's files what the manifest says, and does `compare_onnx.py` tell right from wrong? Own networks alone;
needs no Swift:  pytest test_zoo.py"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import onnx
import pytest
import torch
from torch import nn

import compare_onnx
import zoo
from batch_file import read_batch
from evaluate_onnx import Listing, measure
from onnx_graph import OnnxGraph
from test_evaluate_onnx import listing_of

OWN = ("dense", "plain", "rezero", "preactivation-train", "unet-added-excluded")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("zoo")
    assert zoo.main([str(folder), "--only", *OWN]) == 0
    return folder


@pytest.fixture(scope="module")
def manifest(folder) -> dict[str, dict]:
    return {line["name"]: line for line in json.loads((folder / "manifest.json").read_text())}


def test_names_are_unique_and_there_are_enough():
    names = [entry.name for entry in zoo.ENTRIES]
    assert len(set(names)) == len(names) >= 30


def test_manifest(folder, manifest):
    order = [entry.name for entry in zoo.ENTRIES]
    assert list(manifest) == sorted(OWN, key=order.index)
    for line in manifest.values():
        assert (folder / line["file"]).stat().st_size == line["bytes"]
        assert "labels" in read_batch(folder / line["batch"])
        assert line["difference"] < 1e-6
    assert manifest["dense"]["units"] == 6
    assert manifest["plain"]["units"] == "refused"


def test_sums_that_are_no_units_are_named(folder, manifest):
    options = manifest["unet-added-excluded"]["options"]
    graph = OnnxGraph.read(folder / "unet-added-excluded.onnx")
    outputs = {name for node in graph.nodes if node.type == "Add" for name in node.outputs}
    assert options[::2] == ["--not-a-unit"] * 2
    assert set(options[1::2]) <= outputs
    assert len(set(options[1::2])) == 2


def test_the_same_weights_every_time(folder, tmp_path):
    assert zoo.main([str(tmp_path), "--only", "rezero"]) == 0
    one, two = (onnx.load(f / "rezero.onnx").graph.initializer for f in (folder, tmp_path))
    assert [t.SerializeToString() for t in one] == [t.SerializeToString() for t in two]


def test_what_starts_constant_is_drawn():
    module, inputs = zoo.made(next(e for e in zoo.ENTRIES if e.name == "preactivation-train"))
    for name, tensor in module.state_dict().items():
        if tensor.numel() > 1:
            assert float(tensor.std()) > 0, name
    norm = module.bn
    assert not torch.equal(norm.running_mean, torch.zeros_like(norm.running_mean))
    # The output is of the order of 1, for the running statistics are near those of the batch.
    assert 0.01 < float(module(inputs[""]).detach().std()) < 100
    alphas = [a for e in zoo.ENTRIES if e.name == "rezero" for a in zoo.made(e)[0].alphas]
    assert all(float(a.detach()) != 0 for a in alphas)


def test_random_parameters_keep_their_draw():
    module = nn.Linear(3, 3)
    before = module.weight.detach().clone()
    zoo.randomize(module, torch.Generator().manual_seed(0))
    assert torch.equal(module.weight, before)


PROGRAM = """#!{python}
import json, sys
folder, words = {folder!r}, sys.argv[1:]
name = next(w for w in words if w.endswith(".onnx")).rsplit("/", 1)[-1].removesuffix(".onnx")
if name == "plain":
    print("no residual unit found", file=sys.stderr)
    sys.exit(2)
print(open(folder + ("/listing.json" if words[0] == "inspect" else "/report.json")).read())
"""


@pytest.fixture
def program(folder, tmp_path) -> Path:
    """Says what two files of its folder say: the right listing and the right report of the dense network."""
    graph = OnnxGraph.read(folder / "dense.onnx")
    listing = listing_of(graph)
    found = measure(graph, read_batch(folder / "dense.batch.npz"), Listing.of(listing))
    (tmp_path / "listing.json").write_text(json.dumps(listing))
    report = {"loss": found["loss"], "horizon": None, "units": [row | {"digits_left": 15.0} for row in found["rows"]]}
    (tmp_path / "report.json").write_text(json.dumps(report))
    file = tmp_path / "program"
    file.write_text(PROGRAM.format(python=sys.executable, folder=str(tmp_path)))
    file.chmod(0o755)
    return file


def status(folder: Path, program: Path, *names: str) -> int:
    return compare_onnx.main([str(folder), "--program", str(program), "--only", *names])


def damage(program: Path, change) -> None:
    file = program.parent / "report.json"
    report = json.loads(file.read_text())
    change(report)
    file.write_text(json.dumps(report))


def test_right_numbers_agree(folder, program, capsys):
    assert status(folder, program, "dense", "plain") == 0
    assert "2 of 2 agree" in capsys.readouterr().out


def test_a_norm_that_is_off_is_noticed(folder, program, capsys):
    def change(report):
        report["units"][2]["direct_log10"] += 1e-8

    damage(program, change)
    assert status(folder, program, "dense") == 1
    assert "direct_log10 of x_2" in capsys.readouterr().out


def test_null_is_not_a_number(folder, program):
    def change(report):
        report["units"][0]["through_weights_log10"] = None

    damage(program, change)
    assert status(folder, program, "dense") == 1


def test_a_horizon_is_not_compared(folder, program, capsys):
    def change(report):
        report["horizon"] = 3
        report["units"][0]["gradient_log10"] = 99

    damage(program, change)
    assert status(folder, program, "dense") == 0
    assert "not compared: horizon at x_3" in capsys.readouterr().out


def test_another_number_of_units_is_noticed(folder, program, capsys):
    file = program.parent / "listing.json"
    listing = json.loads(file.read_text())
    del listing["units"][0]
    file.write_text(json.dumps(listing))
    assert status(folder, program, "dense") == 1
    assert "another number of units" in capsys.readouterr().out


def test_a_network_that_should_be_refused(folder, program):
    assert status(folder, program, "plain") == 0
    program.write_text(program.read_text().replace("sys.exit(2)", "sys.exit(0)"))
    assert status(folder, program, "plain") == 1


def test_wrong_words(folder, tmp_path):
    assert zoo.main([str(tmp_path), "--only", "none"]) == 2
    assert zoo.main([]) == 2
    assert compare_onnx.main([str(tmp_path)]) == 2
    assert compare_onnx.main([str(folder), "--program", str(tmp_path / "none")]) == 2
