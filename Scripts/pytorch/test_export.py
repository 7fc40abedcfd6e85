"""Does `export.py` keep what the exporter's defaults lose, and does it notice what a file lacks? Needs no Swift:
pytest test_export.py"""

from __future__ import annotations

from collections import Counter

import numpy as np
import onnx
import pytest
import torch
from torch import nn

import export as exporting
from batch_file import read_batch
from export import ExportError, export
from export_audit import audit
from export_request import RequestError, noise
from module_results import ResultError, choose

REPOSITORY_FREE = ("/home/", "/usr/", "/tmp/", "site-packages")
"""Parts of paths of a machine."""


class Convolutional(nn.Module):
    """conv BN ReLU, a unit with two normalised convolutions, a pooled head."""

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.bn = nn.Conv2d(3, 6, 3, padding=1, bias=False), nn.BatchNorm2d(6)
        self.branch = nn.Sequential(
            nn.Conv2d(6, 6, 3, padding=1, bias=False), nn.BatchNorm2d(6), nn.ReLU(), nn.Dropout(0.3),
            nn.Conv2d(6, 6, 3, padding=1, bias=False), nn.BatchNorm2d(6))
        self.head = nn.Linear(6, 4)

    def forward(self, x):
        x = torch.relu(self.bn(self.conv(x)))
        x = torch.relu(x + self.branch(x))
        return self.head(x.mean((2, 3)))


class Tokens(nn.Module):
    """Tied embeddings, an embedding of positions, a mask that may be missing; results in a dictionary with a loss."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding, self.position = nn.Embedding(11, 8), nn.Embedding(6, 8)
        self.norm, self.unused = nn.LayerNorm(8), nn.Linear(8, 3)
        self.output = nn.Linear(8, 11, bias=False)
        self.output.weight = self.embedding.weight

    def forward(self, tokens, mask=None, *, options):
        x = self.embedding(tokens) + self.position(torch.arange(tokens.shape[1]))
        x = x + options["scale"] * self.norm(x)
        if mask is not None:
            x = x * mask[..., None]
        logits = self.output(x)
        return {"loss": logits.sum(), "hidden": (x, x + 1), "logits": logits}


@pytest.fixture
def images() -> torch.Tensor:
    return torch.randn(4, 3, 8, 8, generator=torch.Generator().manual_seed(0))


@pytest.fixture
def convolutional() -> Convolutional:
    torch.manual_seed(2)
    module = Convolutional()
    for part in module.modules():
        if isinstance(part, nn.BatchNorm2d):
            nn.init.uniform_(part.running_var, 0.5, 1.5)
            nn.init.normal_(part.running_mean)
            nn.init.uniform_(part.weight, 0.5, 1.5)
            nn.init.normal_(part.bias)
    return module


def kinds(path) -> Counter:
    return Counter(node.op_type for node in onnx.load(path).graph.node)


def training_modes(path) -> list[int]:
    found = []
    for node in onnx.load(path).graph.node:
        if node.op_type == "BatchNormalization":
            attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
            found.append(attributes.get("training_mode", 0))
            assert len(node.output) == (3 if found[-1] else 1)
    return found


def test_batch_normalization_stays(tmp_path, convolutional, images):
    found = export(convolutional.eval(), images, path=tmp_path / "net.onnx", labels="random:0")
    assert found.agrees
    # The same numbers twice: nothing but rounding in float64, a few digits of it.
    assert found.audit.difference < 1e-11
    assert kinds(found.path)["BatchNormalization"] == 3
    assert training_modes(found.path) == [0, 0, 0]
    assert "BatchNormalization: 3 with running statistics." in found.audit.remarks
    assert "Dropout layers, which are the identity in the file as in evaluation: 1." in found.audit.remarks
    assert [p.name for p in sorted(tmp_path.iterdir())] == ["net.batch.npz", "net.onnx"]
    batch = read_batch(found.batch)
    assert torch.equal(batch["x"], images)
    assert batch["labels"].shape == (4,)
    assert found.command == f"propagate {found.path} --batch-file {found.batch}"


def test_training_mode_is_written(tmp_path, convolutional, images):
    """The outputs are compared with those of the module whose normalisations are in training mode."""
    found = export(convolutional.train(), images, path=tmp_path / "net.onnx", train_bn=True)
    assert training_modes(found.path) == [1, 1, 1]
    assert found.audit.difference < 1e-11
    assert "BatchNormalization set to the statistics of the batch (training_mode = 1): 3 of the nodes." in found.remarks
    onnx.checker.check_model(onnx.load(found.path), full_check=True)
    # The module is as it was.
    assert all(part.training for part in convolutional.modules())
    assert int(convolutional.bn.num_batches_tracked) == 0


def test_training_mode_lost_is_said(tmp_path, convolutional, images):
    found = export(convolutional.train(), images, path=tmp_path / "net.onnx")
    assert training_modes(found.path) == [0, 0, 0]
    assert any("the file is the inference network" in remark for remark in found.remarks)


def test_normalization_without_running_statistics_is_the_batchs_either_way(tmp_path, images):
    module = nn.Sequential(nn.Conv2d(3, 4, 1, bias=False), nn.BatchNorm2d(4, track_running_stats=False))
    for train_bn in (False, True):
        found = export(module, images, path=tmp_path / "net.onnx", train_bn=train_bn, loss="cotangent:0")
        assert found.agrees
        assert "BatchNormalization: 1 with the statistics of the batch." in found.audit.remarks


def test_opset_below_training_mode_is_refused(tmp_path, convolutional, images):
    model = onnx.load(export(convolutional, images, path=tmp_path / "net.onnx").path)
    model.opset_import[0].version = 13
    with pytest.raises(ExportError, match="no training mode in opset 13"):
        exporting.use_batch_statistics(model, exporting.OnnxGraph(model))


def test_folding_is_noticed(tmp_path, convolutional, images):
    """What the exporter's default writes."""
    batch = export(convolutional, images, path=tmp_path / "net.onnx").batch
    folded = tmp_path / "folded.onnx"
    torch.onnx.export(convolutional.eval(), (images,), folded, dynamo=True, external_data=False, verbose=False)
    found = audit(folded, batch, convolutional, (images,), {}, "output", False, 1e-5)
    assert found.agrees
    told = " ".join(found.remarks)
    assert "calls BatchNormalization 3 times and the file has 0 nodes of it: 3 were folded" in told
    assert "Convolutions of the file with a bias that the module's have not: 3;" in told
    assert "With other values than the module's: conv.weight" in told
    assert "bn.weight" in told


