"""Values and derivatives of single operations, from PyTorch in float64.

    python3 Scripts/pytorch/make_operator_fixtures.py

writes Tests/OperatorsTests/Fixtures/*.json, one file a family. Operands, tangents and cotangents are drawn by a
generator seeded with the case's name; VJPs come from autograd, JVPs from forward-mode differentiation.
"""

import json
import math
import pathlib
import zlib

import torch
from torch.func import jvp

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Tests/OperatorsTests/Fixtures"


class Family:
    def __init__(self, name):
        self.name = name
        self.cases = []

    def case(self, name, function, *operands):
        """One case. Operands are shapes (drawn from N(0, 1)), float64 tensors, or integer tensors (no derivative)."""
        generator = torch.Generator().manual_seed(zlib.crc32(name.encode()))

        def draw(shape):
            return torch.randn(shape, generator=generator, dtype=torch.float64)

        operands = [o if torch.is_tensor(o) else draw(o) for o in operands]
        real = [i for i, o in enumerate(operands) if o.is_floating_point()]

        def of_real(*values):
            full = list(operands)
            for slot, value in zip(real, values):
                full[slot] = value
            return function(*full)

        inputs = [operands[i].clone().requires_grad_() for i in real]
        value = of_real(*inputs)
        cotangent = draw(value.shape)
        gradients = torch.autograd.grad(value, inputs, cotangent, allow_unused=True)
        tangents = [draw(operands[i].shape) for i in real]
        vjps, jvps, drawn = ([None] * len(operands) for _ in range(3))
        for k, slot in enumerate(real):
            if gradients[k] is None:
                continue
            zeros = [torch.zeros_like(t) for t in tangents]
            zeros[k] = tangents[k]
            pushed = jvp(of_real, tuple(operands[i] for i in real), tuple(zeros))[1]
            vjps[slot] = gradients[k].flatten().tolist()
            jvps[slot] = pushed.flatten().tolist()
            drawn[slot] = tangents[k].flatten().tolist()
        assert all(torch.isfinite(t).all() for t in gradients if t is not None), name
        self.cases.append({
            "name": name,
            "operands": [
                {"shape": list(o.shape), ("values" if o.is_floating_point() else "wholes"): o.flatten().tolist()}
                for o in operands
            ],
            "shape": list(value.shape),
            "value": value.detach().flatten().tolist(),
            "cotangent": cotangent.flatten().tolist(),
            "tangents": drawn, "vjps": vjps, "jvps": jvps,
        })

    def write(self):
        FOLDER.mkdir(parents=True, exist_ok=True)
        lines = ",\n".join(json.dumps(case) for case in self.cases)
        (FOLDER / f"{self.name}.json").write_text(f"[\n{lines}\n]\n")


def positive(*shape):
    """Numbers between ½ and 3."""
    generator = torch.Generator().manual_seed(len(shape))
    return 0.5 + 2.5 * torch.rand(shape, generator=generator, dtype=torch.float64)


