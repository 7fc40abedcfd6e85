"""Export a PyTorch module to ONNX so that nothing of it is lost, with a batch, and compare the file with the module.

    python export.py torchvision.models:resnet18 --input 8x3x64x64 --labels random:0
    python export.py --timm resnetv2_50 --weights weights.safetensors --input 4x3x128x128 --train-bn -o net.onnx
    python export.py my_networks.py:make --option depth=20 --batch-file arrays.npz
    python export.py transformers:GPT2LMHeadModel --config GPT2Config --input input_ids=2x64:int:50257

From Python: `export(module, (x,), path="net.onnx", labels=y)`. Either way net.onnx and net.batch.npz are written (or
net.batch.safetensors), and

    propagate net.onnx --batch-file net.batch.npz

measures them. Constants are not folded and initialisers not merged; batch normalisation stays, in training mode where
`--train-bn` asks for it; paths of this machine are removed. EXPORTING.md says what other ways of exporting do.

The file is then read back, evaluated in float64 and held against the module: what differs is said in sentences.
Exit status: 0 the outputs are the same within the tolerance, 1 they are not, 2 the module could not be exported.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import inspect
import sys
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import onnx
import torch
from torch import Tensor, nn
from torch.utils import _pytree as pytree

from batch_file import write_batch
from export_audit import TOLERANCE, Audit, audit
from export_request import RequestError, request_of
from module_results import ResultError, choose, results
from onnx_graph import OnnxGraph
from onnx_operators import OnnxError

OPSET = 20
LARGEST_FILE = 1 << 31
"""Protocol buffers end there; weights of a larger model stand in a file of their own."""
MACHINE_METADATA = ("pkg.torch.onnx.stack_trace",)
"""Names files of the machine that exports."""


class ExportError(Exception):
    """Why a module cannot be exported, in a sentence."""


@dataclass
class Export:
    """What was written."""

    path: Path
    batch: Path
    output: str
    command: str
    """How to measure it."""
    remarks: list[str] = field(default_factory=list)
    audit: Audit | None = None

    @property
    def agrees(self) -> bool:
        return self.audit is None or self.audit.agrees


def export(
    module: nn.Module, args: Sequence[Any] | Tensor = (), kwargs: Mapping[str, Any] | None = None,
    path: str | Path = "model.onnx", *, train_bn: bool = False, labels: Any = None, loss: str | None = None,
    output: str | None = None, names: Sequence[str] | None = None, opset: int = OPSET, external_data: bool = False,
    dynamic_batch: bool = False, batch_format: str = "npz", tolerance: float = TOLERANCE, checks: bool = True,
) -> Export:
    """Write `path` and the batch beside it, and compare the file with the module.

    train_bn: BatchNormalization with the statistics of the batch, as in training; everything else as in evaluation.
    labels: an array, or `random:SEED`.
    loss: `cross-entropy` or `cotangent:SEED`; only the command that is suggested depends on it.
    output: which result, by its key or place (`logits`, `0`, `aux.0`); otherwise logits, or the first tensor.
    names: of the inputs, in the order of the module's parameters.
    """
    path, kwargs = Path(path), dict(kwargs or {})
    args = (args,) if isinstance(args, Tensor) else tuple(args)
    was_training = module.training
    remarks = []
    with evaluating(module), torch.no_grad():
        name, result, taken = choose(module(*args, **kwargs), output)
        remarks += taken
        arrays = label_arrays(result, labels, loss)
        model = onnx_model(module, args, kwargs, name, names, opset, dynamic_batch)
    clean(model)
    versions = {o.domain: o.version for o in model.opset_import}
    if versions.get("") != opset:
        remarks.append(f"Opset {opset} was asked for; the exporter wrote {versions.get('')}.")
    graph = OnnxGraph(model)
    if train_bn:
        remarks += use_batch_statistics(model, graph)
    elif was_training and any(isinstance(m, nn.modules.batchnorm._BatchNorm) for m in module.modules()):
        remarks.append(
            "The module was in training mode; the file is the inference network, with running statistics. "
            "train_bn=True (--train-bn) writes the statistics of the batch.")
    inputs = input_arrays(module, args, kwargs, graph)
    remarks += save(model, path, external_data)
    batch = path.with_suffix(f".batch.{batch_format}")
    write_batch(batch, inputs | arrays)
    found = Export(path, batch, graph.outputs[0], command(path, batch, arrays, loss), remarks)
    if checks:
        found.audit = audit(path, batch, module, args, kwargs, name, train_bn, tolerance)
    return found


@contextlib.contextmanager
def evaluating(module: nn.Module) -> Iterator[None]:
    """In evaluation mode, and each part in its own mode again."""
    modes = {m: m.training for m in module.modules()}
    module.eval()
    try:
        yield
    finally:
        for part, mode in modes.items():
            part.training = mode


def onnx_model(
    module: nn.Module, args: tuple, kwargs: dict, output: str, names: Sequence[str] | None, opset: int, dynamic: bool
) -> onnx.ModelProto:
    """The file, its weights within it."""
    forward, own = module.forward, vars(module).get("forward")

    @functools.wraps(forward)
    def chosen(*a: Any, **k: Any) -> Tensor:
        return dict(results(forward(*a, **k)))[output]

    # On the object itself, so that parameters keep their names.
    module.forward = chosen
    try:
        with warnings.catch_warnings(), tempfile.TemporaryDirectory() as folder:
            warnings.simplefilter("ignore")
            file = Path(folder) / "model.onnx"
            program = torch.onnx.export(
                module, args, kwargs=kwargs, dynamo=True, optimize=False, opset_version=opset, verbose=False,
                input_names=names, output_names=[output.replace(".", "_")],
                dynamic_shapes=dynamic_shapes(forward, args, kwargs) if dynamic else None)
            program.save(file, external_data=parameter_bytes(module) > LARGEST_FILE // 2)
            return onnx.load(file)
    except torch.onnx.OnnxExporterError as error:
        raise ExportError(f"PyTorch cannot export the module: {first_cause(error)}") from error
    finally:
        del module.forward
        if own is not None:
            module.forward = own


def first_cause(error: BaseException) -> str:
    while error.__cause__ is not None:
        error = error.__cause__
    lines = str(error).strip().splitlines()
    return ": ".join([type(error).__name__, *lines[:1]])


def parameter_bytes(module: nn.Module) -> int:
    return sum(t.numel() * t.element_size() for t in (*module.parameters(), *module.buffers()))


def dynamic_shapes(forward: Any, args: tuple, kwargs: dict) -> dict[str, Any]:
    """A symbolic first axis for every tensor that has as many samples as the first."""
    bound = inspect.signature(forward).bind(*args, **kwargs).arguments
    samples = next((t.shape[0] for t in pytree.tree_leaves(bound) if isinstance(t, Tensor) and t.dim()), None)
    if samples is None or samples < 2:
        raise ExportError("a dynamic batch needs an input with at least two samples")

    def shape(leaf: Any) -> dict[int, str] | None:
        is_batch = isinstance(leaf, Tensor) and leaf.dim() and leaf.shape[0] == samples
        return {0: "batch"} if is_batch else None

    return pytree.tree_map(shape, dict(bound))


def clean(model: onnx.ModelProto) -> None:
    """Remove what names files of this machine."""
    def clean_nodes(graph: onnx.GraphProto | onnx.FunctionProto) -> None:
        for node in graph.node:
            node.doc_string = ""
            kept = [p for p in node.metadata_props if p.key not in MACHINE_METADATA]
            if len(kept) < len(node.metadata_props):
                entries = [(p.key, p.value) for p in kept]
                del node.metadata_props[:]
                for key, value in entries:
                    node.metadata_props.add(key=key, value=value)
            for attribute in node.attribute:
                for inner in (attribute.g, *attribute.graphs):
                    clean_nodes(inner)

    model.doc_string = model.graph.doc_string = ""
    for graph in (model.graph, *model.functions):
        clean_nodes(graph)


def use_batch_statistics(model: onnx.ModelProto, graph: OnnxGraph) -> list[str]:
    """BatchNormalization of what depends on the inputs, in training mode, where it has running statistics."""
    version = next(o.version for o in model.opset_import if o.domain in ("", "ai.onnx"))
    if version < 14:
        raise ExportError(f"BatchNormalization has no training mode in opset {version}; export with 14 or later")
    follows, count = graph.depending_on_inputs(), 0
    for node in model.graph.node:
        if node.op_type != "BatchNormalization" or node.input[0] not in follows or follows.intersection(node.input[3:]):
            continue
        attributes = [a for a in node.attribute if a.name != "training_mode"]
        del node.attribute[:]
        node.attribute.extend([*attributes, onnx.helper.make_attribute("training_mode", 1)])
        del node.output[1:]
        node.output.extend([f"{node.output[0]}/running_mean", f"{node.output[0]}/running_var"])
        count += 1
    return [f"BatchNormalization set to the statistics of the batch (training_mode = 1): {count} of the nodes."]


def input_arrays(module: nn.Module, args: tuple, kwargs: dict, graph: OnnxGraph) -> dict[str, Tensor]:
    """The inputs by the names that the file has for them."""
    bound = inspect.signature(module.forward).bind(*args, **kwargs).arguments
    tensors = [t for t in pytree.tree_leaves(bound) if isinstance(t, Tensor)]
    if len(tensors) != len(graph.inputs):
        raise ExportError(
            f"the module was given {len(tensors)} tensors, and the file has the inputs {', '.join(graph.inputs)}")
    return dict(zip(graph.inputs, tensors, strict=True))


def label_arrays(output: Tensor, labels: Any, loss: str | None) -> dict[str, Tensor]:
    """`labels`, of a shape that fits the logits."""
    if loss is not None and loss != "cross-entropy" and not loss.startswith("cotangent:"):
        raise ExportError(f"the loss is cross-entropy or cotangent:SEED, not {loss}")
    if labels is None:
        return {}
    along_channels = output.shape[:1] + output.shape[2:]
    shapes = [output.shape[:-1]] if output.dim() < 4 else [along_channels, output.shape[:-1]]
    if isinstance(labels, str):
        if not labels.startswith("random:"):
            raise ExportError(f"labels are an array or random:SEED, not {labels}")
        generator = torch.Generator().manual_seed(int(labels.removeprefix("random:")))
        classes = output.shape[-1] if output.dim() < 4 else output.shape[1]
        return {"labels": torch.randint(classes, shapes[0], generator=generator)}
    labels = torch.as_tensor(labels)
    if labels.shape not in (output.shape[:-1], along_channels):
        wanted = " or ".join(str(list(s)) for s in dict.fromkeys(map(tuple, shapes)))
        raise ExportError(
            f"labels of shape {list(labels.shape)} do not fit logits of shape {list(output.shape)}; expected {wanted}")
    return {"labels": labels.to(torch.int64)}


def save(model: onnx.ModelProto, path: Path, external: bool) -> list[str]:
    path.parent.mkdir(parents=True, exist_ok=True)
    size = sum(len(t.raw_data) for t in model.graph.initializer)
    is_large = size > LARGEST_FILE - (1 << 26)
    if not external and not is_large:
        onnx.save_model(model, path)
        return []
    data = path.name + ".data"
    (path.parent / data).unlink(missing_ok=True)
    onnx.save_model(model, path, save_as_external_data=True, all_tensors_to_one_file=True, location=data)
    return [f"The weights are in {data}, which has to stay beside {path.name}."] if external else [
        f"The weights are more than a file can hold (2 GB); they are in {data}, which has to stay beside {path.name}."]


def command(path: Path, batch: Path, arrays: dict[str, Tensor], loss: str | None) -> str:
    words = ["propagate", str(path), "--batch-file", str(batch)]
    if loss not in (None, "cross-entropy"):
        words += ["--loss", loss]
    elif "labels" not in arrays:
        words += ["--labels", "random:0"]
    return " ".join(words)


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    made.add_argument("factory", nargs="?", help="MODULE:CALLABLE or FILE.py:CALLABLE, which gives a torch.nn.Module")
    made.add_argument("--timm", metavar="NAME", help="a model of timm, in place of a factory")
    made.add_argument("--config", metavar="CALLABLE",
                      help="makes the factory's only argument (a configuration of transformers); options go to it")
    made.add_argument("--option", action="append", default=[], metavar="NAME=VALUE",
                      help="an argument of the factory; a number, True, False, None, a list or a word")
    made.add_argument("--weights", type=Path, help="a state dictionary (.pth, .pt, .safetensors); otherwise as made")
    made.add_argument("--seed", type=int, default=0, help="of weights and inputs")
    made.add_argument("--input", action="append", default=[], metavar="[NAME=]8x3x64x64[:int:HIGH]",
                      help="normal noise, or whole numbers below HIGH; repeat for several")
    made.add_argument("--batch-file", type=Path, help="inputs from a .npz or .safetensors; `labels` are the labels")
    made.add_argument("--labels", metavar="random:SEED", help="where the batch file has none")
    made.add_argument("--loss", metavar="cross-entropy|cotangent:SEED", help="for the command that is suggested")
    made.add_argument("--output", metavar="NAME", help="which of the results (logits, 0, aux.0)")
    made.add_argument("--name", action="append", dest="names", metavar="NAME", help="of an input, in their order")
    made.add_argument("--train-bn", action="store_true", help="batch normalisation as in training")
    made.add_argument("--opset", type=int, default=OPSET)
    made.add_argument("--dynamic-batch", action="store_true", help="a symbolic batch axis")
    made.add_argument("--external-data", action="store_true", help="weights in a file of their own")
    made.add_argument("--batch-format", choices=("npz", "safetensors"), default="npz")
    made.add_argument("--tolerance", type=float, default=TOLERANCE,
                      help=f"largest difference of outputs, relative to the largest output (default {TOLERANCE:g})")
    made.add_argument("-o", "--to", type=Path, default=Path("model.onnx"), metavar="PATH")
    return made


def main(words: Sequence[str] | None = None) -> int:
    options = parser().parse_args(words)
    try:
        request = request_of(options)
        found = export(
            request.module, request.args, request.kwargs, options.to, train_bn=options.train_bn,
            labels=request.labels, loss=options.loss, output=options.output, names=options.names, opset=options.opset,
            external_data=options.external_data, dynamic_batch=options.dynamic_batch,
            batch_format=options.batch_format, tolerance=options.tolerance)
    except (ExportError, RequestError, ResultError, OnnxError, OSError) as error:
        print(f"export: {error}", file=sys.stderr)
        return 2
    print(f"{found.path}: {found.audit.summary}")
    for remark in (*found.remarks, *found.audit.remarks):
        print(remark)
    print(found.audit.verdict)
    print(found.command)
    return 0 if found.agrees else 1


if __name__ == "__main__":
    sys.exit(main())
