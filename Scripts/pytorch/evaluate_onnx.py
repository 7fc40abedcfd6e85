"""Where the gradient goes in an ONNX file, by autograd alone: a second witness for `propagate MODEL.onnx`.

    propagate inspect net.onnx --json units.json
    python evaluate_onnx.py net.onnx --units units.json --batch-file net.batch.npz

Units are taken from the listing; the numbers are computed in another way than by a sweep that carries three terms. With
E the loss, x a row's values, and the edges by which operands of F enter their merges cut:

- g = ∂E/∂x in the graph as it is; at each cut edge it has the gradient e of the operand.
- d = ∂E/∂x in a second graph, where every operand at a cut edge is detached: its values are the same.
- w = ∂/∂x of Σ ⟨e, operand⟩ over the cut edges in that second graph, e held constant: what enters branches, each
  derivative counted at the last branch that it leaves. It is not computed as g − d; that they are equal is a check.

Numbers are float64, exponents are not carried: networks whose gradients leave that range cannot be compared.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from batch_file import read_batch
from onnx_graph import Edge, OnnxGraph
from onnx_operators import OnnxError

MASK = (1 << 64) - 1


@dataclass(frozen=True)
class Row:
    l: int
    values: tuple[str, ...]
    stage: int


@dataclass(frozen=True)
class Listing:
    """What `propagate inspect --json` says of the reported stack. The only place that knows its keys."""

    output: str
    rows: tuple[Row, ...]
    merges: tuple[tuple[str, ...], ...]
    """y_l: results of unit l's merges."""
    cut_edges: dict[Edge, str]
    """Operands of F, by node and slot."""
    is_nested: bool
    """Whether the stack lies within a branch of another, so that its end's gradient is where it starts."""
    normalization: str
    loss: str

    @staticmethod
    def of(document: dict[str, Any]) -> Listing:
        units = document["units"]
        edges = {(e["node_output"], e["slot"]): e["operand"] for unit in units for e in unit["cut_edges"]}
        loss = document.get("loss") or {}
        kind = loss if isinstance(loss, str) else loss.get("kind", "cross-entropy")
        if isinstance(loss, dict) and "seed" in loss:
            kind = f"{kind}:{loss['seed']}"
        return Listing(
            output=document["output"],
            rows=tuple(Row(r["l"], tuple(r["values"]), r.get("stage", 0)) for r in document["rows"]),
            merges=tuple(tuple(unit["merges"]) for unit in units), cut_edges=edges,
            is_nested=any(unit.get("level", 0) > 0 for unit in units),
            normalization=document.get("batch_normalization", "file"), loss=kind)

    @property
    def names(self) -> set[str]:
        """Of all tensors that it mentions."""
        edges = {name for (node, _), operand in self.cut_edges.items() for name in (node, operand)}
        return edges | {v for row in self.rows for v in row.values} | {m for merges in self.merges for m in merges}


class Pass:
    """One forward pass whose cut edges are recorded and, for the direct term, detached."""

    def __init__(self, graph: OnnxGraph, batch: dict[str, Tensor], listing: Listing, detaches: bool) -> None:
        self.operands: dict[Edge, Tensor] = {}

        def record(edge: Edge) -> Any:
            def at_edge(operand: Tensor) -> Tensor:
                # A value of its own, whose gradient is that of this edge alone.
                self.operands[edge] = operand if detaches else operand.view_as(operand)
                return operand.detach() if detaches else self.operands[edge]

            return at_edge

        kept = {v for row in listing.rows for v in row.values} | {m for merges in listing.merges for m in merges}
        self.values = graph.evaluate(
            batch, [listing.output], keeping=kept, at_edge={edge: record(edge) for edge in listing.cut_edges},
            normalization=listing.normalization, tracks=True)
        missing = set(listing.cut_edges) - set(self.operands)
        if missing:
            raise OnnxError(f"the file has no edges {sorted(missing)[:3]}, which the listing cuts")


def gradients(ends: Sequence[tuple[Tensor, Tensor]], places: Sequence[Tensor]) -> list[Tensor]:
    """∂/∂place of Σ ⟨cotangent, end⟩; zeros where nothing depends on a place."""
    ends = [(end, cotangent) for end, cotangent in ends if end.requires_grad]
    if not ends:
        return [torch.zeros_like(p) for p in places]
    found = torch.autograd.grad(
        [end for end, _ in ends], list(places), [cotangent for _, cotangent in ends], retain_graph=True,
        allow_unused=True)
    return [torch.zeros_like(p) if g is None else g for g, p in zip(found, places, strict=True)]