def elementwise():
    f = torch.nn.functional
    family = Family("elementwise")
    shape = (3, 7)
    family.case("relu", f.relu, shape)
    family.case("leaky-relu", f.leaky_relu, shape)
    family.case("leaky-relu-0.2", lambda x: f.leaky_relu(x, 0.2), shape)
    family.case("elu", lambda x: f.elu(x, alpha=0.7), shape)
    family.case("selu", f.selu, shape)
    family.case("relu6", f.relu6, 4 * positive(3, 7) - 5)
    family.case("clip-below", lambda x: torch.clamp(x, min=-0.3), shape)
    # PyTorch's own multiplies its gradient by 1/6 in single precision.
    family.case("hard-sigmoid", lambda x: torch.clamp(x / 6 + 0.5, 0, 1), 4 * positive(3, 7) - 7)
    family.case("hard-swish", f.hardswish, 4 * positive(3, 7) - 7)
    family.case("gelu", f.gelu, shape)
    family.case("gelu-tanh", lambda x: f.gelu(x, approximate="tanh"), shape)
    family.case("tanh", torch.tanh, shape)
    family.case("softplus", f.softplus, shape)
    family.case("erf", torch.erf, shape)
    family.case("sigmoid", torch.sigmoid, shape)
    family.case("sigmoid-shut", torch.sigmoid, -200 + positive(3, 7))
    family.case("neg", torch.neg, shape)
    family.case("abs", torch.abs, shape)
    family.case("reciprocal", torch.reciprocal, positive(3, 7))
    family.case("sqrt", torch.sqrt, positive(3, 7))
    family.case("exp", torch.exp, shape)
    family.case("log", torch.log, positive(3, 7))
    family.case("sin", torch.sin, shape)
    family.case("cos", torch.cos, shape)
    # PyTorch's own takes its constants in single precision.
    family.case("celu", lambda x: torch.where(x > 0, x, 0.7 * torch.expm1(x / 0.7)), shape)
    family.case("thresholded-relu", lambda x: f.threshold(x, 0.3, 0), shape)
    family.case("shrink", lambda x: f.softshrink(x, 0.4), shape)
    family.case("swish", f.silu, shape)
    family.case("swish-1.7", lambda x: x * torch.sigmoid(1.7 * x), shape)
    family.case("softsign", f.softsign, shape)
    family.case("mish", f.mish, shape)
    inside = 0.6 * (positive(3, 7) - 1.75)
    for name in ("tan", "atan", "sinh", "cosh", "asinh"):
        family.case(name, getattr(torch, name), shape)
    for name in ("asin", "acos", "atanh"):
        family.case(name, getattr(torch, name), inside)
    family.case("acosh", torch.acosh, 0.6 + positive(3, 7))
    family.write()


def expressions():
    """Formulas as users write them; the name of a case is its text."""
    f = torch.nn.functional

    def like(a, x):
        return a if torch.is_tensor(a) else torch.full_like(x, a)

    def meaning(x):
        return {
            "x": x, "e": math.e, "pi": math.pi, "exp": torch.exp, "log": torch.log, "sqrt": torch.sqrt, "sin": torch.sin,
            "cos": torch.cos, "tanh": torch.tanh, "sigmoid": torch.sigmoid, "erf": torch.erf, "softplus": f.softplus,
            "relu": f.relu, "gelu": f.gelu, "silu": f.silu, "abs": torch.abs, "sign": torch.sign,
            "leaky_relu": f.leaky_relu, "clip": torch.clamp, "where": torch.where,
            "max": lambda a, b: torch.maximum(like(a, x), like(b, x)),
            "min": lambda a, b: torch.minimum(like(a, x), like(b, x)),
        }

    family = Family("expressions")
    for text in (
        "0.9*x + 0.1*tanh(x)", "max(x, 0.1*x)", "max(x, 0*x)", "x^2*exp(-x)", "gelu(x)", "silu(x)", "clip(x, -1, 1)",
        "leaky_relu(x, 0.2)", "where(x > 0, x, 0.5*x)", "x/(1 + abs(x))", "log(1 + x^2)", "min(x, 2) - max(x, 1)", "2^x",
        "sin(x)/(2 + cos(x))", "softplus(2*x)/2", "x^3 - 3*x", "sqrt(1 + x^2) - 1", "x*sigmoid(1.702*x)", "erf(x/sqrt(2 + x^2))",
        "(1 + x)^1.5*(x > -1)", "sign(x)*log(1 + abs(x))", "0.5*x*(1 + erf(x/2^0.5))", "e^-x*sin(pi*x)", "-relu(-x)^2",
    ):
        if text == "(1 + x)^1.5*(x > -1)":
            operand = positive(3, 7) - 1
        elif text == "max(x, 0*x)":
            # Ties among them.
            operand = torch.tensor([[0.0, 1, -1, 0.5, 0, -0.5, 2]], dtype=torch.float64)
        else:
            operand = (3, 7)
        family.case(text, lambda x: eval(text.replace("^", "**"), meaning(x)), operand)
    family.write()


