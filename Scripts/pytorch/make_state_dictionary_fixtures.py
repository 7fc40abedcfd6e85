"""Write Tests/Fixtures/state-dictionaries.json: ResNets with the names of torchvision, measured by autograd in float64.

    python Scripts/pytorch/make_state_dictionary_fixtures.py [FILE]

The modules are written here from the description of the networks (He et al., 2015, with the stride of a bottleneck on
its 3×3), so that torchvision need not be installed; their names are torchvision's, which timm shares. Weights and
running statistics come from the formula of `formula_tensors` under these names and are not stored. A case is refused
unless a forward pass without the split has the same loss, and unless rounding-sized noise leaves its numbers alone.
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from formula_tensors import affine
from make_fixtures import CONDITIONING, DEFAULT_DIRECTORY, PERTURBATION, header
from signal_propagation import ScaledTensor, perturb

DEFAULT_FILE = DEFAULT_DIRECTORY / "state-dictionaries.json"
WIDTH, CLASSES, INPUT_SHAPE = 4, 5, (3, 3, 64, 64)
NETWORKS = {"basic": (18, [2, 2, 2, 2]), "bottleneck": (50, [3, 4, 6, 3])}


class BasicBlock(nn.Module):
    expansion = 1

    def __init__(self, inputs: int, width: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.downsample = projection(inputs, width, stride)

    def branch(self, x: Tensor) -> Tensor:
        return self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))


class Bottleneck(nn.Module):
    expansion = 4

    def __init__(self, inputs: int, width: int, stride: int) -> None:
        super().__init__()
        outputs = self.expansion * width
        self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(outputs)
        self.downsample = projection(inputs, outputs, stride)

    def branch(self, x: Tensor) -> Tensor:
        x = F.relu(self.bn1(self.conv1(x)))
        return self.bn3(self.conv3(F.relu(self.bn2(self.conv2(x)))))


def projection(inputs: int, outputs: int, stride: int) -> nn.Module | None:
    if stride == 1 and inputs == outputs:
        return None
    return nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))


class ResNet(nn.Module):
    def __init__(self, block: type[BasicBlock] | type[Bottleneck], units: list[int]) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, WIDTH, 7, 2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(WIDTH)
        channels = WIDTH
        for stage, count in enumerate(units):
            width = WIDTH * 2**stage
            layer = nn.Sequential()
            for position in range(count):
                layer.append(block(channels, width, 2 if stage > 0 and position == 0 else 1))
                channels = block.expansion * width
            self.add_module(f"layer{stage + 1}", layer)
        self.fc = nn.Linear(channels, CLASSES)

    @property
    def blocks(self) -> list[nn.Module]:
        return [block for stage in range(4) for block in getattr(self, f"layer{stage + 1}")]

    def stem(self, images: Tensor) -> Tensor:
        return F.max_pool2d(F.relu(self.bn1(self.conv1(images))), 3, 2, padding=1)

    def head(self, x: Tensor) -> Tensor:
        return self.fc(x.mean((2, 3)))

    def forward(self, images: Tensor) -> Tensor:
        x = self.stem(images)
        for block in self.blocks:
            x = F.relu(shortcut(block, x) + block.branch(x))
        return self.head(x)


def shortcut(block: nn.Module, x: Tensor) -> Tensor:
    return x if block.downsample is None else block.downsample(x)


def formula_values(name: str, tensor: Tensor) -> Tensor:
    """By role, as Tests/Fixtures/README.md lists them."""
    shape = tuple(tensor.shape)
    if name.endswith("running_mean"):
        return affine(name, shape, 0.0, 0.2)
    if name.endswith("running_var"):
        return affine(name, shape, 1.0, 0.5)
    if len(shape) == 4:
        return affine(name, shape, 0.0, math.sqrt(6 / (shape[0] * shape[2] * shape[3])))
    if name == "fc.weight":
        return affine(name, shape, 0.0, math.sqrt(3 / shape[1]))
    if name == "fc.bias":
        return affine(name, shape, 0.0, 0.1)
    return affine(name, shape, 1.0 if name.endswith("weight") else 0.0, 0.3)


def norm_columns(network: ResNet, x0: Tensor, labels: Tensor) -> tuple[float, dict[str, list[float | None]]]:
    """g from one graph, d from one in which every branch reads a constant, w = g − d."""
    whole, direct = [x0.clone().requires_grad_()], [x0.clone().requires_grad_()]
    for block in network.blocks:
        whole.append(F.relu(shortcut(block, whole[-1]) + block.branch(whole[-1])))
        direct.append(F.relu(shortcut(block, direct[-1]) + block.branch(direct[-1].detach())))
    loss = F.cross_entropy(network.head(whole[-1]), labels)
    g = torch.autograd.grad(loss, whole)
    d = torch.autograd.grad(direct[-1], direct, g[-1], allow_unused=True)
    rows = [(a, b, a - b) for a, b in zip(g, d, strict=True)]
    names = ("gradient_log10", "direct_log10", "through_weights_log10")
    columns = {name: [ScaledTensor.of(row[i]).log10_norm() for row in rows] for i, name in enumerate(names)}
    columns["forward_rms"] = [float(x.detach().square().mean().sqrt()) for x in whole]
    return loss.item(), columns


def measured(block: str, mode: str, noise: float = 0.0) -> dict:
    depth, units = NETWORKS[block]
    network = ResNet(BasicBlock if block == "basic" else Bottleneck, units).double()
    state = {
        name: tensor if name.endswith("num_batches_tracked") else formula_values(name, tensor)
        for name, tensor in network.state_dict().items()
    }
    images = affine("input", INPUT_SHAPE, 0.0, 1.7)
    if noise:
        floats = {name: tensor for name, tensor in state.items() if tensor.is_floating_point()}
        state |= perturb(floats, noise, seed=0)
        images = perturb({"input": images}, noise, seed=1)["input"]
    network.load_state_dict(state)
    network.train(mode == "training")
    labels = torch.tensor([(7 * i + 3) % CLASSES for i in range(INPUT_SHAPE[0])])
    with torch.no_grad():
        x0, logits = network.stem(images), network(images)
    loss, columns = norm_columns(network, x0, labels)
    # Statistics of a batch do not depend on the running ones, which a forward pass in training moves.
    if abs(loss - F.cross_entropy(logits, labels).item()) > 1e-13 * abs(loss):
        raise SystemExit(f"{block}, {mode}: the split changes the loss")
    return {
        "block": block, "depth": depth, "units": units, "width": WIDTH, "classes": CLASSES,
        "input_shape": list(INPUT_SHAPE), "mode": mode, "loss": loss, "logits": logits.flatten().tolist(),
        "columns": columns,
    }


def case(block: str, mode: str) -> dict:
    found, other = measured(block, mode), measured(block, mode, PERTURBATION)
    pairs = list(zip([found["loss"], *found["logits"]], [other["loss"], *other["logits"]], strict=True))
    for name, column in found["columns"].items():
        pairs += zip(column, other["columns"][name], strict=True)
    worst = max(abs(a - b) / max(1, abs(a)) for a, b in pairs if a is not None)
    if worst > CONDITIONING:
        raise SystemExit(f"{block}, {mode}: rounding moves its numbers by {worst:.1e}")
    return found


def main() -> None:
    torch.set_num_threads(1)
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_FILE
    cases = [case(block, mode) for block in NETWORKS for mode in ("training", "inference")]
    document = header("Scripts/pytorch/make_state_dictionary_fixtures.py") | {"cases": []}
    lines = json.dumps(document, indent=1).removesuffix("[]\n}")
    texts = [" " + json.dumps(value, allow_nan=False) for value in cases]
    path.write_text(lines + "[\n" + ",\n".join(texts) + "\n]}\n", encoding="utf-8")
    print(f"{path.name}: {len(cases)} cases, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
