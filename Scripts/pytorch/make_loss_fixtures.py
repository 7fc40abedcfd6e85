"""Cross-entropy and its gradient, from PyTorch in float64.

    python3 Scripts/pytorch/make_loss_fixtures.py

writes Tests/GraphsTests/Fixtures/losses.json. Logits are drawn by a generator seeded with the case's name.
"""

import json
import pathlib
import zlib

import torch

FILE = pathlib.Path(__file__).resolve().parents[2] / "Tests/GraphsTests/Fixtures/losses.json"
IGNORED = -100


def case(name, shape, axis, scale=3.0, ignored=0):
    """`ignored` labels, spread over all, do not count."""
    generator = torch.Generator().manual_seed(zlib.crc32(name.encode()))
    logits = scale * torch.randn(shape, generator=generator, dtype=torch.float64)
    logits.requires_grad_()
    places = list(shape)
    classes = places.pop(axis)
    labels = torch.randint(0, classes, places, generator=generator)
    for index in torch.randperm(labels.numel(), generator=generator)[:ignored]:
        labels.view(-1)[index] = IGNORED
    rows = logits.movedim(axis, -1).reshape(-1, classes)
    loss = torch.nn.functional.cross_entropy(rows, labels.reshape(-1), ignore_index=IGNORED)
    loss.backward()
    return {
        "name": name, "shape": list(shape), "labelShape": places,
        "logits": logits.detach().flatten().tolist(), "labels": labels.flatten().tolist(),
        "loss": loss.item(), "gradient": logits.grad.flatten().tolist(),
    }


def main():
    cases = [
        case("images", (4, 7), 1),
        case("images, some ignored", (6, 5), 1, ignored=2),
        case("one sample without an axis of samples", (5,), 0),
        case("sequences", (2, 3, 6), 2),
        case("sequences, some ignored", (2, 5, 4), 2, ignored=4),
        case("as many tokens as classes", (2, 3, 3), 2),
        case("signals", (2, 3, 5), 1),
        case("maps", (2, 4, 3, 2), 1),
        case("maps, some ignored", (1, 3, 4, 4), 1, ignored=5),
        case("volumes", (2, 3, 2, 1, 2), 1, ignored=1),
        case("maps, classes last", (2, 2, 3, 4), 3),
        case("far apart", (5, 6), 1, scale=60),
    ]
    FILE.write_text("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")


if __name__ == "__main__":
    main()