def arithmetic():
    family = Family("arithmetic")
    family.case("add", torch.add, (2, 3, 4), (2, 3, 4))
    family.case("add-broadcast", torch.add, (2, 3, 4), (3, 1))
    family.case("sub-both-stretched", torch.sub, (4, 1, 3), (2, 1))
    family.case("add-scalar", torch.add, (), (2, 3))
    family.case("mul", torch.mul, (2, 3, 4), (2, 3, 4))
    family.case("mul-broadcast", torch.mul, (2, 3, 4), (3, 1))
    family.case("mul-both-stretched", torch.mul, (4, 1, 3), (2, 1))
    family.case("div", torch.div, (2, 3, 4), positive(3, 1))
    family.case("pow", torch.pow, positive(2, 3), (3,))
    family.case("square", torch.pow, positive(2, 3), torch.full((1,), 2.0, dtype=torch.float64))
    family.case("prelu", lambda x, s: torch.where(x > 0, x, s * x), (2, 3, 4), (3, 1))
    family.case("max", torch.maximum, (2, 3, 4), (2, 3, 4))
    family.case("min-broadcast", torch.minimum, (2, 3, 4), (3, 1))
    family.case("max-of-three", lambda x, y, z: torch.maximum(torch.maximum(x, y), z), (2, 3, 4), (3, 1), (4,))
    tied = positive(2, 3)
    family.case("max-tied", torch.maximum, tied, torch.where(tied < 1.5, tied, tied.flip(1)))
    family.case("min-tied", torch.minimum, tied, torch.where(tied < 1.5, tied, tied.flip(1)))
    family.case("sum-of-three", lambda x, y, z: x + y + z, (2, 1, 4), (3, 1), (4,))
    family.case("mean-of-three", lambda x, y, z: (x + y + z) / 3, (2, 1, 4), (3, 1), (4,))
    kept = (positive(2, 3, 4) < 2).double()
    family.case("dropout", lambda x, m: x * m.detach() / (1 - 0.3), (2, 3, 4), kept)
    # Away from where the quotient is whole and the rest jumps.
    divided = (torch.arange(-12.0, 12).double().reshape(2, 3, 4) + 0.16 * positive(2, 3, 4)) * positive(3, 1)
    family.case("mod", torch.remainder, divided, positive(3, 1))
    family.case("mod-truncating", torch.fmod, divided, positive(3, 1))
    family.case("dropout-unscaled", lambda x, m: x * m.detach(), (2, 3, 4), kept[:, :1])
    family.write()


