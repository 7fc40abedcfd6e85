"""The peer of `measure-training-step`: one step of training the way PyTorch users take it.

A full pre-activation residual network as an ordinary `nn.Module` in float32; forward pass, cross-entropy,
`loss.backward()`, and a step of `torch.optim.SGD` with momentum and weight decay. One process measures one setting and
prints one line of JSON:

    python peer_training_step.py --depth 110 --batch 128 --variant channels_last

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
from torch import Tensor

from peer_gradient_norms import ENVIRONMENT, ResidualNetwork


class TrainedNetwork(ResidualNetwork):
    """The same network without the hooks that measure its gradients."""

    def forward(self, image: Tensor) -> Tensor:
        x = self.stem(image)
        for unit in self.units:
            x = unit(x)
        return self.classifier(F.relu(self.last_norm(x), inplace=unit.inplace).mean(dim=(2, 3)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--depth", type=int, default=110)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--side", type=int, default=32)
    parser.add_argument("--classes", type=int, default=10)
    parser.add_argument("--variant", choices=["eager", "channels_last"], default="eager")
    parser.add_argument("--compile", action="store_true", help="torch.compile in its default mode")
    parser.add_argument("--inplace", action="store_true", help="ReLU in place, which saves memory")
    parser.add_argument("--fused", action="store_true", help="the optimiser's fused loop")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--warm-up", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    network = TrainedNetwork(options.depth, 1.0, options.classes, options.inplace)
    image = torch.randn(options.batch, 3, options.side, options.side)
    labels = torch.randint(options.classes, (options.batch,))
    if options.variant == "channels_last":
        network = network.to(memory_format=torch.channels_last)
        image = image.to(memory_format=torch.channels_last)
    optimizer = torch.optim.SGD(
        network.parameters(), lr=0.01, momentum=0.9, weight_decay=1e-4, fused=True if options.fused else None)
    model = torch.compile(network) if options.compile else network
    losses: list[float] = []
    seconds: list[float] = []
    processor: list[float] = []
    for repeat in range(options.warm_up + options.repeats):
        start, processor_start = time.perf_counter(), time.process_time()
        optimizer.zero_grad(set_to_none=True)
        loss = F.cross_entropy(model(image), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        if repeat >= options.warm_up:
            seconds.append(time.perf_counter() - start)
            processor.append(time.process_time() - processor_start)
    print(json.dumps({
        "program": "pytorch",
        "torch": torch.__version__,
        **{k: getattr(options, k)
           for k in ("depth", "batch", "side", "variant", "compile", "inplace", "fused", "threads", "repeats")},
        "environment": {k: os.environ[k] for k in ENVIRONMENT if k in os.environ},
        "parameters": sum(p.numel() for p in network.parameters()),
        "losses": losses,
        "median_seconds": round(statistics.median(seconds), 4),
        "min_seconds": round(min(seconds), 4),
        "median_processor_seconds": round(statistics.median(processor), 4),
        "peak_rss_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }))


if __name__ == "__main__":
    main()
