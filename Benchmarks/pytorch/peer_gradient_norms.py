"""The peer of `propagate --depth D --shortcut S --batch N`: per-unit gradient norms the way PyTorch users get them.

A full pre-activation residual network as an ordinary `nn.Module` in float32, one forward pass, `loss.backward()`, and
a tensor hook on every x_l that records the norm of its gradient. It does not split the gradient into paths.
One process measures one setting and prints one line of JSON:

    python peer_gradient_norms.py --depth 1001 --shortcut scale0.5 --batch 16 --variant channels_last --frozen

README.md names the settings of the environment (huge pages, allocator) that suit it.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import time

import torch
import torch.nn.functional as F
from torch import Tensor, nn

ENVIRONMENT = ("LD_PRELOAD", "GLIBC_TUNABLES", "MALLOC_CONF", "MALLOC_TOP_PAD_", "MALLOC_TRIM_THRESHOLD_",
               "MALLOC_MMAP_THRESHOLD_", "MALLOC_MMAP_MAX_",
               "THP_MEM_ALLOC_ENABLE", "OMP_NUM_THREADS", "OMP_WAIT_POLICY", "KMP_AFFINITY")


class ResidualUnit(nn.Module):
    """x_{l+1} = scale * h(x_l) + F(x_l), F = (BN ReLU conv) twice or three times."""

    def __init__(self, channels: int, out_channels: int, stride: int, bottleneck: bool, scale: float, first: bool,
                 inplace: bool) -> None:
        super().__init__()
        inner = out_channels // 4 if bottleneck else out_channels
        widths = [channels, inner, inner, out_channels] if bottleneck else [channels, inner, out_channels]
        kernels = [1, 3, 1] if bottleneck else [3, 3]
        self.norms = nn.ModuleList(
            nn.Identity() if first and k == 0 else nn.BatchNorm2d(width) for k, width in enumerate(widths[:-1])
        )
        self.convs = nn.ModuleList(
            nn.Conv2d(widths[k], widths[k + 1], kernel, stride if k == 0 else 1, kernel // 2, bias=False)
            for k, kernel in enumerate(kernels)
        )
        changes = channels != out_channels or stride != 1
        self.projection = nn.Conv2d(channels, out_channels, 1, stride, bias=False) if changes and bottleneck else None
        self.new_channels = out_channels - channels if changes and not bottleneck else 0
        self.stride, self.scale, self.first, self.inplace = stride, scale, first, inplace

    def forward(self, x: Tensor) -> Tensor:
        activated = x if self.first else F.relu(self.norms[0](x), inplace=self.inplace)
        if self.projection is not None:
            shortcut = self.projection(activated)
        elif self.new_channels:
            shortcut = F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, 0, self.new_channels))
        else:
            shortcut = x
        out = self.convs[0](activated)
        for norm, conv in zip(list(self.norms)[1:], list(self.convs)[1:], strict=True):
            out = conv(F.relu(norm(out), inplace=self.inplace))
        return torch.add(out, shortcut, alpha=self.scale)


class ResidualNetwork(nn.Module):
    """The CIFAR network of He, Zhang, Ren, Sun (2016)."""

    def __init__(self, depth: int, scale: float, classes: int, inplace: bool) -> None:
        super().__init__()
        bottleneck = depth in (164, 1001) or (depth - 2) % 6 != 0
        per_stage, rest = divmod(depth - 2, 9 if bottleneck else 6)
        if rest:
            raise SystemExit(f"no network of depth {depth}: it must be 6n+2 or 9n+2")
        self.stem = nn.Sequential(nn.Conv2d(3, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU(inplace))
        units: list[nn.Module] = []
        channels = 16
        for stage in range(3):
            out_channels = 16 * 2**stage * (4 if bottleneck else 1)
            for position in range(per_stage):
                stride = 2 if stage > 0 and position == 0 else 1
                units.append(ResidualUnit(channels, out_channels, stride, bottleneck, scale, not units, inplace))
                channels = out_channels
        self.units = nn.ModuleList(units)
        self.last_norm = nn.BatchNorm2d(channels)
        self.classifier = nn.Linear(channels, classes)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, image: Tensor, norms: dict[int, Tensor]) -> Tensor:
        x = self.stem(image)
        if not x.requires_grad:
            x.requires_grad_()  # frozen parameters: the gradient is wanted from x_0 on
        record_gradient_norm(x, 0, norms)
        for index, unit in enumerate(self.units, start=1):
            x = unit(x)
            record_gradient_norm(x, index, norms)
        return self.classifier(F.relu(self.last_norm(x), inplace=unit.inplace).mean(dim=(2, 3)))


def record_gradient_norm(x: Tensor, index: int, norms: dict[int, Tensor]) -> None:
    def hook(gradient: Tensor) -> None:
        norms[index] = torch.linalg.vector_norm(gradient)

    x.register_hook(hook)


def scale_of(shortcut: str) -> float:
    if shortcut == "identity":
        return 1.0
    if shortcut.startswith("scale") and "," not in shortcut:
        return float(shortcut.removeprefix("scale"))
    raise SystemExit(f"{shortcut}: this peer knows identity and scaleLAMBDA")


def step(network: ResidualNetwork, image: Tensor, labels: Tensor) -> list[float]:
    """One measurement: the norm of the gradient at every x_l."""
    network.zero_grad(set_to_none=True)
    norms: dict[int, Tensor] = {}
    loss = F.cross_entropy(network(image, norms), labels)
    loss.backward()
    return torch.stack([norms[l] for l in range(len(norms))]).tolist()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--depth", type=int, default=1001)
    parser.add_argument("--shortcut", default="scale0.5")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--classes", type=int, default=10)
    parser.add_argument("--variant", choices=["eager", "channels_last"], default="eager")
    parser.add_argument("--frozen", action="store_true", help="no weight gradients: requires_grad False")
    parser.add_argument("--inplace", action="store_true", help="ReLU in place, which saves memory")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--warm-up", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    network = ResidualNetwork(options.depth, scale_of(options.shortcut), options.classes, options.inplace)
    image = torch.randn(options.batch, 3, 32, 32)
    labels = torch.randint(options.classes, (options.batch,))
    if options.variant == "channels_last":
        network = network.to(memory_format=torch.channels_last)
        image = image.to(memory_format=torch.channels_last)
    if options.frozen:
        network.requires_grad_(False)
    seconds: list[float] = []
    for repeat in range(options.warm_up + options.repeats):
        start = time.perf_counter()
        norms = step(network, image, labels)
        if repeat >= options.warm_up:
            seconds.append(time.perf_counter() - start)
    print(json.dumps({
        "program": "pytorch",
        "torch": torch.__version__,
        **{k: getattr(options, k) for k in ("depth", "shortcut", "batch", "variant", "frozen", "inplace", "threads", "repeats")},
        "environment": {k: os.environ[k] for k in ENVIRONMENT if k in os.environ},
        "parameters": sum(p.numel() for p in network.parameters()),
        "units": len(norms) - 1,
        "non_finite_norms": sum(not abs(n) < float("inf") for n in norms),
        "first_norm": norms[0] if abs(norms[0]) < float("inf") else None,
        "last_norm": norms[-1],
        "median_seconds": round(statistics.median(seconds), 4),
        "min_seconds": round(min(seconds), 4),
        "peak_rss_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }))


if __name__ == "__main__":
    main()