def movements():
    family = Family("movements")
    family.case("transpose", lambda x: x.permute(2, 1, 0), (2, 3, 4))
    family.case("transpose-order", lambda x: x.permute(2, 0, 3, 1), (2, 3, 4, 5))
    family.case("reshape", lambda x: x.reshape(3, 4, 2), (3, 2, 4))
    family.case("reshape-zero", lambda x: x.reshape(0, 3), (2, 0, 4))
    family.case("flatten", lambda x: x.flatten(1), (2, 3, 4))
    family.case("flatten-all", lambda x: x.reshape(1, -1), (2, 3, 4))
    family.case("squeeze", torch.squeeze, (2, 1, 3, 1))
    family.case("squeeze-axis", lambda x: x.squeeze(-1), (2, 1, 3, 1))
    family.case("unsqueeze", lambda x: x[:, None, :, None], (2, 3))
    family.case("cast", lambda x: x.clone(), (2, 3))
    family.case("slice", lambda x: x[:, 1::2].flip(-1)[..., ::2], (2, 5, 4))
    family.case("split-part", lambda x: x.split([2, 2, 3], 2)[1], (2, 3, 7))
    family.case("concat", lambda *x: torch.cat(x, 1), (2, 3, 4), (2, 1, 4), (2, 2, 4))
    family.case("expand", lambda x: x.expand(4, 3, 5), (3, 1))
    family.case("tile", lambda x: x.repeat(2, 1, 3), (2, 3, 2))
    pad = torch.nn.functional.pad
    family.case("pad", lambda x: pad(x, (2, 1, 1, 0)), (2, 3, 4))
    family.case("pad-crop", lambda x: pad(x, (2, -1, -1, 1), value=0.5), (2, 3, 4))
    family.case("pad-reflect", lambda x: pad(x, (2, 3), mode="reflect"), (2, 3, 4))
    family.case("pad-edge", lambda x: pad(x, (2, 7), mode="replicate"), (2, 3, 4))
    family.case("pad-wrap", lambda x: pad(x, (2, 3), mode="circular"), (2, 3, 4))
    family.case("gather", lambda x, i: x[:, i], (2, 4, 3), torch.tensor([[0, 3, 3], [-1, 1, 0]]))
    family.case("gather-scalar", lambda x, i: x[:, :, i], (2, 4, 3), torch.tensor(-2))
    family.case("gather-elements", lambda x, i: x.gather(1, i), (2, 4, 3),
                torch.tensor([[[0, 3, 3], [1, 1, 0]], [[2, 2, 2], [3, 0, 1]]]))
    family.case("where", lambda c, x, y: torch.where(c.bool(), x, y), torch.tensor([[1], [0], [1]]), (2, 3, 4), (4,))

    def scatter(x, i, u):
        return x.index_put(tuple(i.unbind(-1)), u)

    family.case("scatter-nd", scatter, (4, 3), torch.tensor([[2], [0]]), (2, 3))
    family.case("scatter-nd-points", scatter, (4, 3), torch.tensor([[[2, 1]], [[0, -1]]]), (2, 1))
    family.case("depth-to-space", lambda x: torch.pixel_shuffle(x, 2), (2, 8, 3, 2))
    family.case("trilu", lambda x: x.triu(), (2, 3, 4))
    family.case("trilu-lower", lambda x: x.tril(-1), (4, 3))
    family.case("gather-nd", lambda x, i: x[tuple(i.unbind(-1))], (3, 4, 2), torch.tensor([[0, 1], [2, -1], [0, 1]]))
    family.case("gather-nd-batch", lambda x, i: torch.stack([a[b[:, 0]] for a, b in zip(x, i)]), (2, 4, 3),
                torch.tensor([[[3], [0]], [[-1], [-1]]]))
    family.case("scatter-elements", lambda x, i, u: x.scatter(1, i, u), (2, 4), torch.tensor([[2, 0], [3, 1]]), (2, 2))
    family.case("scatter-elements-added", lambda x, i, u: x.scatter_add(1, i, u), (2, 4),
                torch.tensor([[2, 0, 1], [3, 3, 0]]), (2, 3))
    family.case("scatter-nd-added", lambda x, i, u: x.index_put(tuple(i.unbind(-1)), u, True), (4, 3),
                torch.tensor([[2], [0], [2]]), (3, 3))
    family.case("top-k", lambda x: x.topk(2).values, (2, 3, 5))
    family.case("top-k-smallest", lambda x: x.topk(3, 1, largest=False).values, (2, 5, 3))
    family.write()