@dataclass
class Terms:
    """g, d and w by the name of a value."""

    total: dict[str, Tensor]
    direct: dict[str, Tensor]
    through_weights: dict[str, Tensor]


class Decomposition:
    def __init__(self, graph: OnnxGraph, batch: dict[str, Tensor], listing: Listing) -> None:
        for (node, slot), operand in listing.cut_edges.items():
            maker = graph.makers.get(node)
            if maker is None or maker.inputs[slot : slot + 1] != (operand,):
                raise OnnxError(f"operand {slot} of {node} is not {operand}, as the listing says")
        self.whole = Pass(graph, batch, listing, detaches=False)
        self.cut = Pass(graph, batch, listing, detaches=True)

    def terms(self, starts: dict[str, Tensor], places: Iterable[str]) -> Terms:
        """starts: cotangents of the values where the sweep begins."""
        names, edges = list(places), list(self.whole.operands)
        of_whole, of_cut = self.whole.values, self.cut.values
        found = gradients(
            [(of_whole[n], c) for n, c in starts.items()],
            [of_whole[n] for n in names] + [self.whole.operands[e] for e in edges])
        total, entering = found[: len(names)], found[len(names) :]
        direct = gradients([(of_cut[n], c) for n, c in starts.items()], [of_cut[n] for n in names])
        weights = gradients(
            [(self.cut.operands[e], c) for e, c in zip(edges, entering, strict=True)], [of_cut[n] for n in names])
        return Terms(*(dict(zip(names, terms, strict=True)) for terms in (total, direct, weights)))


def splitmix64(seed: int, count: int) -> list[int]:
    state, found = seed & MASK, []
    for _ in range(count):
        state = (state + 0x9E3779B97F4A7C15) & MASK
        z = state
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & MASK
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB & MASK
        found.append(z ^ (z >> 31))
    return found


def cotangent_of_seed(seed: int, shape: Sequence[int]) -> Tensor:
    """2u/2^53 − 1 with u the upper 53 bits of splitmix64, row by row."""
    numbers = [2 * (u >> 11) / 2**53 - 1 for u in splitmix64(seed, math.prod(shape))]
    return torch.tensor(numbers, dtype=torch.float64).reshape(tuple(shape))


def cross_entropy(logits: Tensor, labels: Tensor) -> Tensor:
    """Mean over the labels that are not −100; classes along the last axis, or along axis 1 of maps."""
    if labels.shape == logits.shape[:-1]:
        logits = logits.reshape(-1, logits.shape[-1])
    elif labels.shape == logits.shape[:1] + logits.shape[2:]:
        logits = logits.movedim(1, -1).reshape(-1, logits.shape[1])
    else:
        raise OnnxError(
            f"labels of shape {list(labels.shape)} do not fit logits of shape {list(logits.shape)}; "
            f"expected {list(logits.shape[:-1])}")
    return torch.nn.functional.cross_entropy(logits, labels.reshape(-1))


def loss_and_cotangent(kind: str, output: Tensor, labels: Tensor | None) -> tuple[float, Tensor]:
    output = output.detach()
    if kind.startswith("cotangent:"):
        cotangent = cotangent_of_seed(int(kind.removeprefix("cotangent:")), output.shape)
        return float((cotangent * output).sum()), cotangent
    if labels is None:
        raise OnnxError("the batch has no labels, which cross-entropy needs")
    output.requires_grad_()
    loss = cross_entropy(output, labels)
    loss.backward()
    return float(loss.detach()), output.grad