def test_other_outputs_are_noticed(tmp_path, convolutional, images):
    found = export(convolutional, images, path=tmp_path / "net.onnx")
    model = onnx.load(found.path)
    weight = next(t for t in model.graph.initializer if t.name == "head.weight")
    values = onnx.numpy_helper.to_array(weight).copy()
    values[0, 0] += 0.1
    weight.CopyFrom(onnx.numpy_helper.from_array(values, "head.weight"))
    onnx.save_model(model, found.path)
    again = audit(found.path, found.batch, convolutional, (images,), {}, "output", False, 1e-5)
    assert not again.agrees
    assert "NOT as the module" in again.verdict
    assert "With other values than the module's: head.weight." in again.remarks


def test_no_path_of_the_machine_is_left(tmp_path, convolutional, images):
    found = export(convolutional, images, path=tmp_path / "net.onnx")
    data = found.path.read_bytes()
    assert b"name_scopes" in data
    assert not any(word.encode() in data for word in REPOSITORY_FREE)


def test_external_data_and_a_symbolic_batch(tmp_path, convolutional, images):
    found = export(
        convolutional, images, path=tmp_path / "net.onnx", external_data=True, dynamic_batch=True,
        batch_format="safetensors")
    assert (tmp_path / "net.onnx.data").exists()
    assert found.batch.name == "net.batch.safetensors"
    assert found.agrees
    assert onnx.load(found.path).graph.input[0].type.tensor_type.shape.dim[0].dim_param == "batch"
    assert "Symbolic axes, which take their extent from the batch: batch." in found.audit.remarks
    # With fewer samples too.
    graph = exporting.OnnxGraph.read(found.path)
    y = graph.evaluate({"x": images[:3]}, graph.outputs)[graph.outputs[0]]
    assert torch.allclose(y, convolutional.eval().double()(images[:3].double()), atol=1e-10)


def test_tokens_tied_weights_and_results(tmp_path):
    torch.manual_seed(0)
    module = Tokens()
    tokens = torch.randint(11, (2, 6))
    words = {"mask": torch.ones(2, 6), "options": {"scale": torch.randn(8)}}
    found = export(module, (tokens,), words, tmp_path / "net.onnx", labels=torch.zeros(2, 6, dtype=torch.int64))
    assert found.agrees
    assert found.output == "logits"
    assert found.remarks[0] == (
        "Of the results loss [], hidden.0 [2, 6, 8], hidden.1 [2, 6, 8], logits [2, 6, 11] the file has logits. "
        "A loss is computed by propagate, from the labels.")
    told = " ".join(found.audit.remarks)
    assert "embedding.weight and output.weight are one parameter, in the file" in told
    assert "the output does not depend on them: unused.weight, unused.bias." in told
    batch = read_batch(found.batch)
    assert set(batch) == {"tokens", "mask", "options_scale", "labels"}
    assert torch.equal(batch["tokens"], tokens)