def linear():
    family = Family("linear")
    family.case("matmul", torch.matmul, (3, 4), (4, 5))
    family.case("matmul-stretched", torch.matmul, (2, 1, 3, 4), (5, 4, 2))
    family.case("matmul-vector-left", torch.matmul, (4,), (2, 4, 3))
    family.case("matmul-vector-right", torch.matmul, (2, 3, 4), (4,))
    family.case("matmul-vectors", torch.matmul, (4,), (4,))
    family.case("matmul-transposed-first", lambda a, b: a.mT @ b, (2, 1, 4, 3), (5, 4, 2))
    family.case("matmul-transposed-second", lambda a, b: a @ b.mT, (2, 3, 4), (5, 4))
    family.case("matmul-transposed-both", lambda a, b: a.mT @ b.mT, (2, 4, 3), (5, 4))
    family.case("matmul-transposed-vector", lambda a, b: a @ b.mT, (4,), (2, 3, 4))
    family.case("gemm", lambda a, b, c: 0.7 * (a @ b) - 1.3 * c, (3, 4), (4, 5), (5,))
    family.case("gemm-no-third", torch.matmul, (3, 4), (4, 5))
    family.case("gemm-transposed-second", lambda a, b, c: a @ b.T + c, (3, 4), (5, 4), (3, 1))
    family.case("gemm-transposed-first", lambda a, b, c: a.T @ b + c, (4, 3), (4, 5), ())
    family.case("gemm-transposed-both", lambda a, b, c: a.T @ b.T + c, (4, 3), (5, 4), (3, 5))
    f = torch.nn.functional
    family.case("conv", lambda x, w, b: f.conv2d(x, w, b, padding=1), (2, 3, 5, 4), (4, 3, 3, 3), (4,))
    family.case("conv-strided-dilated",
                lambda x, w: f.conv2d(x, w, stride=(2, 1), padding=(1, 0), dilation=(3, 2)), (2, 3, 7, 6), (2, 3, 2, 3))
    family.case("conv-groups", lambda x, w, b: f.conv2d(x, w, b, stride=(2, 1), padding=(1, 0), groups=2),
                (2, 4, 5, 3), (6, 2, 3, 1), (6,))
    family.case("conv-depthwise", lambda x, w: f.conv2d(x, w, padding=1, groups=4), (2, 4, 4, 3), (8, 1, 3, 3))
    family.case("conv-1d", lambda x, w: f.conv1d(f.pad(x, (2, 0)), w), (2, 3, 6), (4, 3, 3))
    family.case("conv-uneven", lambda x, w: f.conv2d(f.pad(x, (1, 0, 0, 2)), w), (1, 2, 4, 4), (3, 2, 3, 2))
    family.case("conv-transpose", lambda x, w, b: f.conv_transpose2d(x, w, b, 2, 1), (2, 3, 4, 3), (3, 2, 3, 3), (2,))
    family.case("conv-transpose-groups",
                lambda x, w: f.conv_transpose2d(x, w, None, (2, 1), (1, 0), (1, 0), 2, (2, 1)),
                (2, 4, 3, 3), (4, 3, 3, 2))
    family.write()


def reductions():
    family = Family("reductions")
    family.case("reduce-sum", lambda x: x.sum(1, keepdim=True), (2, 3, 4))
    family.case("reduce-sum-all", lambda x: x.sum(), (2, 3, 4))
    family.case("reduce-mean", lambda x: x.mean((0, 2)), (2, 3, 4))
    family.case("global-average-pool", lambda x: torch.nn.functional.adaptive_avg_pool2d(x, 1), (2, 3, 4, 3))
    family.case("global-max-pool", lambda x: torch.nn.functional.adaptive_max_pool2d(x, 1), (2, 3, 4, 3))
    family.case("reduce-prod", lambda x: x.prod(1), torch.where(positive(2, 3, 4) < 0.7, 0, positive(2, 3, 4)))
    family.case("reduce-log-sum-exp", lambda x: x.logsumexp((0, 2), keepdim=True), (2, 3, 4))
    family.case("cumsum", lambda x: x.cumsum(1), (2, 3, 4))
    family.case("cumsum-reversed", lambda x: x.flip(0).cumsum(0).flip(0) - x, (3, 4))
    family.case("reduce-l2", lambda x: x.norm(dim=-1, keepdim=True), (2, 3, 4))
    family.write()


def normalizations():
    f = torch.nn.functional
    family = Family("normalizations")
    family.case("softmax", lambda x: x.softmax(-1), (2, 3, 5))
    family.case("softmax-axis", lambda x: x.softmax(1), (2, 3, 5))
    family.case("log-softmax", lambda x: x.log_softmax(-1), (2, 3, 5))
    family.case("standardize-layer", lambda x: f.layer_norm(x, (3, 5)), (2, 3, 5))
    family.case("standardize-rms", lambda x: x / (x.square().mean(-1, keepdim=True) + 1e-6).sqrt(), (2, 3, 5))
    family.case("standardize-group", lambda x: f.group_norm(x, 2), (2, 4, 3, 2))
    family.case("standardize-instance", lambda x: f.instance_norm(x), (2, 3, 4, 2))
    family.case("layer-normalization", lambda x, w, b: f.layer_norm(x, (3, 5), w, b), (2, 3, 5), (3, 5), (3, 5))
    family.case("layer-normalization-no-shift", lambda x, w: f.layer_norm(x, (5,), w, eps=0), (2, 3, 5), (5,))
    family.case("rms-normalization", lambda x, w: f.rms_norm(x, (5,), w, 1e-6), (2, 3, 5), (5,))
    family.case("group-normalization", lambda x, w, b: f.group_norm(x, 2, w, b), (2, 4, 3, 2), (4,), (4,))

    def by_group(x, w, b):
        return f.group_norm(x, 2, w.repeat_interleave(3), b.repeat_interleave(3))

    family.case("group-normalization-by-group", by_group, (2, 6, 3), (2,), (2,))
    family.case("instance-normalization", lambda x, w, b: f.instance_norm(x, None, None, w, b), (2, 3, 4, 2),
                (3,), (3,))
    family.write()


