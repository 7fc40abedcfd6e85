"""Are the tests that `backend_tests.py` prepares whole? With onnx 1.18.0:  pytest test_backend_tests.py"""

from __future__ import annotations

import fnmatch
from pathlib import Path

import numpy as np
import onnx
import pytest

import opset_cases
from backend_tests import REFUSE, RUN, changes, line_of, operators_of, read_refusals, reason_for, write_opset_tests
from operators import READ, SIGNAL

NODE_TESTS = Path(onnx.__file__).parent / "backend" / "test" / "data" / "node"


@pytest.fixture(scope="module")
def cases() -> list:
    return [*opset_cases.cases(), *opset_cases.sequence_cases()]


def test_every_signal_operator_has_cases_in_every_version(cases):
    found = {(case.operator, case.version) for case in cases}
    # SequenceAt stands behind SplitToSequence.
    missing = [(o, v) for o in SIGNAL - {"SequenceAt"} for v in opset_cases.versions(o) if (o, v) not in found]
    assert not missing


def test_versions_are_those_that_opsets_from_9_have():
    assert opset_cases.versions("Slice") == [1, 10, 11, 13]
    assert opset_cases.versions("GroupNormalization") == [18, 21]


def test_outputs_are_of_the_shapes_that_onnx_infers(cases):
    for case in cases:
        model = case.model()
        bare = onnx.ModelProto()
        bare.CopyFrom(model)
        for value in bare.graph.output:
            value.type.tensor_type.ClearField("shape")
        inferred = onnx.shape_inference.infer_shapes(bare, data_prop=True)
        for value, answer in zip(inferred.graph.output, case.answers, strict=True):
            shape = [d.dim_value for d in value.type.tensor_type.shape.dim]
            if value.type.tensor_type.HasField("shape") and all(shape):
                assert shape == list(answer.shape), case.name
            assert np.isfinite(answer.astype(np.float64)).all() or case.label == "infinity", case.name


KNOWN = [
    "attention_*", "batchnormalization_opset9*", "convtranspose_*_groups", "logsoftmax_opset9_*",
    "logsoftmax_opset11_*", "pad_*_cropped", "resize_opset10_*", "softmax_opset9_*", "softmax_opset11_*",
]
"""Where the reference of 1.18.0 is not what the definitions say."""


def test_numpys_outputs_are_the_references_where_it_is_right(cases):
    for case in cases:
        is_known = any(fnmatch.fnmatch(case.name, "test_" + pattern) for pattern in KNOWN)
        if case.wanted is None or is_known or isinstance(case, opset_cases.SequenceCase):
            continue
        referred = opset_cases.Case(
            case.operator, case.version, case.inputs, case.attributes, outputs=case.outputs, like=case.like).answers
        for x, y in zip(case.answers, referred, strict=True):
            assert x.shape == y.shape, case.name
            # The reference computes some operators in single precision.
            assert np.allclose(x, y, rtol=1e-5, atol=1e-6), case.name


def test_written_cases_are_read_back(tmp_path, cases):
    counts = write_opset_tests(tmp_path)
    assert counts.total() == len(cases)
    line = line_of(tmp_path / "test_slice_opset10_backwards", "opsets", [])
    assert line == {"folder": "opsets/test_slice_opset10_backwards", "operators": ["Slice"], "opset": 10,
                    "expected": RUN, "reason": None}
    model = onnx.load(tmp_path / "test_slice_opset10_backwards" / "model.onnx")
    assert [i.name for i in model.graph.input] == ["x0"]
    assert len(model.graph.initializer) == 4


def test_every_refusal_is_of_a_test_that_would_be_run(cases):
    names = {path.name: path for path in NODE_TESTS.iterdir()}
    assert len(names) == 1450
    own = {case.name: {case.operator} for case in cases}
    for pattern, reason in read_refusals():
        matching = [n for n in fnmatch.filter([*names, *own], pattern) if reason_for(n, [(pattern, reason)])]
        assert matching, pattern
        for name in matching:
            operators = own.get(name) or operators_of(onnx.load(names[name] / "model.onnx").graph)
            assert operators <= READ, name


def test_changes():
    found = changes()
    assert set(found) == SIGNAL
    assert (found["Slice"], found["Relu"]) == ([9, 10, 11, 13], [9, 13, 14])


def test_tests_of_which_a_part_is_compared_are_run():
    line = line_of(NODE_TESTS / "test_dropout_default_mask", "node", [("test_dropout*", "outputs")])
    assert (line["expected"], line["reason"]) == (RUN, "outputs")


def test_reasons():
    refusals = [("test_a*", "data"), ("test_b_expanded", "type")]
    assert reason_for("test_abc", refusals) == "data"
    assert reason_for("test_abc_expanded", refusals) is None
    assert reason_for("test_abc_expanded_ver18", refusals) is None
    assert reason_for("test_b_expanded", refusals) == "type"
    line = line_of(NODE_TESTS / "test_if", "node", [])
    assert (line["expected"], line["reason"]) == (REFUSE, "branches")
    assert line_of(NODE_TESTS / "test_gridsample", "node", [])["reason"] == "operator"