def measure(graph: OnnxGraph, batch: dict[str, Tensor], listing: Listing) -> dict[str, Any]:
    """loss and rows, with the keys of a report."""
    graph = graph.splitting_gates(listing.names)
    unknown = graph.unsupported()
    if unknown:
        raise OnnxError(f"operators that are not supported: {', '.join(unknown)}")
    labels = batch.get("labels")
    parts = Decomposition(graph, batch, listing)
    output = parts.whole.values[listing.output]
    if not bool(torch.isfinite(output).all()):
        raise OnnxError(f"the output {listing.output} is not finite")
    loss, cotangent = loss_and_cotangent(listing.loss, output, labels)
    starts = {listing.output: cotangent}
    if listing.is_nested:
        end = listing.rows[-1].values
        starts = parts.terms(starts, end).total
    merged = [m for merges in listing.merges for m in merges]
    names = dict.fromkeys([v for row in listing.rows for v in row.values] + merged)
    terms = parts.terms(starts, names)
    rows = [columns(row.values, terms, parts.whole.values, {"l": row.l, "stage": row.stage}) for row in listing.rows]
    for row, merges in zip(rows, listing.merges, strict=False):
        row["merge"] = columns(merges, terms, parts.whole.values, {})
    add_stages(rows, listing, parts, terms)
    return {"output": listing.output, "loss": loss, "rows": rows}


def add_stages(rows: list[dict[str, Any]], listing: Listing, parts: Decomposition, terms: Terms) -> None:
    """The recursions restarted at each stage's last row."""
    for stage in {row.stage for row in listing.rows}:
        places = [place for place, row in enumerate(listing.rows) if row.stage == stage]
        end = listing.rows[places[-1]].values
        within = parts.terms(
            {n: terms.total[n] for n in end}, {v for p in places for v in listing.rows[p].values})
        for place in places:
            values = listing.rows[place].values
            rows[place]["stage_direct_log10"] = log10_norm(within.direct[v] for v in values)
            rows[place]["stage_through_weights_log10"] = log10_norm(within.through_weights[v] for v in values)


def columns(
    names: Sequence[str], terms: Terms, values: dict[str, Tensor], first: dict[str, Any]
) -> dict[str, Any]:
    g, d, w = (joined(term[n] for n in names) for term in (terms.total, terms.direct, terms.through_weights))
    x = joined(values[n].detach() for n in names)
    scale = max(float(t.norm()) for t in (g, d, w))
    norms = float(d.norm()) * float(w.norm())
    return first | {
        "forward_rms": float(x.square().mean().sqrt()),
        "gradient_log10": log10_norm([g]), "direct_log10": log10_norm([d]), "through_weights_log10": log10_norm([w]),
        "cosine": float(d @ w) / norms if norms else None,
        "decomposition_error": float((g - d - w).norm()) / scale if scale else None,
    }


def joined(tensors: Iterable[Tensor]) -> Tensor:
    return torch.cat([t.reshape(-1) for t in tensors])


def log10_norm(tensors: Iterable[Tensor]) -> float | None:
    norm = float(joined(tensors).norm())
    return math.log10(norm) if norm else None


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("--units", type=Path, required=True, help="what propagate inspect --json wrote")
    parser.add_argument("--batch-file", type=Path, required=True, help=".npz or .safetensors")
    parser.add_argument("--bn", choices=("file", "running", "batch"), help="otherwise as the listing says")
    parser.add_argument("--loss", help="cross-entropy or cotangent:SEED; otherwise as the listing says")
    parser.add_argument("--json", type=Path, help="where to write the rows; otherwise a table is printed")
    options = parser.parse_args(words)
    try:
        document = json.loads(options.units.read_text(encoding="utf-8"))
        document |= {k: v for k, v in (("batch_normalization", options.bn), ("loss", options.loss)) if v}
        found = measure(OnnxGraph.read(options.model), read_batch(options.batch_file), Listing.of(document))
    except (OnnxError, OSError, ValueError, KeyError) as error:
        print(f"evaluate_onnx: {type(error).__name__}: {error}", file=sys.stderr)
        return 2
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    else:
        print_table(found)
    return 0


def print_table(found: dict[str, Any]) -> None:
    names = ("forward_rms", "gradient_log10", "direct_log10", "through_weights_log10", "cosine", "decomposition_error")
    print(f"loss {found['loss']:.12g}")
    print(f"{'l':>4}" + "".join(f"{name:>24}" for name in names))
    for row in found["rows"]:
        cells = ("–" if row[n] is None else f"{row[n]:.6g}" for n in names)
        print(f"{row['l']:>4}" + "".join(f"{cell:>24}" for cell in cells))


if __name__ == "__main__":
    sys.exit(main())
