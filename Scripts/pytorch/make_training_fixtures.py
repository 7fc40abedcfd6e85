"""Write Tests/Fixtures/training.json: weights after three steps of torch.optim.SGD, in float64.

    python Scripts/pytorch/make_training_fixtures.py [DIRECTORY]

Every shortcut x unit is trained on one batch by autograd and PyTorch's own optimiser, with running statistics kept
by PyTorch's own batch normalisation. Weights, input and masks come from `formula_tensors`. Of every tensor two
numbers are stored that together pin it down to rounding: its norm, and its inner product with a formula vector.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from formula_tensors import affine, formula_batch, formula_tensors
from make_fixtures import DEFAULT_DIRECTORY, SHORTCUTS, require_distance_from_kinks
from residual_network import BN_EPSILON, UNIT_KINDS, Configuration, Network, parameter_specifications

STEPS = 3
RATES = (0.05, 0.05, 0.005)
"""The rate falls before the last step: the momentum rules differ only then."""
MOMENTUM = 0.9
DECAY = 1e-3
RUNNING_WEIGHT = 0.1
NETWORK = {"base_channels": 4, "classes": 5, "input_shape": (4, 3, 8, 8), "units_per_stage": 1}


class TrainedNetwork(Network):
    """Keeps running statistics as `torch.nn.BatchNorm2d` does: with the unbiased variance."""

    def batch_norm(self, x: Tensor, name: str) -> Tensor:
        channels = x.shape[1]
        mean = self.tensors.setdefault(f"{name}.running_mean", torch.zeros(channels, dtype=x.dtype))
        variance = self.tensors.setdefault(f"{name}.running_var", torch.ones(channels, dtype=x.dtype))
        fresh = name not in self.updated
        self.updated.add(name)
        # The pre-activation that branch and projection share is normalised twice and counts once.
        return F.batch_norm(
            x, mean if fresh else None, variance if fresh else None, self.tensors[f"{name}.weight"],
            self.tensors[f"{name}.bias"], training=True, momentum=RUNNING_WEIGHT, eps=BN_EPSILON,
        )

    def step_loss(self, image: Tensor, labels: Tensor) -> Tensor:
        self.updated: set[str] = set()
        return self.loss(self.states(image)[-1], labels)


def configurations() -> Iterator[tuple[Configuration, str]]:
    """Every case with its momentum rule."""
    rules = ("rate-in-step", "nesterov", "rate-in-velocity")
    index = 0
    for unit in UNIT_KINDS:
        for shortcut in SHORTCUTS:
            block = "bottleneck" if index % 4 == 3 else "basic"
            yield Configuration(unit=unit, shortcut=shortcut, block=block, **NETWORK), rules[index % 3]
            index += 1


def train(configuration: Configuration, rule: str) -> tuple[list[float], dict[str, Tensor]]:
    """The losses, and parameters and running statistics afterwards."""
    image, labels = formula_batch(configuration)
    network = TrainedNetwork(configuration, formula_tensors(configuration))
    names = list(parameter_specifications(configuration))
    parameters = [network.tensors[name].requires_grad_() for name in names]
    velocities = [torch.zeros_like(p) for p in parameters]
    optimiser = torch.optim.SGD(
        parameters, lr=RATES[0], momentum=MOMENTUM, weight_decay=DECAY, nesterov=rule == "nesterov")
    losses = []
    for rate in RATES:
        network.updated = set()
        require_distance_from_kinks(Network(configuration, {k: v.detach() for k, v in network.tensors.items()}), image)
        loss = network.step_loss(image, labels)
        losses.append(float(loss.detach()))
        for parameter in parameters:
            parameter.grad = None
        loss.backward()
        if rule == "rate-in-velocity":  # not PyTorch's: v = mu v + rate (g + decay w), w -= v
            with torch.no_grad():
                for parameter, velocity in zip(parameters, velocities, strict=True):
                    velocity.mul_(MOMENTUM).add_(parameter.grad + DECAY * parameter, alpha=rate)
                    parameter.sub_(velocity)
        else:
            optimiser.param_groups[0]["lr"] = rate
            optimiser.step()
    tensors = {name: network.tensors[name].detach() for name in names}
    tensors |= {n: t for n, t in network.tensors.items() if n.endswith((".running_mean", ".running_var"))}
    return losses, tensors


def pin(name: str, tensor: Tensor) -> list[float]:
    """Norm, and inner product with the formula's numbers of [-1, 1) named after the tensor."""
    probe = affine(f"{name}.probe", tuple(tensor.shape), 0.0, 1.0)
    return [float(tensor.norm()), math.fsum((probe * tensor).flatten().tolist())]


def case(configuration: Configuration, rule: str) -> dict:
    losses, tensors = train(configuration, rule)
    return {
        "unit": configuration.unit, "shortcut": configuration.shortcut, "block": configuration.block, "rule": rule,
        "losses": losses, "tensors": {name: pin(name, tensor) for name, tensor in tensors.items()},
    }


def main() -> None:
    torch.set_num_threads(1)
    directory = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_DIRECTORY
    header = {
        "schema_version": 1, "made_by": "Scripts/pytorch/make_training_fixtures.py",
        "framework": f"torch {torch.__version__}", "precision": "float64",
        "network": {k: list(v) if isinstance(v, tuple) else v for k, v in NETWORK.items()},
        "rates": list(RATES), "momentum": MOMENTUM, "decay": DECAY, "running_weight": RUNNING_WEIGHT,
    }
    cases = [case(configuration, rule) for configuration, rule in configurations()]
    lines = json.dumps(header | {"cases": []}, indent=1).removesuffix("[]\n}")
    text = lines + "[\n" + ",\n".join("  " + json.dumps(c, allow_nan=False) for c in cases) + "\n]}\n"
    json.loads(text)
    path = directory / "training.json"
    path.write_text(text, encoding="utf-8")
    print(f"{path.name}: {len(cases)} cases, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
