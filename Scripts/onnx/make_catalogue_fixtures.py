"""What ONNX's reference implementation makes of single nodes, in every version of their operators.

    pip install onnx==1.23.2 numpy
    python3 Scripts/onnx/make_catalogue_fixtures.py

writes Tests/ONNXTests/Fixtures/catalogue.json. Cases are in `catalogue_cases.py`. A case stands for all versions of its
operator in a range; it is evaluated in each of them and has to give the same numbers. Operators that the reference
implementation has not, or only in their newest version, have a witness written in NumPy beside them.
"""

import json
import math
import pathlib
import zlib

import numpy as np
import onnx
from onnx.reference import ReferenceEvaluator

FILE = pathlib.Path(__file__).resolve().parents[2] / "Tests/ONNXTests/Fixtures/catalogue.json"
OLDEST, NEWEST = 7, onnx.defs.onnx_opset_version()


def history():
    """Versions in which each operator of ONNX changed."""
    versions = {}
    for schema in onnx.defs.get_all_schemas_with_history():
        if schema.domain == "" and not schema.deprecated:
            versions.setdefault(schema.name, set()).add(schema.since_version)
    return versions


class Catalogue:
    def __init__(self):
        self.cases, self.versions, self.covered = [], history(), {}

    def case(self, type, inputs, attributes=None, since=OLDEST, until=None, outputs=1, constants=(), name="",
             domain="", witness=None, unsupported=(), tolerance=1e-12):
        """One case. Inputs are arrays, or `None` of those left out; `constants` are the slots that have to be known.

        witness: a function of the inputs in place of the reference implementation.
        unsupported: outputs that nothing computes.
        """
        attributes = attributes or {}
        inputs = [None if x is None else np.asarray(x) for x in inputs]
        node = onnx.helper.make_node(
            type, ["" if x is None else f"x{i}" for i, x in enumerate(inputs)], [f"y{i}" for i in range(outputs)],
            domain=domain, **attributes)
        versions = self.range(type, since, until) if domain == "" else [1]
        results = [self.evaluated(node, inputs, version, witness) for version in versions]
        for version, other in zip(versions, results):
            for a, b in zip(results[-1], other):
                np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance, err_msg=f"{type} {version}")
        self.covered.setdefault((domain, type), set()).update(versions)
        case = {
            "name": f"{type}{' ' if name else ''}{name}", "type": type, "domain": domain, "versions": versions,
            "attributes": {a.name: stated(a) for a in node.attribute},
            "inputs": [None if x is None else numbers(x) for x in inputs], "constants": list(constants),
            "outputs": [None if i in unsupported else numbers(y) for i, y in enumerate(results[-1])],
        }
        self.cases.append({key: value for key, value in case.items() if value})

    def range(self, type, since, until):
        """Versions from `since` to `until` in which an operator changed, the first one that is read among them."""
        changes = self.versions.get(type, {since})
        newest = max(changes) if until is None else until
        current = max((v for v in changes if v <= since), default=since)
        # One that was withdrawn later is no part of the history.
        return sorted({max(since, v) for v in changes if current <= v <= newest}) or [since]

    def evaluated(self, node, inputs, version, witness):
        given = {f"x{i}": x for i, x in enumerate(inputs) if x is not None}
        if witness is not None:
            made = witness(*inputs)
            return [np.asarray(y) for y in (made if isinstance(made, (list, tuple)) else [made])]

        def value(name, array=None):
            kind = onnx.TensorProto.UNDEFINED if array is None else onnx.helper.np_dtype_to_tensor_dtype(array.dtype)
            return onnx.helper.make_tensor_value_info(name, kind, None if array is None else array.shape)

        graph = onnx.helper.make_graph(
            [node], "case", [value(k, x) for k, x in given.items()], [value(y) for y in node.output])
        model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", version)])
        return [np.asarray(y) for y in ReferenceEvaluator(model).run(None, given)]

    def uncovered(self):
        """Versions of covered operators that no case is of."""
        missing = {}
        for (domain, type), versions in self.covered.items():
            changes = set(self.range(type, OLDEST, None)) if domain == "" and type in self.versions else set()
            if changes - versions:
                missing[type] = sorted(changes - versions)
        return missing

    def write(self):
        FILE.parent.mkdir(parents=True, exist_ok=True)
        lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in self.cases)
        FILE.write_text(f"[\n{lines}\n]\n")


def numbers(array):
    kind = onnx.helper.np_dtype_to_tensor_dtype(array.dtype)
    flat = array.flatten()
    values = [number(float(x)) for x in flat] if array.dtype.kind == "f" else [int(x) for x in flat]
    return {"type": int(kind), "shape": list(array.shape), "values": values}


def number(x):
    """With nine digits; JSON has no infinities."""
    if not math.isfinite(x):
        return "nan" if math.isnan(x) else "inf" if x > 0 else "-inf"
    return int(x) if x == int(x) and abs(x) < 1e6 else float(f"{x:.9g}")


def stated(attribute):
    kind = onnx.AttributeProto
    value = onnx.helper.get_attribute_value(attribute)
    return {
        kind.FLOAT: lambda: {"float": value}, kind.INT: lambda: {"int": value},
        kind.STRING: lambda: {"string": value.decode()}, kind.INTS: lambda: {"ints": list(value)},
        kind.FLOATS: lambda: {"floats": list(value)},
        kind.TENSOR: lambda: {"tensor": numbers(onnx.numpy_helper.to_array(value))},
    }[attribute.type]()


def draw(*shape, name="", low=None, high=None):
    """Numbers of three digits, from N(0, 1) or evenly between two bounds."""
    generator = np.random.default_rng(zlib.crc32(f"{shape}{name}".encode()))
    x = generator.standard_normal(shape) if low is None else generator.uniform(low, high, shape)
    return np.round(x, 3)


if __name__ == "__main__":
    import catalogue_cases

    catalogue = Catalogue()
    for family in catalogue_cases.FAMILIES:
        family(catalogue)
    assert not catalogue.uncovered(), catalogue.uncovered()
    catalogue.write()