def pools():
    f = torch.nn.functional
    family = Family("pools")
    family.case("max-pool", lambda x: f.max_pool2d(x, 3, 2, 1), (2, 3, 6, 5))
    family.case("max-pool-dilated", lambda x: f.max_pool2d(x, (2, 3), 1, 0, (2, 1)), (2, 3, 6, 5))
    family.case("average-pool", lambda x: f.avg_pool2d(x, 2, 2), (2, 3, 6, 5))
    family.case("average-pool-padded", lambda x: f.avg_pool2d(x, 3, 2, 1, count_include_pad=False), (2, 3, 6, 5))
    family.case("average-pool-counted", lambda x: f.avg_pool2d(x, 3, 2, 1), (2, 3, 6, 5))
    # A last window stands out along the first axis; where the stride is larger than the window it would begin in the
    # padding, and does not count.
    family.case("max-pool-out", lambda x: f.max_pool2d(x, 3, 2, 1, ceil_mode=True), (1, 2, 6, 5))
    family.case("average-pool-out", lambda x: f.avg_pool2d(x, 3, 2, 1, True, False), (1, 2, 6, 5))
    family.case("average-pool-out-counted", lambda x: f.avg_pool2d(x, 3, 2, 1, True), (1, 2, 6, 5))
    family.case("average-pool-none-out", lambda x: f.avg_pool2d(x, 2, 3, 1, True, False), (1, 2, 5, 4))
    family.case("average-pool-larger", lambda x: f.avg_pool2d(x, 3, 2, 0, True), (1, 2, 2, 4))
    family.case("reduce-max", lambda x: x.max(1).values, (2, 3, 4))
    family.case("reduce-min", lambda x: x.min(1).values, (2, 3, 4))
    mean, variance = torch.tensor([0.3, -1.0, 0.1]).double(), torch.tensor([0.5, 2.0, 1.5]).double()

    def batch_norm(training):
        # The running statistics are no operands of the derivative.
        return lambda x, w, b, m, v: f.batch_norm(x, m.detach().clone(), v.detach().clone(), w, b, training)

    family.case("batch-norm-batch", batch_norm(True), (2, 3, 3, 2), (3,), (3,), mean, variance)
    family.case("batch-norm-running", batch_norm(False), (2, 3, 3, 2), (3,), (3,), mean, variance)
    family.write()


def contractions():
    family = Family("contractions")

    def case(name, equation, *shapes):
        family.case(name, lambda *x: torch.einsum(equation, *x), *shapes)

    case("einsum-weights", "n,btnd->btd", (2,), (2, 3, 2, 4))
    case("einsum-heads", "bqhd,bkhd->bhqk", (2, 3, 2, 4), (2, 5, 2, 4))
    case("einsum-ellipsis", "...ij,jk->...ik", (2, 1, 3, 4), (4, 5))
    case("einsum-stretched", "...ij,...jk->...ik", (5, 1, 3, 4), (2, 4, 2))
    case("einsum-implicit", "ba,cb", (3, 2), (4, 3))
    case("einsum-permutation", "b...d->d...b", (2, 3, 4, 2))
    case("einsum-trace", "bii->b", (2, 3, 3))
    case("einsum-diagonal", "iji,j->ij", (3, 2, 3), (2,))
    case("einsum-sums", "bij,k->b", (2, 3, 4), (5,))
    case("einsum-outer", "i,j->ij", (3,), (4,))
    case("einsum-three", "bi,bj,ijk->bk", (3, 2), (3, 4), (2, 4, 5))
    family.write()


