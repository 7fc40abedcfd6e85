"""The peer of `measure-operators`: the same operators of the same sizes, under the same names, in float32.

    python peer_operators.py --threads 2

prints one line of JSON: the median seconds of each value, and of the derivatives to all operands together. Maps are tried
contiguous and channels-last, and the faster counts.
"""

import argparse
import json
import statistics
import time

import torch
import torch.nn.functional as F

OPERATORS = {
    "conv 3×3, 64 → 64, 32 × 64 × 32²": (
        lambda x, w: F.conv2d(x, w, padding=1), [(32, 64, 32, 32), (64, 64, 3, 3)]),
    "conv 7×7 depthwise, 32 × 64 × 32²": (
        lambda x, w: F.conv2d(x, w, padding=3, groups=64), [(32, 64, 32, 32), (64, 1, 7, 7)]),
    "conv 1×1, 64 → 64, 32 × 64 × 32²": (F.conv2d, [(32, 64, 32, 32), (64, 64, 1, 1)]),
    "matmul, 8 × 12 × (197 × 64 · 64 × 197)": (torch.matmul, [(8, 12, 197, 64), (8, 12, 64, 197)]),
    "matmul, 8 × (197 × 768 · 768 × 768)": (torch.matmul, [(8, 197, 768), (768, 768)]),
    "softmax, 8 × 12 × 197 × 197": (lambda x: F.softmax(x, -1), [(8, 12, 197, 197)]),
    "layer norm, 8 × 197 × 768": (lambda x: F.layer_norm(x, (768,)), [(8, 197, 768)]),
    "max pool 3×3, stride 2, 32 × 64 × 32²": (lambda x: F.max_pool2d(x, 3, 2, 1), [(32, 64, 32, 32)]),
    "average pool 3×3, stride 2, 32 × 64 × 32²": (lambda x: F.avg_pool2d(x, 3, 2, 1), [(32, 64, 32, 32)]),
    "transpose of heads, 8 × 197 × 12 × 64": (
        lambda x: x.permute(0, 2, 1, 3).contiguous(), [(8, 197, 12, 64)]),
}


def median_seconds(body, repetitions: int) -> float:
    body()
    samples = []
    for _ in range(repetitions):
        start = time.perf_counter()
        body()
        samples.append(time.perf_counter() - start)
    return statistics.median(samples)


def measure(function, shapes, layout: torch.memory_format, repetitions: int) -> dict[str, float]:
    operands = [torch.rand(shape) - 0.5 for shape in shapes]
    operands = [x.contiguous(memory_format=layout) if x.dim() == 4 else x for x in operands]
    with torch.no_grad():
        value = median_seconds(lambda: function(*operands), repetitions)
    for operand in operands:
        operand.requires_grad_()
    y = function(*operands)
    cotangent = y.detach().clone(memory_format=torch.preserve_format)
    derivatives = median_seconds(
        lambda: torch.autograd.grad(y, operands, cotangent, retain_graph=True), repetitions)
    return {"value": value, "derivatives": derivatives}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repetitions", type=int, default=20)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    record = {}
    for name, (function, shapes) in OPERATORS.items():
        tried = [measure(function, shapes, layout, arguments.repetitions)
                 for layout in (torch.contiguous_format, torch.channels_last)]
        record[name] = {key: min(one[key] for one in tried) for key in tried[0]}
    print(json.dumps(record))


if __name__ == "__main__":
    main()
