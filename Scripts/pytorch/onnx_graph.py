"""An ONNX file as a graph that PyTorch evaluates in float64, with autograd.

Functions of the model are inlined, gates x + g∘(F − x) are written (x − g∘x) + g∘F where a listing of units names
their parts, and what an output does not need is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import onnx
import onnx.inliner
import torch
from torch import Tensor

from onnx_operators import OPERATORS, Node, OnnxError, Value, evaluate, tensor_of

KEPT, TAKEN, SHUT = "/kept", "/taken", "/shut"
"""Suffixes of the parts of a gate: x − g∘x, g∘F and g∘x."""
Edge = tuple[str, int]
"""An operand of a node: the name of the node's first result, and the operand's slot."""


class OnnxGraph:
    def __init__(self, model: onnx.ModelProto) -> None:
        if model.functions:
            model = onnx.inliner.inline_local_functions(model)
        versions = {o.domain or "ai.onnx": o.version for o in model.opset_import}
        self.initializers = {t.name: t for t in model.graph.initializer}
        self.inputs = {i.name: i.type.tensor_type for i in model.graph.input if i.name not in self.initializers}
        self.outputs = [o.name for o in model.graph.output]
        self.nodes = [node_of(proto, versions) for proto in model.graph.node]

    @staticmethod
    def read(path: Path | str) -> OnnxGraph:
        return OnnxGraph(onnx.load(path))

    @property
    def makers(self) -> dict[str, Node]:
        return {name: node for node in self.nodes for name in node.outputs if name}

    def unsupported(self) -> list[str]:
        """Operators that are not known, with how often they occur."""
        counts = Counter((n.domain or "ai.onnx", n.type) for n in self.nodes)
        known = {(domain, name) for domain in ("ai.onnx",) for name in OPERATORS}
        return [f"{d}.{t} ({count})" for (d, t), count in sorted(counts.items()) if (d, t) not in known]

    def needed_by(self, outputs: Iterable[str]) -> list[Node]:
        wanted, found = set(outputs), []
        for node in reversed(self.nodes):
            if wanted.intersection(node.outputs):
                found.append(node)
                wanted.update(node.inputs)
        return found[::-1]

    def depending_on_inputs(self) -> set[str]:
        found = set(self.inputs)
        for node in self.nodes:
            if found.intersection(node.inputs):
                found.update(name for name in node.outputs if name)
        return found

    def source(self, name: str) -> str:
        """What a value is, looked at through identities."""
        makers = self.makers
        while (node := makers.get(name)) and node.type in ("Identity", "Cast", "CastLike", "Dropout"):
            name = node.inputs[0]
        return name

    def splitting_gates(self, names: Iterable[str]) -> OnnxGraph:
        """With every gate whose parts are among the names written as (x − g∘x) + g∘F."""
        sums = {n.removesuffix(s) for n in names for s in (KEPT, TAKEN, SHUT) if n.endswith(s)}
        known = self.makers | dict.fromkeys([*self.initializers, *self.inputs])
        sums = {s for s in sums if s in known and not any(s + suffix in known for suffix in (KEPT, TAKEN, SHUT))}
        if not sums:
            return self
        result = object.__new__(OnnxGraph)
        result.__dict__.update(self.__dict__)
        result.nodes = [part for node in self.nodes for part in self.split_gate(node, sums)]
        return result

    def split_gate(self, node: Node, sums: set[str]) -> list[Node]:
        if node.outputs[0] not in sums:
            return [node]
        name = node.outputs[0]
        x, gate, taken = self.gate(node)
        parts = [
            ("Mul", (gate, x), name + SHUT), ("Sub", (x, name + SHUT), name + KEPT),
            ("Mul", (gate, taken), name + TAKEN), ("Add", (name + KEPT, name + TAKEN), name),
        ]
        return [
            replace(node, type=kind, inputs=inputs, outputs=(output,), attributes={}) for kind, inputs, output in parts
        ]

    def gate(self, node: Node) -> tuple[str, str, str]:
        """x, g and F of a node that computes x + g∘(F − x) or x − g∘(x − F)."""
        makers = self.makers
        orders = [node.inputs] if node.type == "Sub" else [node.inputs, node.inputs[::-1]]
        for x, other in orders:
            product = makers.get(self.source(other))
            if product is None or product.type != "Mul":
                continue
            for gate, factor in (product.inputs, product.inputs[::-1]):
                difference = makers.get(self.source(factor))
                if difference is None or difference.type != "Sub":
                    continue
                kept, taken = difference.inputs if node.type == "Sub" else difference.inputs[::-1]
                if self.source(kept) == self.source(x):
                    return x, gate, taken
        raise OnnxError(f"the listing has a gate at {node.outputs[0]}, and the file's node is none")

    def sources(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """The inputs' values, as the file wants them."""
        found = {}
        for name, kind in self.inputs.items():
            if name not in batch:
                raise OnnxError(f"the batch has no array {name}; it has {', '.join(sorted(batch))}")
            shape = [d.dim_value if d.HasField("dim_value") else None for d in kind.shape.dim]
            own = list(batch[name].shape)
            if kind.HasField("shape") and (
                len(shape) != len(own) or any(n not in (None, m) for n, m in zip(shape, own, strict=True))
            ):
                raise OnnxError(f"the batch has {name} in shape {own}, the file wants {shape}")
            found[name] = widened(batch[name])
        return found

    def evaluate(
        self, batch: dict[str, Tensor], outputs: Iterable[str], *, keeping: Iterable[str] = (),
        at_edge: dict[Edge, Callable[[Tensor], Tensor]] | None = None, normalization: str = "file",
        tracks: bool = False, watch: Callable[[Node, list[Value], tuple[Value, ...]], None] | None = None,
    ) -> dict[str, Value]:
        """Values of outputs and of what else is to be kept.

        at_edge: what an operand becomes before its node sees it.
        tracks: whether autograd follows the signal: from real inputs, from embeddings, and from each kept value that
        is not on its way.
        """
        wanted = set(outputs) | set(keeping)
        nodes = self.needed_by(wanted)
        uses = Counter(name for node in nodes for name in node.inputs) + Counter(wanted)
        values: dict[str, Value] = {}
        for name, x in self.sources(batch).items():
            values[name] = x.requires_grad_() if tracks and x.is_floating_point() else x
        follows = self.depending_on_inputs()
        with torch.set_grad_enabled(tracks):
            for node in nodes:
                operands = [self.operand(name, values) for name in node.inputs]
                for slot, operand in enumerate(operands):
                    if at_edge and (node.outputs[0], slot) in at_edge:
                        operands[slot] = at_edge[node.outputs[0], slot](operand)
                results = computed(replace(node, normalization=normalization), operands)
                if tracks:
                    is_source = self.is_embedding(node, follows)
                    results = tuple(
                        tracked(r, operands, is_source or name in wanted)
                        for name, r in zip(node.outputs, results, strict=False))
                values.update(zip(node.outputs, results, strict=False))
                if watch:
                    watch(node, operands, results)
                for name in node.inputs:
                    uses[name] -= 1
                    if not uses[name]:
                        values.pop(name, None)
        return {name: self.operand(name, values) for name in wanted}

    def operand(self, name: str, values: dict[str, Value]) -> Value:
        if not name:
            return None
        if name in values:
            return values[name]
        if name not in self.initializers:
            raise OnnxError(f"nothing in the file gives the value {name}")
        values[name] = tensor_of(self.initializers[name])
        return values[name]

    def is_embedding(self, node: Node, follows: set[str]) -> bool:
        """A learned table that is read at places which an input gives."""
        return node.type == "Gather" and node.inputs[0] not in follows and node.inputs[1] in follows