def attentions():
    family = Family("attentions")

    def attention(q, k, v, mask=None, causal=False, scale=None, softcap=0.0):
        """ONNX's definition, operand by operand; where PyTorch has it too they are the same."""
        group = q.shape[1] // k.shape[1]
        keys, values = k.repeat_interleave(group, 1), v.repeat_interleave(group, 1)
        scores = q @ keys.mT * (q.shape[-1] ** -0.5 if scale is None else scale)
        if softcap:
            scores = softcap * torch.tanh(scores / softcap)
        if causal:
            scores = scores.masked_fill(torch.ones(scores.shape[-2:]).tril() == 0, -torch.inf)
        if mask is not None:
            scores = scores + mask if mask.is_floating_point() else scores.masked_fill(mask == 0, -torch.inf)
        y = scores.softmax(-1) @ values
        if not softcap and not causal:
            bias = mask if mask is None or mask.is_floating_point() else mask.bool()
            known = torch.nn.functional.scaled_dot_product_attention(q, keys, values, bias, scale=scale)
            assert torch.allclose(y, known, atol=1e-14), (y, known)
        return y

    def of_three_axes(q, k, v, heads, key_heads, **options):
        split = [x.unflatten(-1, (h, -1)).transpose(1, 2) for x, h in ((q, heads), (k, key_heads), (v, key_heads))]
        return attention(*split, **options).transpose(1, 2).flatten(-2)

    q, k, v = (2, 2, 3, 4), (2, 2, 5, 4), (2, 2, 5, 3)
    mask = torch.tensor([[[[1, 1, 0, 1, 0]]], [[[0, 1, 1, 1, 1]]]])
    family.case("attention", attention, q, k, v)
    family.case("attention-causal", lambda q, k, v: attention(q, k, v, causal=True), q, k, v)
    family.case("attention-condition", attention, q, k, v, mask)
    family.case("attention-bias", lambda q, k, v, m: attention(q, k, v, m, scale=0.3), q, k, v, (2, 3, 5))
    family.case("attention-softcap", lambda q, k, v, m: attention(q, k, v, m, True, softcap=0.8), q, k, v, (3, 5))
    family.case("attention-grouped", attention, (2, 4, 3, 4), k, v, (4, 3, 5))
    family.case("attention-three-axes", lambda q, k, v: of_three_axes(q, k, v, 4, 2, causal=True),
                (2, 3, 8), (2, 3, 4), (2, 3, 6))
    family.write()


def resamplings():
    family = Family("resamplings")
    shape = (1, 2, 4, 5)

    def case(name, shape=shape, **options):
        family.case(name, lambda x: torch.nn.functional.interpolate(x, **options), shape)

    case("resize-nearest", scale_factor=(2, 3))
    case("resize-nearest-fewer", size=(3, 2))
    case("resize-nearest-exact", size=(7, 3), mode="nearest-exact")
    case("resize-linear", size=(7, 3), mode="bilinear")
    case("resize-linear-scales", scale_factor=(2.5, 0.5), mode="bilinear", recompute_scale_factor=False)
    case("resize-linear-one-axis", (2, 3, 5), size=8, mode="linear")
    case("resize-linear-aligned", size=(7, 3), mode="bilinear", align_corners=True)
    case("resize-cubic", size=(7, 3), mode="bicubic")
    case("resize-cubic-aligned", size=(2, 9), mode="bicubic", align_corners=True)

    def asymmetric(x):
        places = torch.arange(7).double() * 4 / 7
        low = places.floor().long()
        part = (places - low)[:, None]
        return x[:, :, low] * (1 - part) + x[:, :, (low + 1).clamp(max=3)] * part

    family.case("resize-linear-asymmetric", asymmetric, shape)
    family.write()


if __name__ == "__main__":
    elementwise()
    expressions()
    arithmetic()
    movements()
    linear()
    reductions()
    normalizations()
    pools()
    contractions()
    attentions()
    resamplings()
