"""Five tiny networks as ONNX files, each with a batch and the rows that a measurement has to find.

    python3 Scripts/pytorch/make_model_fixtures.py --program .build/release/propagate

writes Tests/Fixtures/models/NAME.onnx, NAME.npz and NAME.json. How many units there are, of which kind and under which
label is said here, from the architecture, and `propagate inspect` has to agree. Numbers are those of evaluate_onnx.py:
float64 and autograd, from the file.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import onnx
import torch
from torch import Tensor, nn
from torch.nn import functional as F

import zoo
import zoo_networks as own
from batch_file import read_batch, write_batch
from evaluate_onnx import Listing, measure
from export import export
from onnx_graph import OnnxGraph

FOLDER = Path(__file__).resolve().parents[2] / "Tests/Fixtures/models"
NAMES = "pkg.torch.onnx.name_scopes"


def normalized(inputs: int, outputs: int, size: int = 3, stride: int = 1) -> list[nn.Module]:
    return [own.conv(inputs, outputs, size, stride), nn.BatchNorm2d(outputs)]


class OriginalUnit(nn.Module):
    """ReLU of h(x) + F(x)."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1, shortcut: Sequence[nn.Module] = ()) -> None:
        super().__init__()
        self.branch = nn.Sequential(
            *normalized(inputs, outputs, 3, stride), nn.ReLU(), *normalized(outputs, outputs))
        self.shortcut = nn.Sequential(*shortcut)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.shortcut(x) + self.branch(x))


class ResNet(nn.Module):
    def __init__(self, width: int, *units: OriginalUnit, classes: int = 5) -> None:
        super().__init__()
        self.stem = nn.Sequential(*normalized(3, units[0].branch[0].in_channels), nn.ReLU())
        self.units, self.head = nn.Sequential(*units), nn.Linear(width, classes)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.units(self.stem(x)).mean((2, 3)))


class Decoder(nn.Module):
    """Causal self-attention and a perceptron, each behind a LayerNorm of its own; tokens and positions are learned."""

    def __init__(self, blocks: int = 2, width: int = 8, heads: int = 2, vocabulary: int = 13, length: int = 6) -> None:
        super().__init__()
        self.tokens, self.positions = nn.Embedding(vocabulary, width), nn.Embedding(length, width)
        self.blocks = nn.ModuleList(DecoderBlock(width, heads) for _ in range(blocks))
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, vocabulary, bias=False)

    def forward(self, tokens: Tensor) -> Tensor:
        x = self.tokens(tokens) + self.positions(torch.arange(tokens.shape[1]))
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x))


class DecoderBlock(nn.Module):
    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.joint, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.perceptron = nn.Sequential(nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width))

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attention(self.norm1(x))
        return x + self.perceptron(self.norm2(x))

    def attention(self, x: Tensor) -> Tensor:
        q, k, v = (y.unflatten(2, (self.heads, -1)).transpose(1, 2) for y in self.joint(x).chunk(3, -1))
        later = torch.full((x.shape[1], x.shape[1]), -torch.inf).triu(1)
        weights = (q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5 + later).softmax(-1)
        return self.out((weights @ v).transpose(1, 2).flatten(2))


@dataclass(frozen=True)
class Fixture:
    name: str
    make: Callable[[], nn.Module]
    inputs: Callable[[torch.Generator], dict[str, Tensor]]
    units: Sequence[tuple[str, str]]
    """Label and kind of each."""
    train_bn: bool = False


def pooled() -> list[nn.Module]:
    return [nn.AvgPool2d(2, ceil_mode=True, count_include_pad=False)]