def test_another_result(tmp_path):
    found = export(
        Tokens(), (torch.randint(11, (2, 6)),), {"options": {"scale": torch.ones(8)}}, tmp_path / "net.onnx",
        output="hidden.1", loss="cotangent:3")
    assert found.agrees
    assert found.output == "hidden_1"
    assert found.command.endswith("--loss cotangent:3")


def test_a_forward_of_the_object_itself_stays(tmp_path, images):
    module = Convolutional()
    own = module.forward
    module.forward = own
    assert export(module, images, path=tmp_path / "net.onnx").agrees
    assert vars(module)["forward"] is own


def test_other_opsets(tmp_path, convolutional, images):
    """Normalisations, pools and means are written otherwise in each."""
    for opset in (17, 18, 21, 23):
        found = export(convolutional, images, path=tmp_path / "net.onnx", opset=opset)
        assert found.agrees
        version = onnx.load(found.path).opset_import[0].version
        assert (version == opset) != any("was asked for" in remark for remark in found.remarks)


def test_results_are_chosen():
    x, y = torch.zeros(2, 3), torch.zeros(2)
    assert choose(x, None)[0] == "output"
    assert choose((torch.tensor(1.0), x), None)[0] == "1"
    assert choose({"out": {"a": x}, "aux": y}, "out.a")[1] is x
    with pytest.raises(ResultError, match=r"no result logits; it has 0 \[2, 3\]"):
        choose((x,), "logits")
    with pytest.raises(ResultError, match="no tensor of numbers"):
        choose({"n": torch.tensor(1)}, None)


def test_labels_that_do_not_fit_are_refused(tmp_path, convolutional, images):
    with pytest.raises(ExportError, match=r"labels of shape \[5\] do not fit logits of shape \[4, 4\]; expected \[4\]"):
        export(convolutional, images, path=tmp_path / "net.onnx", labels=np.zeros(5, dtype=np.int64))
    with pytest.raises(ExportError, match="cross-entropy or cotangent:SEED, not mse"):
        export(convolutional, images, path=tmp_path / "net.onnx", loss="mse")
    assert not (tmp_path / "net.onnx").exists()


def test_labels_of_maps():
    out = torch.zeros(2, 5, 3, 4)
    for shape in ((2, 3, 4), (2, 5, 3)):
        labels = torch.zeros(shape, dtype=torch.int64)
        assert exporting.label_arrays(out, labels, None)["labels"].shape == shape
    drawn = exporting.label_arrays(out, "random:0", None)["labels"]
    assert drawn.shape == (2, 3, 4)
    assert 0 <= int(drawn.min()) <= int(drawn.max()) < 5


def test_what_cannot_be_exported_is_said(tmp_path):
    class Branching(nn.Module):
        def forward(self, x):
            return x if x.sum() > 0 else -x

    with pytest.raises(ExportError, match="PyTorch cannot export the module"):
        export(Branching(), torch.randn(2, 3), path=tmp_path / "net.onnx")


def test_command(tmp_path, capsys):
    network = tmp_path / "networks.py"
    network.write_text(
        "import torch\n"
        "def make(width=4):\n"
        "    return torch.nn.Sequential(torch.nn.Linear(3, width), torch.nn.BatchNorm1d(width))\n")
    file = tmp_path / "net.onnx"
    words = [f"{network}:make", "--option", "width=5", "--input", "4x3", "--train-bn", "-o", str(file)]
    assert exporting.main(words) == 0
    told = capsys.readouterr().out
    assert "(training_mode = 1): 1 of the nodes." in told
    assert f"propagate {file} --batch-file" in told
    assert training_modes(file) == [1]
    state = tmp_path / "state.pth"
    torch.save(nn.Linear(3, 4).state_dict(), state)
    assert exporting.main([*words, "--weights", str(state)]) == 2
    assert "does not fit the module" in capsys.readouterr().err
    assert exporting.main([f"{network}:other", "--input", "4x3"]) == 2
    assert exporting.main([f"{network}:make"]) == 2
    assert "an input is needed" in capsys.readouterr().err
    # A tolerance that nothing meets: the float64 sums of the two are taken in another order.
    assert exporting.main([*words[:-1], str(tmp_path / "other.onnx"), "--tolerance", "-1"]) == 1


def test_inputs_from_words():
    generator = torch.Generator().manual_seed(0)
    name, x = noise("2x3", generator)
    assert name is None and x.shape == (2, 3) and x.is_floating_point()
    name, x = noise("ids=2x8:int:5", generator)
    assert name == "ids" and x.dtype == torch.int64 and 0 <= int(x.min()) <= int(x.max()) < 5
    for text in ("2x", "0x3", "ids=2:int", "2x3:float:4", "2:int:x"):
        with pytest.raises(RequestError, match="write "):
            noise(text, generator)
