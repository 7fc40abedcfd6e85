"""Small models as ONNX's own Python package writes them, and what is in them.

    pip install onnx numpy
    python3 Scripts/onnx/make_file_fixtures.py

writes to Tests/ONNXTests/Fixtures: numbers.onnx with tensors of every type, in raw data and in the field of the type;
external.onnx with weights in external.onnx.data; nodes.onnx with nodes, attributes and a function; and numbers.json with
the numbers of all tensors.
"""

import json
import pathlib

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Tests/ONNXTests/Fixtures"

REALS = {"float32": TensorProto.FLOAT, "float64": TensorProto.DOUBLE, "float16": TensorProto.FLOAT16,
         "bfloat16": TensorProto.BFLOAT16}
WHOLES = {"int8": TensorProto.INT8, "uint8": TensorProto.UINT8, "int16": TensorProto.INT16,
          "uint16": TensorProto.UINT16, "int32": TensorProto.INT32, "uint32": TensorProto.UINT32,
          "int64": TensorProto.INT64, "uint64": TensorProto.UINT64, "bool": TensorProto.BOOL}
# A third, which every type rounds its own way; numbers below bfloat16's and float16's normal ones; the ends.
REAL_NUMBERS = [1 / 3, -2.0, 0.0, 1e-6, 65504.0, -1e-40]
SIZES = {"int8": 8, "uint8": 8, "int16": 16, "uint16": 16, "int32": 32, "uint32": 32, "int64": 64, "uint64": 63}


def numbers_of(name):
    if name in REALS:
        return REAL_NUMBERS
    if name == "bool":
        return [1, 0]
    size = SIZES[name]
    return [0, 2**size - 1] if name.startswith("u") else [-(2 ** (size - 1)), 2 ** (size - 1) - 1]


def tensors():
    found = []
    for name, kind in (REALS | WHOLES).items():
        shape = [2, len(numbers_of(name)) // 2]
        typed = helper.make_tensor(f"{name} typed", kind, shape, numbers_of(name))
        raw = numpy_helper.from_array(numpy_helper.to_array(typed), f"{name} raw")
        raw.data_type = kind
        if name == "bfloat16":
            # Arrays have no such type: the bits, which the typed form holds.
            raw.raw_data = numpy.array(typed.int32_data, dtype="<u2").tobytes()
        assert raw.HasField("raw_data") and not typed.HasField("raw_data")
        found += [typed, raw]
    return found


def model(graph, domains=(), **arguments):
    sets = [helper.make_opsetid("", 20)] + [helper.make_opsetid(domain, 1) for domain in domains]
    built = helper.make_model(
        graph, opset_imports=sets, ir_version=10, producer_name="onnx",
        producer_version=onnx.__version__, **arguments)
    onnx.checker.check_model(built)
    return built


def identity(name):
    """A graph needs a node and an output."""
    return ([helper.make_node("Identity", [name], ["y"])],
            helper.make_tensor_value_info("y", TensorProto.FLOAT, [None]))


def external():
    weights = [numpy_helper.from_array(numpy.arange(n, dtype="<f4") / 3, f"w{n}") for n in (5, 7)]
    nodes, output = identity("w5")
    built = model(helper.make_graph(nodes, "external", [], [output], weights))
    data = FOLDER / "external.onnx.data"
    data.unlink(missing_ok=True)
    onnx.save_model(built, FOLDER / "external.onnx", save_as_external_data=True, location=data.name,
                    size_threshold=0)
    onnx.checker.check_model(FOLDER / "external.onnx")
    return weights


def nodes():
    then, other = (
        helper.make_graph([helper.make_node("Identity", ["x"], ["z"])], name, [],
                          [helper.make_tensor_value_info("z", TensorProto.FLOAT, ["n", 3])])
        for name in ("then", "else"))
    branch = helper.make_node("If", ["c"], ["z"], then_branch=then, else_branch=other)
    clip = helper.make_node("Clip", ["z", "", "high"], ["k"], name="clip")
    for key, value in [("pkg.torch.onnx.name_scopes", "['', 'layer1']"),
                       ("pkg.torch.onnx.stack_trace", "File \"model.py\", line 1")]:
        entry = clip.metadata_props.add()
        entry.key, entry.value = key, value
    pool = helper.make_node(
        "Own", ["k"], ["y"], domain="own", alpha=0.25, count=-3, text="é", sizes=[1, 0, -1], rates=[0.5, 2.0],
        words=["", "b"], table=numpy_helper.from_array(numpy.array([4, 5], dtype="<i8"), "table"))
    call = helper.make_node("Leaky", ["k"], ["l"], domain="own", slope=0.5)
    leaky = helper.make_node("LeakyRelu", ["a"], ["b"])
    reference = leaky.attribute.add()
    reference.name, reference.ref_attr_name, reference.type = "alpha", "slope", onnx.AttributeProto.FLOAT
    function = helper.make_function(
        "own", "Leaky", ["a"], ["b"], [leaky], [helper.make_opsetid("", 20)], attributes=["slope"],
        attribute_protos=[helper.make_attribute("unused", 2)])
    graph = helper.make_graph(
        [branch, clip, pool, call], "nodes",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 3]),
         helper.make_tensor_value_info("c", TensorProto.BOOL, []),
         # As until IR version 3.
         helper.make_tensor_value_info("high", TensorProto.FLOAT, [])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [None, 3])],
        [helper.make_tensor("high", TensorProto.FLOAT, [], [6.0])])
    built = model(graph, ["own"], functions=[function])
    helper.set_model_props(built, {"key": "text"})
    onnx.save(built, FOLDER / "nodes.onnx")


def record(tensor):
    if tensor.data_type == TensorProto.BFLOAT16:
        bits = tensor.int32_data or numpy.frombuffer(tensor.raw_data, dtype="<u2")
        values = (numpy.array(bits, dtype="<u4") << 16).view("<f4")
    else:
        values = numpy_helper.to_array(tensor).flatten()
    values = [float(v) if tensor.data_type in REALS.values() else int(v) for v in values]
    return {"shape": list(tensor.dims), "values": values}


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    typed = tensors()
    graph_nodes, output = identity("float32 raw")
    onnx.save(model(helper.make_graph(graph_nodes, "numbers", [], [output], typed)), FOLDER / "numbers.onnx")
    records = {tensor.name: record(tensor) for tensor in typed + external()}
    (FOLDER / "numbers.json").write_text(json.dumps(records, indent=1) + "\n")
    nodes()


main()