FIXTURES = [
    Fixture(
        "original", lambda: ResNet(
            6, OriginalUnit(4, 4), OriginalUnit(4, 6, 2, normalized(4, 6, 1, 2)), OriginalUnit(6, 6)),
        zoo.images(8, 3), [("units.0", "identity"), ("units.1", "projection"), ("units.2", "identity")],
        train_bn=True),
    Fixture(
        "pooled", lambda: ResNet(
            6, OriginalUnit(4, 4, 2, pooled()), OriginalUnit(4, 6, 2, [*pooled(), *normalized(4, 6, 1)]),
            OriginalUnit(6, 6)),
        zoo.images(9, 3), [("units.0", "weight-free"), ("units.1", "projection"), ("units.2", "identity")]),
    Fixture(
        "decoder", Decoder, zoo.tokens("tokens", count=2, length=6, vocabulary=13),
        [(f"blocks.{k}", "identity") for k in (0, 0, 1, 1)]),
    Fixture(
        "gates", lambda: own.Highway(units=3, width=6), zoo.vectors(12, 4),
        [("add", "weight-free"), ("add_1", "weight-free"), ("add_2", "weight-free")]),
    Fixture(
        "streams", lambda: own.Streams(units=3, streams=2, width=6), zoo.vectors(12, 4),
        [("add_4", "weight-free"), ("add_9", "weight-free"), ("add_14", "weight-free")]),
]


def write(fixture: Fixture, program: Path, folder: Path) -> None:
    torch.manual_seed(0)
    generator = torch.Generator().manual_seed(1)
    module, inputs = fixture.make().eval(), fixture.inputs(generator)
    zoo.randomize(module, generator)
    zoo.calibrate(module, inputs, generator)
    path = folder / f"{fixture.name}.onnx"
    args, kwargs = zoo.arguments(inputs)
    with tempfile.TemporaryDirectory() as scratch:
        found = export(
            module, args, kwargs, Path(scratch) / "net.onnx", train_bn=fixture.train_bn, labels="random:0")
        if not found.agrees:
            raise RuntimeError(f"{fixture.name}: {found.audit.verdict}")
        save(onnx.load(found.path), path)
        write_batch(path.with_suffix(".npz"), read_batch(found.batch))
    listing = inspected(program, path)
    units = [(unit["label"], unit["kind"]) for unit in listing["units"]]
    if units != list(fixture.units):
        raise RuntimeError(f"{fixture.name}: inspect finds {units}, and there are {list(fixture.units)}")
    answers = measure(OnnxGraph.read(path), read_batch(path.with_suffix(".npz")), Listing.of(listing))
    text = json.dumps({
        "units": [{"label": label, "kind": kind} for label, kind in fixture.units], "loss": answers["loss"],
        "rows": answers["rows"]}, indent=1)
    path.with_suffix(".json").write_text(text + "\n", encoding="utf-8")
    print(f"{fixture.name:10}{len(units):3} units{path.stat().st_size:8} bytes")


def save(model: onnx.ModelProto, path: Path) -> None:
    """Without what is said of nodes for people, but for the names of modules, and without shapes between nodes."""
    for node in model.graph.node:
        scopes = [p.value for p in node.metadata_props if p.key == NAMES]
        del node.metadata_props[:]
        for value in scopes:
            node.metadata_props.add(key=NAMES, value=value)
    del model.graph.value_info[:]
    del model.graph.metadata_props[:]
    for value in (*model.graph.input, *model.graph.output):
        del value.metadata_props[:]
    onnx.checker.check_model(model)
    onnx.save_model(model, path)


def inspected(program: Path, path: Path) -> dict[str, Any]:
    done = subprocess.run(
        [program, "inspect", path, "--batch-file", path.with_suffix(".npz"), "--json", "-"],
        capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{path.name}: {done.stderr.strip()}")
    return json.loads(done.stdout)


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", type=Path, default=Path(".build/release/propagate"))
    parser.add_argument("--folder", type=Path, default=FOLDER)
    options = parser.parse_args(words)
    options.folder.mkdir(parents=True, exist_ok=True)
    try:
        for fixture in FIXTURES:
            write(fixture, options.program.resolve(), options.folder.resolve())
    except (OSError, RuntimeError) as error:
        print(f"make_model_fixtures: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
