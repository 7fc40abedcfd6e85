"""Is `evaluate_onnx.py` right about g, d and w? Files are written by `export.py`; needs no Swift:
pytest test_evaluate_onnx.py"""

from __future__ import annotations

import json
import math

import onnx
import pytest
import torch
from torch import nn

import evaluate_onnx
from batch_file import read_batch
from evaluate_onnx import Listing, cotangent_of_seed, measure
from export import export
from onnx_graph import OnnxGraph
from onnx_operators import OnnxError

WIDTH = 5


class Branch(nn.Sequential):
    def __init__(self, width: int = WIDTH) -> None:
        super().__init__(nn.Linear(width, width), nn.Tanh(), nn.Linear(width, width))


class Chain(nn.Module):
    """stem, a number of units x + F(x), head."""

    def __init__(self, units: int = 3, scale: float = 1.0) -> None:
        super().__init__()
        self.stem, self.head, self.scale = nn.Linear(3, WIDTH), nn.Linear(WIDTH, 4), scale
        self.units = nn.ModuleList(Branch() for _ in range(units))

    def forward(self, x):
        x = self.stem(x)
        for unit in self.units:
            x = self.scale * x + unit(x)
        return self.head(x)


class Gate(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.stem, self.head = nn.Linear(3, WIDTH), nn.Linear(WIDTH, 4)
        self.gate, self.branch = nn.Linear(WIDTH, WIDTH), Branch()

    def forward(self, x):
        x = self.stem(x)
        g = torch.sigmoid(self.gate(x))
        return self.head(x + g * (self.branch(x) - x))


def written(module: nn.Module, folder, rows: int = 3, **options) -> tuple[OnnxGraph, dict, dict]:
    """The graph, its batch, and a listing of the sums with a Gemm among their operands."""
    torch.manual_seed(1)
    for parameter in module.parameters():
        nn.init.normal_(parameter, std=0.6)
    x, labels = torch.randn(rows, 3), torch.arange(rows) % 4
    found = export(module, (x,), path=folder / "net.onnx", labels=labels, **options)
    assert found.agrees, found.audit.verdict
    graph = OnnxGraph.read(found.path)
    return graph, read_batch(found.batch), listing_of(graph)


def listing_of(graph: OnnxGraph) -> dict:
    makers = graph.makers
    gemms = {name for name, node in makers.items() if node.type == "Gemm"}
    sums = [n for n in graph.nodes if n.type == "Add" and gemms.intersection(n.inputs)]
    units, values = [], []
    for node in sums:
        slot = next(i for i, o in enumerate(node.inputs) if makers[o].type == "Gemm")
        edge = {"node_output": node.outputs[0], "slot": slot, "operand": node.inputs[slot]}
        units.append({"label": "", "merges": list(node.outputs), "kind": "identity", "level": 0, "cut_edges": [edge]})
        values.append(node.outputs[0])
    first = next(n for n in graph.nodes if n.type == "Gemm").outputs[0]
    rows = [{"l": l, "values": [v], "stage": 0} for l, v in enumerate([first, *values])]
    return {"output": graph.outputs[0], "units": units, "rows": rows, "loss": {"kind": "cross-entropy"}}


def gradient(module: nn.Module, batch: dict) -> float:
    """log10 of the norm of the gradient at the stem's output, by the module in float64."""
    module, kept = module.double(), []

    def keep(part, operands, result):
        result.retain_grad()
        kept.append(result)

    module.stem.register_forward_hook(keep)
    nn.functional.cross_entropy(module(batch["x"].double()), batch["labels"]).backward()
    return math.log10(kept[0].grad.norm())


def test_the_gradient_is_the_modules(tmp_path):
    module = Chain()
    graph, batch, listing = written(module, tmp_path)
    found = measure(graph, batch, Listing.of(listing))
    assert found["rows"][0]["gradient_log10"] == pytest.approx(gradient(module, batch), abs=1e-12)


@pytest.mark.parametrize("make", [Chain, lambda: Chain(2, scale=0.5)])
def test_terms_add_up_and_the_direct_term_is_the_product_of_scales(tmp_path, make):
    module = make()
    graph, batch, listing = written(module, tmp_path)
    rows = measure(graph, batch, Listing.of(listing))["rows"]
    count = len(module.units)
    assert len(rows) == count + 1
    for row in rows:
        # One unit in the last place, a few times over.
        assert row["decomposition_error"] < 1e-14
        product = (count - row["l"]) * math.log10(module.scale)
        assert row["direct_log10"] == pytest.approx(rows[-1]["gradient_log10"] + product, abs=1e-13)
        assert row["stage_direct_log10"] == pytest.approx(row["direct_log10"], abs=1e-13)
        assert row["stage_through_weights_log10"] == (
            None if row["l"] == count else pytest.approx(row["through_weights_log10"], abs=1e-13))
    assert rows[-1]["through_weights_log10"] is None
    assert rows[-1]["cosine"] is None


def test_finite_differences_of_the_loss(tmp_path):
    """A step of the input changes the loss as the gradient at the input says."""
    graph, batch, listing = written(Chain(), tmp_path)
    listing["rows"][0]["values"] = ["x"]
    listing = Listing.of(listing)
    parts = evaluate_onnx.Decomposition(graph, batch, listing)
    output = parts.whole.values[listing.output]
    _, cotangent = evaluate_onnx.loss_and_cotangent("cross-entropy", output, batch["labels"])
    g = parts.terms({listing.output: cotangent}, ["x"]).total["x"]
    direction = torch.randn(batch["x"].shape, generator=torch.Generator().manual_seed(3), dtype=torch.float64)

    def loss(step: float) -> float:
        moved = batch | {"x": batch["x"].double() + step * direction}
        return measure(graph, moved, listing)["loss"]

    # The third derivative is of the order of 1: 1e-8 of truncation at a step of 1e-4.
    assert (loss(1e-4) - loss(-1e-4)) / 2e-4 == pytest.approx(float((g * direction).sum()), abs=1e-7)


def test_a_gate_splits_as_its_other_spelling(tmp_path):
    """x + g∘(F − x): the direct term is that of (1 − g)∘x, its gate's derivative included."""
    module = Gate()
    graph, batch, _ = written(module, tmp_path)
    outer = next(n for n in reversed(graph.nodes) if n.type == "Add")
    y = outer.outputs[0]
    stem = next(n for n in graph.nodes if n.type == "Gemm").outputs[0]
    listing = Listing.of({
        "output": graph.outputs[0], "rows": [{"l": 0, "values": [stem]}, {"l": 1, "values": [y]}],
        "units": [{"label": "", "merges": [y], "kind": "weight-free",
                   "cut_edges": [{"node_output": y, "slot": 1, "operand": y + "/taken"}]}]})
    row = measure(graph, batch, listing)["rows"][0]
    module = module.double()
    x = module.stem(batch["x"].double()).detach().requires_grad_()
    g = torch.sigmoid(module.gate(x))
    out = module.head((1 - g) * x + (g * module.branch(x)).detach())
    nn.functional.cross_entropy(out, batch["labels"]).backward()
    assert row["direct_log10"] == pytest.approx(math.log10(x.grad.norm()), abs=1e-12)
    assert row["decomposition_error"] < 1e-14


def test_a_nested_stack_starts_at_its_end(tmp_path):
    """What goes past the stack's end does not count: with one unit left out of the stack, g there is not g of all."""
    graph, batch, listing = written(Chain(2), tmp_path)
    whole = measure(graph, batch, Listing.of(listing))["rows"]
    inner = listing | {"units": [listing["units"][0] | {"level": 1}], "rows": listing["rows"][:2]}
    rows = measure(graph, batch, Listing.of(inner))["rows"]
    assert rows[1]["gradient_log10"] == pytest.approx(whole[1]["gradient_log10"], abs=1e-13)
    assert rows[0]["direct_log10"] == pytest.approx(rows[1]["gradient_log10"], abs=1e-13)


def test_cotangent_of_a_seed():
    # Computed with another program.
    expected = [0.7666216164272852, -0.13694400590298006, -0.9471324568148045]
    assert cotangent_of_seed(0, (3,)).tolist() == expected


def test_labels_that_do_not_fit_are_refused(tmp_path):
    graph, batch, listing = written(Chain(1), tmp_path)
    batch["labels"] = torch.zeros(7, dtype=torch.int64)
    with pytest.raises(OnnxError, match=r"labels of shape \[7\] do not fit logits of shape \[3, 4\]; expected \[3\]"):
        measure(graph, batch, Listing.of(listing))


def test_an_edge_that_the_file_has_not_is_refused(tmp_path):
    graph, batch, listing = written(Chain(1), tmp_path)
    listing["units"][0]["cut_edges"][0]["operand"] = "other"
    with pytest.raises(OnnxError, match="as the listing says"):
        measure(graph, batch, Listing.of(listing))


def test_an_operator_that_is_not_known_is_named(tmp_path):
    graph, batch, listing = written(Chain(1), tmp_path)
    model = onnx.load(tmp_path / "net.onnx")
    next(n for n in model.graph.node if n.op_type == "Tanh").op_type = "Bernoulli"
    with pytest.raises(OnnxError, match=r"ai\.onnx\.Bernoulli \(1\)"):
        measure(OnnxGraph(model), batch, Listing.of(listing))


def test_command(tmp_path, capsys):
    _, _, listing = written(Chain(1), tmp_path)
    (tmp_path / "units.json").write_text(json.dumps(listing))
    words = [str(tmp_path / "net.onnx"), "--units", str(tmp_path / "units.json"), "--batch-file",
             str(tmp_path / "net.batch.npz")]
    assert evaluate_onnx.main(words) == 0
    assert "gradient_log10" in capsys.readouterr().out
    assert evaluate_onnx.main([*words, "--json", str(tmp_path / "rows.json")]) == 0
    assert len(json.loads((tmp_path / "rows.json").read_text())["rows"]) == 2
    assert evaluate_onnx.main([*words[:-1], str(tmp_path / "none.npz")]) == 2
