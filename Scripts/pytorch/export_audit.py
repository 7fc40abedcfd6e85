"""An ONNX file beside the PyTorch module that it was exported from: outputs, and what of the module is in the file."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from torch import Tensor, nn
from torch.utils import _pytree as pytree

from batch_file import read_batch
from module_results import results
from onnx_graph import OnnxGraph
from onnx_operators import Node, Value

TOLERANCE = 1e-5
"""Relative to the largest output. Scalars (epsilon, 1/sqrt(d)) are float32 in a file, and some modules compute tables
(rotary angles) in float32 whatever their precision: differences of 1e-8 to 1e-6 are usual."""
SINGLE_TOLERANCE = 1e-3
"""At least, where the module runs in float32 alone."""
BATCH_NORMS = nn.modules.batchnorm._BatchNorm
CONVOLUTIONS = nn.modules.conv._ConvNd
CONTROL_FLOW = {"If", "Loop", "Scan", "SequenceMap"}
LISTED = 5


@dataclass
class Audit:
    difference: float
    """Of outputs, relative to the largest."""
    tolerance: float
    summary: str
    precision: str = "float64"
    remarks: list[str] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        return self.difference <= self.tolerance

    @property
    def verdict(self) -> str:
        words = "as" if self.agrees else "NOT as"
        return (f"The file computes {words} the module does: outputs differ by {self.difference:.1e} of the largest "
                f"(allowed {self.tolerance:g}; the module ran in {self.precision}, the file in float64).")


def audit(
    path: Path, batch: Path, module: nn.Module, args: tuple, kwargs: dict[str, Any], output: str, train_bn: bool,
    tolerance: float,
) -> Audit:
    model = onnx.load(path)
    graph = OnnxGraph(model)
    of_module = ModuleRun.of(module, args, kwargs, output, train_bn)
    of_file = FileRun(graph, batch)
    is_single = of_module.precision == "float32"
    found = Audit(
        relative_difference(of_file.output, of_module.output), max(tolerance, SINGLE_TOLERANCE if is_single else 0),
        summary(model, path), of_module.precision)
    found.remarks = [
        *batch_norm_remarks(of_module, of_file), *bias_remarks(of_module, of_file), *dropout_remarks(module),
        *parameter_remarks(module, of_module, model), *graph_remarks(graph, model)]
    return found


def summary(model: onnx.ModelProto, path: Path) -> str:
    versions = ", ".join(f"{o.domain or 'ai.onnx'} {o.version}" for o in model.opset_import)
    size = sum(f.stat().st_size for f in (path, path.with_name(path.name + ".data")) if f.exists())
    return f"{len(model.graph.node)} nodes, opset {versions}, {size / 1e6:.1f} MB"


def relative_difference(found: Tensor, wanted: Tensor) -> float:
    if found.shape != wanted.shape:
        return float("inf")
    found, wanted = found.double(), wanted.double()
    if not bool(torch.isfinite(found).all()) or not bool(torch.isfinite(wanted).all()):
        return 0.0 if torch.equal(found, wanted) else float("inf")
    largest = float(wanted.abs().max()) if wanted.numel() else 0.0
    error = float((found - wanted).abs().max()) if wanted.numel() else 0.0
    return error / largest if largest else error


@dataclass
class ModuleRun:
    """What a copy of the module gives, in float64 if it can."""

    output: Tensor
    precision: str
    batch_norms: int = 0
    """Calls, not modules: one may be called twice."""
    biased: int = 0
    """Calls of convolutions with a bias."""
    unused: set[str] = field(default_factory=set)
    """Parameters on which the output does not depend."""

    @staticmethod
    def of(module: nn.Module, args: tuple, kwargs: dict[str, Any], output: str, train_bn: bool) -> ModuleRun:
        try:
            return ModuleRun.measured(copy.deepcopy(module).double(), args, kwargs, output, train_bn, torch.float64)
        except RuntimeError:
            # Somewhere it makes tensors of a precision of its own.
            return ModuleRun.measured(copy.deepcopy(module).float(), args, kwargs, output, train_bn, torch.float32)

    @staticmethod
    def measured(
        copied: nn.Module, args: tuple, kwargs: dict[str, Any], output: str, train_bn: bool, precision: torch.dtype
    ) -> ModuleRun:
        def cast(x: Any) -> Any:
            return x.detach().to(precision) if isinstance(x, Tensor) and x.is_floating_point() else x

        copied.eval()
        run = ModuleRun(torch.empty(0), str(precision).removeprefix("torch."))
        for part in copied.modules():
            if isinstance(part, BATCH_NORMS):
                part.train(train_bn and part.track_running_stats)
            part.register_forward_hook(run.count)
        with torch.enable_grad():
            args, kwargs = pytree.tree_map(cast, (args, kwargs))
            chosen = dict(results(copied(*args, **kwargs)))[output]
            run.unused = unused_parameters(copied, chosen)
        run.output = chosen.detach()
        return run

    def count(self, part: nn.Module, operands: Any, result: Any) -> None:
        self.batch_norms += isinstance(part, BATCH_NORMS)
        self.biased += isinstance(part, CONVOLUTIONS) and part.bias is not None


def unused_parameters(module: nn.Module, output: Tensor) -> set[str]:
    named = {n: p for n, p in module.named_parameters(remove_duplicate=False) if p.is_floating_point()}
    for parameter in named.values():
        if not parameter.requires_grad:
            # Frozen: autograd cannot tell, and it is taken for used.
            return set()
    if not output.requires_grad:
        return set(named)
    gradients = torch.autograd.grad(output.sum(), list(named.values()), allow_unused=True)
    return {name for name, gradient in zip(named, gradients, strict=True) if gradient is None}


class FileRun:
    """What the file gives, in float64, with what its nodes were given."""

    def __init__(self, graph: OnnxGraph, batch: Path) -> None:
        self.follows = graph.depending_on_inputs()
        self.running, self.batch, self.biased = 0, 0, 0
        self.output: Tensor = graph.evaluate(read_batch(batch), graph.outputs[:1], watch=self.see)[graph.outputs[0]]

    def see(self, node: Node, operands: list[Value], results: tuple[Value, ...]) -> None:
        if node.type == "BatchNormalization" and node.inputs[0] in self.follows:
            takes_batch = node.get("training_mode", 0) or self.follows.intersection(node.inputs[3:])
            self.batch += bool(takes_batch)
            self.running += not takes_batch
        if node.type in ("Conv", "ConvTranspose") and len(operands) > 2 and operands[2] is not None:
            self.biased += bool(operands[2].any())


def batch_norm_remarks(module: ModuleRun, file: FileRun) -> list[str]:
    count = file.running + file.batch
    if module.batch_norms > count:
        return [f"The module calls BatchNormalization {module.batch_norms} times and the file has {count} nodes of it: "
                f"{module.batch_norms - count} were folded into other weights. Export with optimize=False to keep "
                "them."]
    if not count:
        return []
    kinds = [f"{n} with {words}" for n, words in (
        (file.batch, "the statistics of the batch"), (file.running, "running statistics")) if n]
    return [f"BatchNormalization: {' and '.join(kinds)}."]


def bias_remarks(module: ModuleRun, file: FileRun) -> list[str]:
    extra = file.biased - module.biased
    return [] if extra <= 0 else [
        f"Convolutions of the file with a bias that the module's have not: {extra}; a normalisation was folded into "
        "them."]


def dropout_remarks(module: nn.Module) -> list[str]:
    count = sum(
        getattr(m, "p", getattr(m, "drop_prob", 0)) not in (0, None) for m in module.modules()
        if type(m).__name__.startswith(("Dropout", "DropPath", "AlphaDropout", "StochasticDepth")))
    return [f"Dropout layers, which are the identity in the file as in evaluation: {count}."] if count else []


def parameter_remarks(module: nn.Module, run: ModuleRun, model: onnx.ModelProto) -> list[str]:
    """Parameters by name, and by value where the names are the same."""
    stored = {t.name: t for t in model.graph.initializer}
    groups: dict[int, list[tuple[str, Tensor]]] = {}
    for name, parameter in module.named_parameters(remove_duplicate=False):
        groups.setdefault(id(parameter), []).append((name, parameter))
    remarks, absent, changed, unused, kept, total = [], [], [], [], 0, 0
    for group in groups.values():
        names, parameter = [n for n, _ in group], group[0][1]
        present = [n for n in names if n in stored]
        total += parameter.numel()
        if present:
            kept += parameter.numel()
            changed += [n for n in present if not same(stored[n], parameter)]
        elif run.unused.issuperset(names):
            unused.append(names[0])
        else:
            absent.append(names[0])
        if len(present) > 1:
            remarks.append(f"The module has one parameter {' = '.join(names)}, and the file a copy for each name.")
        elif len(group) > 1 and present:
            remarks.append(f"{' and '.join(names)} are one parameter, in the file {present[0]}.")
    remarks.insert(0, f"{kept:,} of the module's {total:,} parameters are in the file by name.")
    if unused:
        remarks.append(f"Not in the file, for the output does not depend on them: {some(unused)}.")
    if absent:
        remarks.append(f"Not in the file by their names (merged, folded or renamed): {some(absent)}.")
    if changed:
        remarks.append(f"With other values than the module's: {some(changed)}.")
    return remarks


def same(tensor: onnx.TensorProto, parameter: Tensor) -> bool:
    values = onnx.numpy_helper.to_array(tensor).astype(np.float64)
    return values.shape == tuple(parameter.shape) and np.array_equal(values, parameter.detach().double().numpy())


def graph_remarks(graph: OnnxGraph, model: onnx.ModelProto) -> list[str]:
    remarks = []
    branching = sorted({n.type for n in graph.nodes} & CONTROL_FLOW)
    if branching:
        remarks.append(f"The graph branches or loops at run time ({', '.join(branching)}): propagate refuses it.")
    unknown = graph.unsupported()
    if unknown:
        remarks.append(f"Operators that this check does not know: {', '.join(unknown)}.")
    if model.functions:
        remarks.append(f"The file has {len(model.functions)} functions of its own; they are inlined when it is read.")
    symbols = {d.dim_param for i in model.graph.input for d in i.type.tensor_type.shape.dim if d.dim_param}
    if symbols:
        remarks.append(f"Symbolic axes, which take their extent from the batch: {', '.join(sorted(symbols))}.")
    return remarks


def some(names: Iterable[str]) -> str:
    names = list(names)
    more = len(names) - LISTED
    return ", ".join(names[:LISTED]) + (f" and {more} more" if more > 0 else "")
