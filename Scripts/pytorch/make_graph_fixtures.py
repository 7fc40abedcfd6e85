"""Gradients of small residual networks of many kinds and their split, from PyTorch in float64.

    python3 Scripts/pytorch/make_graph_fixtures.py

writes Tests/GraphsTests/Fixtures/graphs.json. The direct term is found in another way than by a recursion: a network in
which every operand of F is detached from what it is computed of has the same values, and its gradient is the direct term.
"""

import json
import pathlib

import torch

FILE = pathlib.Path(__file__).resolve().parents[2] / "Tests/GraphsTests/Fixtures/graphs.json"
WIDTH = 4


class Network:
    """Draws parameters in the order of use; `cut` marks an operand of F, `row` a value that is asked for."""

    def __init__(self, parameters, detaches):
        self.parameters = parameters
        self.detaches = detaches
        self.count = 0
        self.rows = []

    def dense(self, x, outputs=WIDTH):
        self.count += 1
        name = f"w{self.count}"
        if name not in self.parameters:
            generator = torch.Generator().manual_seed(self.count)
            self.parameters[name] = torch.randn((x.shape[1], outputs), generator=generator, dtype=torch.float64) / 2
        return x @ self.parameters[name]

    def branch(self, x):
        return self.dense(torch.relu(self.dense(x)))

    def cut(self, x, is_meant=True):
        return x.detach() if self.detaches and is_meant else x

    def row(self, x, is_meant=True):
        if not is_meant:
            return x
        x = x.clone()
        x.retain_grad()
        self.rows.append(x)
        return x


def identity(n, x):
    x = n.row(n.dense(x))
    for _ in range(3):
        x = n.row(x + n.cut(n.branch(x)))
    return n.dense(x)


def scaled(n, x):
    x = n.row(n.dense(x))
    for factor in (0.5, -1.5):
        x = n.row(factor * x + n.cut(n.branch(x)))
    return n.dense(x)


def post_activation(n, x):
    x = n.row(torch.relu(n.dense(x)))
    for _ in range(2):
        x = n.row(torch.relu(n.cut(n.branch(x)) + x))
    return n.dense(x)


def post_norm(n, x):
    x = n.row(n.dense(x))
    for _ in range(2):
        x = n.row(torch.nn.functional.layer_norm(x + n.cut(n.branch(x)), (WIDTH,)))
    return n.dense(x)


def gate(n, x):
    x = n.row(n.dense(x))
    for _ in range(2):
        g = torch.sigmoid(n.dense(x))
        x = n.row((1 - g) * x + n.cut(g * n.branch(x)))
    return n.dense(x)


def gate_interpolated(n, x):
    """The function of `gate` as x + g (F - x): what of it is direct is the same."""
    x = n.row(n.dense(x))
    for _ in range(2):
        g = torch.sigmoid(n.dense(x))
        x = n.row((x - g * x) + n.cut(g * n.branch(x)))
    return n.dense(x)


def projection(n, x):
    x = n.row(n.dense(x))
    x = n.row(n.cut(n.branch(x)) + n.dense(x))
    return n.dense(x)


def taps(n, x):
    x0 = n.row(n.dense(x))
    x1 = n.row(x0 + n.cut(n.branch(x0)))
    tapped = n.row(0.9 * x1 + 0.1 * x0)
    return n.dense(tapped + n.cut(n.branch(tapped)))


def streams(n, x):
    a, b = n.row(n.dense(x)), n.row(n.dense(x))
    f = n.branch(a * b)
    a, b = n.row(a + n.cut(f)), n.row(b + n.cut(2 * f))
    return n.dense(torch.cat((a, b), 1))


def mixed_streams(n, x):
    """Two streams that each unit mixes."""
    a, b = n.row(n.dense(x)), n.row(n.dense(x))
    for _ in range(2):
        f = n.branch(a * b)
        a, b = n.row(0.6 * a + 0.4 * b + n.cut(f)), n.row(0.3 * a + 0.7 * b + n.cut(2 * f))
    return n.dense(torch.cat((a, b), 1))


def skip_over_units(n, x):
    """A U-net: what the first half ends in is concatenated to the second half's end."""
    x = n.row(n.dense(x))
    x = n.row(x + n.cut(n.branch(x)))
    kept = x
    x = n.row(n.dense(x))
    x = n.row(x + n.cut(n.branch(x)))
    x = n.row(n.dense(torch.cat((x, kept), 1)))
    x = n.row(x + n.cut(n.branch(x)))
    return n.dense(x)


def nested(n, x):
    """The stack of the outer units: what happens in a branch passes through weights."""
    x = n.row(n.dense(x))
    for _ in range(2):
        inner = n.dense(x)
        x = n.row(x + n.cut(n.dense(inner + n.branch(inner))))
    return n.dense(x)


def added_skip(n, x, outside=True, inside=False):
    """A U-net whose skip is added: a unit of its own, whose branch holds the units that it skips.

    The stack is that of the units outside, or inside; of both where the skip is said to be no unit.
    """
    x = n.row(n.dense(x), outside)
    x = n.row(x + n.cut(n.branch(x), outside), outside)
    low = n.row(n.dense(x), inside)
    for _ in range(2):
        low = n.row(low + n.cut(n.branch(low), inside), inside)
    x = n.row(x + n.cut(n.dense(low), outside and not inside), outside)
    return n.dense(n.row(x + n.cut(n.branch(x), outside), outside))


def added_skip_excluded(n, x):
    return added_skip(n, x, inside=True)


def added_skip_inside(n, x):
    """With the loss E' = <g_e, x_e> of a stack that lies in a branch."""
    return added_skip(n, x, outside=False, inside=True)


added_skip_inside.is_nested = True


def end_cotangent(make, x, parameters):
    """g_e of the last row, from the whole network."""
    network = Network(parameters, False)
    output = make(network, x.clone().requires_grad_())
    output.backward(output_cotangent(output))
    return network.rows[-1].grad


def output_cotangent(output):
    return torch.linspace(-1, 2, output.numel(), dtype=torch.float64).reshape(output.shape)


def fixture(make):
    generator = torch.Generator().manual_seed(7)
    x = torch.randn((3, WIDTH), generator=generator, dtype=torch.float64)
    parameters, gradients = {}, []
    for detaches in (False, True):
        network = Network(parameters, detaches)
        output = make(network, x.clone().requires_grad_())
        cotangent = output_cotangent(output)
        if getattr(make, "is_nested", False):
            network.rows[-1].backward(end_cotangent(make, x, parameters))
        else:
            output.backward(cotangent)
        zeros = torch.zeros_like
        gradients.append([zeros(r) if r.grad is None else r.grad for r in network.rows])
    return {
        "name": make.__name__,
        "input": x.flatten().tolist(),
        "parameters": {name: {"shape": list(w.shape), "values": w.flatten().tolist()} for name, w in parameters.items()},
        "output": output.detach().flatten().tolist(),
        "cotangent": cotangent.flatten().tolist(),
        "total": [g.flatten().tolist() for g in gradients[0]],
        "direct": [g.flatten().tolist() for g in gradients[1]],
    }


if __name__ == "__main__":
    networks = [
        identity, scaled, post_activation, post_norm, gate, gate_interpolated, projection, taps, streams, mixed_streams,
        skip_over_units, added_skip, added_skip_excluded, added_skip_inside, nested,
    ]
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text("[\n" + ",\n".join(json.dumps(fixture(n)) for n in networks) + "\n]\n")
