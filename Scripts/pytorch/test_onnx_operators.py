"""The operators of `onnx_operators.py` against the node tests that Scripts/onnx/backend_tests.py prepares:
PROPAGATE_ONNX_NODE_TESTS=FOLDER pytest test_onnx_operators.py"""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from torch import Tensor

from onnx_graph import OnnxGraph
from onnx_operators import OPERATORS, Node, OnnxError, evaluate

FOLDER = os.environ.get("PROPAGATE_ONNX_NODE_TESTS")
HALF = {np.dtype(np.float16)}


def prepared() -> list[dict]:
    if not FOLDER:
        return []
    tests = json.loads((Path(FOLDER) / "manifest.json").read_text())["tests"]
    return [test for test in tests if test["expected"] == "run" and set(test["operators"]) <= set(OPERATORS)]


def array(path: Path) -> np.ndarray:
    return onnx.numpy_helper.to_array(onnx.TensorProto.FromString(path.read_bytes()))


def widened(x: np.ndarray) -> Tensor:
    kind = {"f": np.float64, "b": np.bool_}.get(x.dtype.kind, np.int64)
    return torch.from_numpy(x.astype(kind))


@pytest.mark.skipif(not FOLDER, reason="PROPAGATE_ONNX_NODE_TESTS names no folder")
def test_all_are_there():
    groups = [test["folder"].split("/")[0] for test in prepared()]
    assert groups.count("node") > 700
    assert groups.count("opsets") > 500


@pytest.mark.parametrize("test", prepared(), ids=lambda test: test["folder"])
def test_node(test):
    folder = Path(FOLDER) / test["folder"]
    model = onnx.load(folder / "model.onnx")
    for data in sorted(folder.glob("test_data_set_*")):
        batch = {i.name: widened(array(data / f"input_{k}.pb")) for k, i in enumerate(model.graph.input)}
        graph = OnnxGraph(model)
        found = graph.evaluate(batch, graph.outputs)
        for k, name in enumerate(graph.outputs):
            wanted = array(data / f"output_{k}.pb")
            assert list(found[name].shape) == list(wanted.shape)
            if wanted.dtype == np.float64 and test["folder"].startswith("opsets"):
                # The reference takes attributes as float32, and some operators compute in it.
                rtol, atol = 1e-6, 1e-6
            else:
                # The project's own tolerance; numbers in half precision have three digits.
                rtol, atol = (1e-2 if wanted.dtype in HALF else 1e-3), 1e-6
            assert np.allclose(
                found[name].numpy().astype(np.float64), wanted.astype(np.float64), rtol, atol, equal_nan=True), name


def node(kind: str, **attributes) -> Node:
    return Node(kind, "n", "", ("x",), ("y",), attributes, 22)


def test_what_is_not_supported_is_refused():
    with pytest.raises(OnnxError, match=r"operator ai\.onnx\.Bernoulli \(node n\) is not supported"):
        evaluate(node("Bernoulli"), [torch.zeros(1)])
    with pytest.raises(OnnxError, match="one value per channel has no statistics"):
        v = torch.ones(2, dtype=torch.float64)
        evaluate(node("BatchNormalization", training_mode=1), [torch.zeros(1, 2, dtype=torch.float64), v, v, v, v])
    with pytest.raises(OnnxError, match="to type FLOAT8E5M2 is not supported"):
        evaluate(node("Cast", to=onnx.TensorProto.FLOAT8E5M2), [torch.zeros(1)])


def test_derivatives_at_kinks():
    """0 of ReLU at 0, 1 of a bound at the bound, 0 of a norm at 0."""
    x = torch.tensor([0.0, 6.0, 7.0], dtype=torch.float64, requires_grad=True)
    (relu,) = torch.autograd.grad(OPERATORS["Relu"](node("Relu"), x).sum(), x)
    assert relu.tolist() == [0, 1, 1]
    bounds = torch.tensor(0.0), torch.tensor(6.0)
    (clip,) = torch.autograd.grad(OPERATORS["Clip"](node("Clip"), x, *bounds).sum(), x)
    assert clip.tolist() == [1, 1, 0]
    zero = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    (norm,) = torch.autograd.grad(OPERATORS["ReduceL2"](node("ReduceL2"), zero).sum(), zero)
    assert norm.tolist() == [0, 0, 0]
    # An infinity in the branch that is not taken does no harm.
    masked = OPERATORS["Where"](node("Where"), torch.tensor([True, False, True]), zero, torch.tensor(-torch.inf))
    (where,) = torch.autograd.grad(masked.exp().sum(), zero)
    assert where.tolist() == [1, 0, 1]