def node_of(proto: onnx.NodeProto, versions: dict[str, int]) -> Node:
    for attribute in proto.attribute:
        if attribute.type in (onnx.AttributeProto.GRAPH, onnx.AttributeProto.GRAPHS):
            raise OnnxError(
                f"the graph branches or loops at run time ({proto.op_type}, node {proto.name}); export it unrolled")
    domain = "" if proto.domain == "ai.onnx" else proto.domain
    return Node(
        proto.op_type, proto.name, domain, tuple(proto.input), tuple(proto.output),
        {a.name: onnx.helper.get_attribute_value(a) for a in proto.attribute}, versions.get(domain or "ai.onnx", 1))


def computed(node: Node, operands: list[Value]) -> tuple[Value, ...]:
    try:
        return evaluate(node, operands)
    except (RuntimeError, IndexError, TypeError, ValueError, KeyError, AttributeError) as error:
        shapes = ", ".join("–" if o is None else str(list(getattr(o, "shape", []))) for o in operands)
        raise node.refuse(f"operands of shapes {shapes}: {error}") from error


def tracked(result: Value, operands: list[Value], is_source: bool) -> Value:
    """A value of its own, with a derivative of its own, from which the signal starts if nothing before it is one."""
    if not isinstance(result, Tensor):
        return result
    if any(result is operand for operand in operands):
        result = result.view_as(result)
    if is_source and result.is_floating_point() and not result.requires_grad:
        return result.detach().requires_grad_()
    return result


def widened(x: Tensor) -> Tensor:
    if x.dtype == torch.bool:
        return x
    return x.detach().clone().to(torch.float64 if x.is_floating_point() else torch.int64)
