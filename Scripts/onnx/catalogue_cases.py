"""Cases of `make_catalogue_fixtures.py`, by family."""

import math

import numpy as np
import onnx

from make_catalogue_fixtures import draw

i64 = lambda *x: np.array(x, dtype=np.int64)
scalar = lambda x, kind=np.int64: np.array(x, dtype=kind)
truth = lambda *x: np.array(x, dtype=bool)
tensor = lambda x: onnx.numpy_helper.from_array(np.asarray(x))


def elementwise(c):
    x = draw(5)
    for type in ("Relu", "Sigmoid", "Tanh", "Softplus", "Softsign", "Neg", "Abs", "Exp", "Floor", "Ceil", "Sin", "Cos",
                 "Tan", "Atan", "Identity", "Elu", "Selu", "LeakyRelu", "HardSigmoid"):
        c.case(type, [x])
    for type, since in (("Mish", 18), ("HardSwish", 14), ("Sign", 9), ("Round", 11), ("Sinh", 9),
                        ("Cosh", 9), ("Asinh", 9), ("Shrink", 9), ("ThresholdedRelu", 10)):
        c.case(type, [2 * x], since=since)
    # The reference's error function has eight digits.
    c.case("Erf", [2 * x], since=9, witness=np.vectorize(math.erf))
    c.case("Gelu", [2 * x], since=20, witness=gelu)
    c.case("Celu", [x.astype(np.float32)], {"alpha": 0.7}, since=12, tolerance=1e-6)
    for type in ("Reciprocal", "Sqrt", "Log"):
        c.case(type, [draw(5, low=0.5, high=3)])
    c.case("Acosh", [draw(5, low=1, high=3)], since=9)
    for type, since in (("Asin", 7), ("Acos", 7), ("Atanh", 9)):
        c.case(type, [draw(5, low=-0.9, high=0.9)], since=since)
    c.case("LeakyRelu", [x], {"alpha": 0.2}, name="0.2")
    c.case("Elu", [x], {"alpha": 0.5}, name="0.5")
    c.case("Selu", [x], {"alpha": 2.0, "gamma": 0.5}, name="2, 0.5")
    c.case("HardSigmoid", [4 * x], {"alpha": 0.25, "beta": 0.25}, name="0.25")
    c.case("ThresholdedRelu", [x], {"alpha": 0.5}, since=10, name="0.5")
    c.case("Shrink", [x], {"lambd": 0.25, "bias": 0.125}, since=9, name="biased")
    c.case("Gelu", [x], {"approximate": "tanh"}, since=20, name="tanh")
    c.case("Swish", [x], {"alpha": 1.5}, since=24, witness=lambda x: x / (1 + np.exp(-1.5 * x)))
    c.case("Round", [np.array([0.5, 1.5, -2.5, 2.6])], since=11, name="halves")
    for type, since in (("Neg", 7), ("Abs", 7), ("Sign", 9), ("Identity", 7)):
        c.case(type, [i64(-3, 0, 2)], since=since, name="whole")
    c.case("PRelu", [draw(2, 3, 2), draw(3, 1)])
    c.case("Clip", [x], {"min": -0.5, "max": 0.75}, until=10)
    c.case("Clip", [x], {"max": 0.25}, until=10, name="above")
    c.case("Clip", [x, scalar(-0.5, float), scalar(0.75, float)], since=11, constants=[1, 2])
    c.case("Clip", [x, None, scalar(0.25, float)], since=11, constants=[2], name="above")
    c.case("Clip", [x, scalar(0.25, float)], since=11, constants=[1], name="below")
    c.case("Clip", [i64(-3, 1, 9), scalar(0), scalar(4)], since=12, name="whole")
    c.case("Dropout", [x], {"ratio": 0.5}, until=10, outputs=2, unsupported=[1], witness=lambda x: [x, x])
    c.case("Dropout", [x, scalar(0.5, float), scalar(False, bool)], since=12)
    c.case("Dropout", [x, scalar(0.5, float), scalar(True, bool)], since=12, witness=lambda x, *_: x, name="training")
    c.case("Cast", [np.array([2.7, -2.7, 0])], {"to": 7})
    c.case("Cast", [i64(2, 0, -1)], {"to": 9}, name="to conditions")
    c.case("Cast", [truth(True, False)], {"to": 11}, name="of conditions")
    c.case("CastLike", [np.array([2.7, -2.7]), i64(1)], since=15)
    c.case("CastLike", [x, draw(1).astype(np.float32)], since=15, name="real", tolerance=1e-6,
           witness=lambda x, like: x.astype(np.float32))


def gelu(x):
    return x * np.vectorize(math.erfc)(-x / math.sqrt(2)) / 2


def arithmetic(c):
    x, y = draw(2, 1, 3), draw(2, 1, name="y")
    for type in ("Add", "Sub", "Mul", "Div"):
        c.case(type, [x, y])
        c.case(type, [i64(7, -7, 5), i64(2)], name="whole",
               witness=(lambda a, b: np.trunc(a / b).astype(np.int64)) if type == "Div" else None)
    c.case("Pow", [draw(2, 3, low=0.5, high=2), draw(3)])
    c.case("Pow", [x, scalar(2)], since=12, name="by a whole number")
    c.case("Pow", [i64(2, -3), scalar(2.0, float)], since=12, name="of whole numbers")
    for type in ("Sum", "Mean", "Max", "Min"):
        c.case(type, [x, y, draw(3)], since=8, witness=(lambda *o: sum(o) / 3) if type == "Mean" else None)
        c.case(type, [x], name="of one")
    for type in ("Max", "Min"):
        c.case(type, [i64(1, 5, 3), i64(4)], since=12, name="whole")
    c.case("Mod", [i64(5, -5, 5, -5), i64(3, 3, -3, -3)], since=10)
    c.case("Mod", [i64(5, -5, 5, -5), i64(3, 3, -3, -3)], {"fmod": 1}, since=10, name="truncating")
    real = [np.array([5.5, -5.5, 5.5]), np.array([2.0, 2, -2])]
    c.case("Mod", real, {"fmod": 1}, since=10, name="real, truncating")
    c.case("Mod", real, since=28, name="real")


def conditions(c):
    numbers = ([np.array([[1.0, np.nan, -2], [3, 0, np.inf]]), np.array([1.0, 0, -2])], [i64(1, 2, 3), i64(2)])
    for type, since in (("Less", 9), ("Greater", 9), ("LessOrEqual", 12), ("GreaterOrEqual", 12), ("Equal", 11)):
        c.case(type, numbers[0], since=7 if type in ("Less", "Greater") else since)
        c.case(type, numbers[1], since=7 if type == "Equal" else since, name="whole")
    c.case("Equal", [truth(True, False), truth(True)], name="conditions")
    a, b = truth([True], [False]), truth(True, False)
    for type in ("And", "Or", "Xor"):
        c.case(type, [a, b])
    c.case("Not", [b])
    c.case("IsNaN", [np.array([1, np.nan, np.inf])], since=9)
    infinite = np.array([1, np.nan, np.inf, -np.inf])
    c.case("IsInf", [infinite], since=10)
    c.case("IsInf", [infinite], {"detect_negative": 0}, since=10, name="above")
    c.case("IsInf", [infinite], {"detect_positive": 0}, since=10, name="below")


def linear(c):
    x, w, b = draw(1, 2, 5, 4), draw(2, 2, 3, 2), draw(2)
    c.case("Conv", [x, w, b])
    c.case("Conv", [x, w], {"pads": [1, 0, 2, 1], "strides": [2, 1], "kernel_shape": [3, 2]}, name="padded")
    c.case("Conv", [x, w, np.zeros(2)], {"dilations": [2, 1]}, name="zero bias", constants=[2])
    for mode in ("SAME_UPPER", "SAME_LOWER", "VALID"):
        c.case("Conv", [x, w], {"auto_pad": mode, "strides": [2, 1]}, name=mode)
    c.case("Conv", [draw(1, 4, 6), draw(6, 2, 3)], {"group": 2}, name="of groups")
    c.case("Conv", [draw(1, 1, 3, 3, 2), draw(1, 1, 2, 2, 2)], name="of volumes")
    x, w = draw(1, 2, 3, 2), draw(2, 2, 3, 2)
    c.case("ConvTranspose", [x, w, draw(2)])
    c.case("ConvTranspose", [x, w], {"strides": [2, 3], "output_padding": [1, 2], "pads": [1, 0, 0, 1]}, name="strided")
    c.case("ConvTranspose", [x, w], {"strides": [3, 2], "output_shape": [10, 5], "kernel_shape": [3, 2]},
           name="of a shape", witness=grown)
    for mode in ("SAME_UPPER", "SAME_LOWER"):
        c.case("ConvTranspose", [x, draw(2, 1, 3, 3)], {"auto_pad": mode, "strides": [2, 2]}, name=mode)
    c.case("ConvTranspose", [draw(1, 4, 3), draw(4, 1, 2)], {"group": 2, "dilations": [2]}, name="of groups",
           witness=grouped_transpose)
    c.case("MatMul", [draw(2, 1, 2, 3), draw(2, 3, 2)], until=13)
    c.case("MatMul", [draw(3), draw(2, 3, 2)], until=13, name="of a vector")
    a, b = draw(2, 3), draw(3, 2)
    c.case("Gemm", [a, b, draw(2)])
    c.case("Gemm", [a, b], {"alpha": 0.5}, since=11, name="of two")
    c.case("Gemm", [a.T, b.T, draw(2, 1)], {"alpha": 0.5, "beta": 0.25, "transA": 1, "transB": 1}, name="transposed")
    c.case("Einsum", [draw(2, 2, 3), draw(3, 2)], {"equation": "...ij,jk->...ik"}, since=12)
    c.case("Einsum", [draw(2, 3), draw(3)], {"equation": "ij,j"}, since=12, name="implicit")


def grown(x, w):
    """Each element times the filter at its strides; one column more than that, and no row less."""
    y = np.zeros((1, 2, 9, 4))
    for i in range(3):
        for j in range(2):
            y[:, :, 3 * i:3 * i + 3, 2 * j:2 * j + 2] += np.einsum("nc,cokl->nokl", x[:, :, i, j], w)
    return np.pad(y, ((0, 0), (0, 0), (0, 1), (0, 1)))


def grouped_transpose(x, w):
    """Two groups of two channels, one filter each, whose taps stand two apart."""
    y = np.zeros((1, 2, 5))
    for channel in range(4):
        for tap in range(2):
            y[0, channel // 2, 2 * tap:2 * tap + 3] += x[0, channel] * w[channel, 0, tap]
    return y


def pools(c):
    x = draw(1, 2, 5, 4)
    window = {"kernel_shape": [3, 2], "strides": [2, 2]}
    for type in ("MaxPool", "AveragePool"):
        c.case(type, [x], window)
        c.case(type, [x], {**window, "pads": [1, 0, 1, 1]}, name="padded")
        c.case(type, [x], {**window, "ceil_mode": 1}, since=10, name="beyond the end")
        c.case(type, [x], {"kernel_shape": [2, 2], "strides": [3, 3], "pads": [1, 1, 1, 1], "ceil_mode": 1}, since=10,
               name="none in the padding")
        for mode in ("SAME_UPPER", "SAME_LOWER", "VALID"):
            # The reference drops the last window of a MaxPool here.
            highest = lambda x: windows(padded(x, -np.inf), 3, 2, 2)
            c.case(type, [x], {**window, "auto_pad": mode}, name=mode,
                   witness=(lambda x: highest(x).max((-1, -2))) if (type, mode) == ("MaxPool", "SAME_LOWER") else None)
        c.case(type, [x], {"kernel_shape": [2, 2], "dilations": [2, 3]}, since=10 if type == "MaxPool" else 19,
               name="dilated")
    c.case("MaxPool", [x], window, since=8, outputs=2, unsupported=[1], name="places")
    c.case("AveragePool", [x], {**window, "pads": [1, 0, 1, 1], "count_include_pad": 1}, name="counting its padding")
    c.case("AveragePool", [x], {**window, "pads": [1, 0, 1, 0], "count_include_pad": 1, "ceil_mode": 1}, since=10,
           name="counting its padding, beyond the end", witness=beyond)
    for p in (1, 2, 3):
        c.case("LpPool", [x], {**window, "p": p}, since=11, name=f"{p}")
        c.case("GlobalLpPool", [x], {"p": p}, name=f"{p}",
               witness=lambda x: np.sum(np.abs(x) ** p, axis=(2, 3), keepdims=True) ** (1 / p))
    c.case("LpPool", [x], {**window, "pads": [1, 0, 1, 0], "dilations": [1, 2], "ceil_mode": 0}, since=18,
           name="dilated", witness=lambda x: windows(padded(x * x)[..., ::2], 3, 2, 2).sum((-1, -2)) ** 0.5)
    c.case("LpNormalization", [np.zeros((2, 2))], since=22, name="of 0", witness=lambda x: x)
    c.case("LpPool", [x], {"kernel_shape": [2, 2], "auto_pad": "SAME_UPPER"}, name="padded",
           witness=lambda x: windows(np.pad(x * x, ((0, 0), (0, 0), (0, 1), (0, 1))), 2, 2, 1).sum((-1, -2)) ** 0.5)
    for type in ("GlobalAveragePool", "GlobalMaxPool"):
        c.case(type, [x])
    for p in (1, 2):
        c.case("LpNormalization", [x], {"p": p, "axis": 1}, name=f"{p}",
               witness=lambda x: x / np.sum(np.abs(x) ** p, axis=1, keepdims=True) ** (1 / p))


def windows(x, rows, columns, stride):
    return np.lib.stride_tricks.sliding_window_view(x, (rows, columns), axis=(2, 3))[:, :, ::stride, ::stride]


def padded(x, value=0.0):
    """One row above and below."""
    return np.pad(x, ((0, 0), (0, 0), (1, 1), (0, 0)), constant_values=value)


def beyond(x):
    """What stands beyond the padding is no part of a window of 3 by 2; here nothing does along either axis."""
    return windows(padded(x), 3, 2, 2).mean((-1, -2))


def normalizations(c):
    x, parameters = draw(2, 3, 2, 2), [draw(3), draw(3, name="b"), draw(3, name="m"), draw(3, low=0.5, high=2)]

    def running(x, g, b, m, v, e=np.float32(1e-5)):
        at = lambda p: p[None, :, None, None]
        return at(g) * (x - at(m)) / np.sqrt(at(v) + float(e)) + at(b)

    def batch(x, g, b, *_):
        return running(x, g, b, x.mean((0, 2, 3)), x.var((0, 2, 3)))

    c.case("BatchNormalization", [x] + parameters, witness=running)
    c.case("BatchNormalization", [x] + parameters, {"spatial": 1}, until=7, name="by channel", witness=running)
    c.case("BatchNormalization", [x] + parameters, {"epsilon": 0.25, "momentum": 0.5}, name="epsilon",
           witness=lambda *o: running(*o, e=0.25))
    c.case("BatchNormalization", [x] + parameters, {"training_mode": 1}, since=14, outputs=3, unsupported=[1, 2],
           witness=lambda *o: [batch(*o)] * 3, name="training")
    c.case("BatchNormalization", [x] + parameters, until=9, outputs=5, unsupported=[1, 2, 3, 4],
           witness=lambda *o: [batch(*o)] * 5, name="training")
    c.case("InstanceNormalization", [x] + parameters[:2], {"epsilon": 0.125})

    def grouped(x, g, b):
        y = x.reshape(2, 2, -1)
        y = (y - y.mean(-1, keepdims=True)) / np.sqrt(y.var(-1, keepdims=True) + 0.125)
        g, b = (p if p.size == 4 else np.repeat(p, 2) for p in (g, b))
        return y.reshape(x.shape) * g[None, :, None] + b[None, :, None]

    # One scale a group, then one a channel.
    for count, since, until in ((2, 18, 18), (4, 21, None)):
        c.case("GroupNormalization", [draw(2, 4, 3), draw(count), draw(count, name="b")],
               {"num_groups": 2, "epsilon": 0.125}, since=since, until=until, witness=grouped)
    x = draw(2, 2, 3)
    c.case("LayerNormalization", [x, draw(3), draw(3, name="b")], {"epsilon": 0.125}, since=17)
    c.case("LayerNormalization", [x, draw(2, 3)], {"axis": 1}, since=17, outputs=3, unsupported=[1, 2], name="two axes")
    c.case("RMSNormalization", [x, draw(3)], {"epsilon": 0.125}, since=23)
    c.case("RMSNormalization", [x, draw(2, 3)], {"axis": -2}, since=23, name="two axes")
    c.case("SimplifiedLayerNormalization", [x, draw(3)], {"epsilon": 0.125}, since=9,
           witness=lambda x, g: x / np.sqrt((x * x).mean(-1, keepdims=True) + 0.125) * g)
    c.case("MeanVarianceNormalization", [draw(2, 2, 3, 2)], since=9, witness=lambda x: standardized(x, (0, 2, 3)))
    c.case("MeanVarianceNormalization", [draw(2, 2, 3, 2)], {"axes": [1, -1]}, since=9, name="axes",
           witness=lambda x: standardized(x, (1, 3)))
    near = lambda x, before, after: sum(np.pad(x * x, ((0, 0), (before, after), (0, 0), (0, 0)))[:, i:i + 4]
                                        for i in range(before + after + 1))
    c.case("LRN", [draw(1, 4, 2, 1)], {"size": 2, "alpha": 0.5, "beta": 0.5, "bias": 2.0},
           witness=lambda x: x / (2 + 0.25 * near(x, 0, 1)) ** 0.5)
    c.case("LRN", [10 * draw(1, 4, 2, 1)], {"size": 3}, name="of three",
           witness=lambda x: x / (1 + float(np.float32(1e-4)) / 3 * near(x, 1, 1)) ** 0.75)
    softmaxes(c, draw(2, 3, 2))


def standardized(x, axes):
    centred = x - x.mean(axes, keepdims=True)
    return centred / (np.sqrt((centred ** 2).mean(axes, keepdims=True)) + 1e-9)


def softmaxes(c, x):
    """Before opset 13 along all axes from one on; then along one."""

    def softmax(x):
        e = np.exp(x - x.max(-1, keepdims=True))
        return e / e.sum(-1, keepdims=True)

    for type, function in (("Softmax", softmax), ("LogSoftmax", lambda x: np.log(softmax(x))),
                           ("Hardmax", lambda x: np.eye(x.shape[-1])[x.argmax(-1)])):
        rows = lambda x, f=function: f(x.reshape(2, -1)).reshape(x.shape)
        c.case(type, [x], until=11, witness=rows)
        c.case(type, [x], {"axis": 2}, until=11, name="last", witness=function)
        c.case(type, [x], {"axis": -2}, since=11, until=11, name="from the end", witness=rows)
        c.case(type, [x], since=13)
        c.case(type, [x], {"axis": 1}, since=13, name="axis 1")


def attentions(c):
    def heads(x, count):
        return x.reshape(x.shape[0], x.shape[1], count, -1).transpose(0, 2, 1, 3)

    def attention(q, k, v, mask=0.0, scale=None, softcap=0, causal=False):
        k, v = (np.repeat(o, q.shape[1] // o.shape[1], 1) for o in (k, v))
        s = q @ k.transpose(0, 1, 3, 2) * (q.shape[-1] ** -0.5 if scale is None else scale)
        s = softcap * np.tanh(s / softcap) if softcap else s
        s = np.where(np.tri(*s.shape[-2:]) > 0, s, -np.inf) if causal else s
        s = np.where(mask, s, -np.inf) if np.asarray(mask).dtype == bool else s + mask
        e = np.exp(s - s.max(-1, keepdims=True))
        return e / e.sum(-1, keepdims=True) @ v

    def flat(q, k, v):
        y = attention(heads(q, 4), heads(k, 2), heads(v, 2))
        return y.transpose(0, 2, 1, 3).reshape(y.shape[0], y.shape[2], -1)

    q, k, v = draw(1, 2, 3, 2), draw(1, 2, 4, 2), draw(1, 2, 4, 3)
    case = lambda *inputs, **o: c.case("Attention", list(inputs), since=23, **o)
    case(q, k, v, witness=attention)
    case(q, k, v, attributes={"is_causal": 1, "scale": 0.5}, name="causal",
         witness=lambda *o: attention(*o, scale=0.5, causal=True))
    case(q, k, v, draw(3, 4), attributes={"softcap": 0.5}, name="mask and softcap",
         witness=lambda *o: attention(*o, softcap=0.5))
    case(q, k, v, np.tri(3, 4, 1, dtype=bool), name="condition", witness=attention)
    case(draw(1, 4, 3, 2), k, v, name="grouped", witness=attention)
    rotary = lambda *inputs, **o: c.case("RotaryEmbedding", list(inputs), since=23, **o)
    x, table = draw(1, 2, 3, 4), [draw(5, 2, name=n) for n in "cs"]
    rotary(x, draw(1, 3, 2, name="c"), draw(1, 3, 2, name="s"))
    rotary(x, *table, i64([0, 4, 1]), attributes={"interleaved": 1}, name="neighbours, by position")
    rotary(draw(1, 3, 12), *table, i64([0, 4, 1]), attributes={"num_heads": 2, "rotary_embedding_dim": 4},
           name="three axes, a part")
    case(draw(1, 2, 8), draw(1, 3, 4), draw(1, 3, 4, name="v"), attributes={"q_num_heads": 4, "kv_num_heads": 2},
         name="three axes", witness=flat)


def reductions(c):
    x = draw(2, 3, 2, low=0.5, high=2)
    for type in ("ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2",
                 "ReduceLogSum", "ReduceLogSumExp", "ReduceSumSquare"):
        attribute, operand = ("axes", 13) if type == "ReduceSum" else ("axes", 18)
        c.case(type, [x], {attribute: [1]}, until=operand - 1, name="axis")
        c.case(type, [x], {attribute: [-1], "keepdims": 0}, since=11, until=operand - 1, name="last axis")
        c.case(type, [x], {"keepdims": 0}, name="all")
        c.case(type, [x, i64(1, -1)], {"keepdims": 0}, since=operand, constants=[1], name="axes")
        c.case(type, [x, i64()], {"noop_with_empty_axes": 1}, since=operand, constants=[1], name="none",
               witness=lambda x, _: x)
    for type in ("ReduceSum", "ReduceProd", "ReduceMax", "ReduceMin"):
        c.case(type, [i64(3, -1, 2)], {"keepdims": 0}, name="whole")
    c.case("ReduceMean", [i64(3, -1, 3)], {"keepdims": 0}, name="whole", witness=lambda x: scalar(int(x.sum() / 3)))
    c.case("ReduceMax", [np.zeros((2, 0)), i64(1)], {"keepdims": 0}, since=20, constants=[1], name="of none",
           witness=lambda *_: np.full(2, -np.inf))
    for type in ("ArgMax", "ArgMin"):
        ties = np.array([[1.0, 3, 1], [3, 3, 1]])
        c.case(type, [ties])
        c.case(type, [ties], {"axis": -1, "keepdims": 0}, since=11, name="last axis")
        c.case(type, [ties], {"axis": 1, "select_last_index": 1}, since=12, name="last of equal ones")
        c.case(type, [i64(4, 9, 2)], name="whole")
    for exclusive, reverse in ((0, 0), (1, 0), (0, 1), (1, 1)):
        c.case("CumSum", [draw(2, 3, 2), scalar(-2)], {"exclusive": exclusive, "reverse": reverse}, since=11,
               constants=[1], name=f"{exclusive}{reverse}")
    c.case("CumSum", [i64(1, 2, 3), scalar(0)], since=11, constants=[1], name="whole")


def shapes(c):
    x = draw(2, 1, 3)
    c.case("Reshape", [x, i64(0, -1)], constants=[1])
    c.case("Reshape", [draw(2, 0, 3), i64(3, 0)], {"allowzero": 1}, since=14, constants=[1], name="to no elements")
    c.case("Flatten", [draw(2, 2, 3)])
    c.case("Flatten", [draw(2, 2, 3)], {"axis": 0}, name="all")
    c.case("Flatten", [draw(2, 2, 3)], {"axis": -1}, since=11, name="last axis")
    c.case("Squeeze", [x], {"axes": [1]}, until=11)
    c.case("Squeeze", [x], {"axes": [-2]}, since=11, until=11, name="from the end")
    c.case("Squeeze", [x], name="all")
    c.case("Squeeze", [x, i64(1)], since=13, constants=[1], name="operand")
    c.case("Unsqueeze", [x], {"axes": [0, 3]}, until=11)
    c.case("Unsqueeze", [x], {"axes": [-1]}, since=11, until=11, name="from the end")
    c.case("Unsqueeze", [x, i64(3, 0)], since=13, constants=[1], name="operand")
    c.case("Shape", [x])
    for start, end in ((1, None), (0, -1), (-2, 9), (2, 1)):
        stated = {"start": start} if end is None else {"start": start, "end": end}
        c.case("Shape", [x], stated, since=15, name=f"{start} {end}")
    c.case("Size", [x])


def movements(c):
    x = draw(2, 3, 4)
    c.case("Transpose", [x])
    c.case("Transpose", [x], {"perm": [1, 0, 2]}, name="perm")
    c.case("Concat", [x, draw(2, 1, 4)], {"axis": 1})
    c.case("Concat", [i64(1), i64(2, 3)], {"axis": -1}, since=11, name="whole")
    c.case("Slice", [x], {"starts": [1, -2], "ends": [3, 100], "axes": [1, 2]}, until=9)
    c.case("Slice", [x], {"starts": [0, 1], "ends": [1, -1]}, until=9, name="first axes")
    c.case("Slice", [x, i64(1, -1), i64(3, -100), i64(1, -1), i64(1, -2)], since=10, constants=[1, 2, 3, 4])
    c.case("Slice", [x, i64(1), i64(2 ** 63 - 1)], since=10, constants=[1, 2], name="first axes")
    c.case("Split", [x], {"axis": 2}, until=11, outputs=2)
    c.case("Split", [x], {"axis": 1, "split": [2, 1]}, until=11, outputs=2, name="uneven")
    c.case("Split", [x, i64(2, 1)], {"axis": -2}, since=13, outputs=2, constants=[1], name="operand")
    c.case("Split", [x], {"axis": 2}, since=13, until=13, outputs=2, name="without extents")
    c.case("Split", [draw(5)], {"num_outputs": 3}, since=18, outputs=3, name="count")
    c.case("Expand", [draw(3, 1), i64(2, 1, 2)], since=8, constants=[1])
    c.case("Tile", [draw(2, 1), i64(1, 3)], constants=[1])
    m = draw(2, 3)
    c.case("Pad", [m], {"pads": [0, 1, 1, 2], "value": 0.5}, until=10)
    c.case("Pad", [m], {"pads": [0, 1, 0, 2], "mode": "reflect"}, until=10, name="reflect")
    c.case("Pad", [m, i64(0, 1, 1, -1), scalar(0.5, float)], since=11, constants=[1, 2], name="operand",
           witness=lambda m, *_: np.pad(m, ((0, 1), (1, 0)), constant_values=0.5)[:, :3])
    for mode in ("edge", "reflect"):
        c.case("Pad", [m, i64(0, 1, 0, 1)], {"mode": mode}, since=11, constants=[1], name=f"{mode} operand")
    c.case("Pad", [m, i64(1, 0), None, i64(-1)], since=18, constants=[1, 3], name="axes")
    c.case("Pad", [m, i64(0, 1, 0, 2)], {"mode": "wrap"}, since=19, constants=[1], name="wrap")
    c.case("Where", [truth([True], [False]), m, draw(3)], since=9)
    c.case("Where", [truth(True, False), i64(1), i64(2, 3)], since=9, name="whole")
    c.case("Trilu", [draw(2, 3, 3)], since=14)
    c.case("Trilu", [draw(2, 3, 4), scalar(-1)], {"upper": 0}, since=14, constants=[1], name="lower")
    c.case("Trilu", [np.arange(6).reshape(2, 3), scalar(1)], since=14, constants=[1], name="whole")
    y = np.arange(16.0).reshape(1, 8, 2, 1)
    c.case("DepthToSpace", [y], {"blocksize": 2})
    c.case("DepthToSpace", [y], {"blocksize": 2, "mode": "CRD"}, since=11, name="CRD")
    y = np.arange(16.0).reshape(1, 2, 4, 2)
    c.case("SpaceToDepth", [y], {"blocksize": 2})
    c.case("SpaceToDepth", [y], {"blocksize": 2, "mode": "CRD"}, since=28, name="CRD")


def selections(c):
    x = draw(3, 2, 2)
    c.case("Gather", [x, i64([0, 2], [1, 1])])
    c.case("Gather", [x, scalar(-1)], {"axis": 1}, since=11, name="scalar")
    c.case("GatherElements", [draw(2, 3), i64([0, -1], [1, 1])], {"axis": 1}, since=11)
    c.case("GatherND", [x, i64([0, 1], [2, -1])], since=11)
    c.case("GatherND", [x, i64([1], [0], [1])], {"batch_dims": 1}, since=12, name="by batch")
    places, updates = i64([0, -1], [1, 0]), draw(2, 2)
    c.case("Scatter", [draw(2, 3), i64([0, 2], [1, 0]), updates], {"axis": 1}, since=9, until=9,
           witness=lambda x, i, u: scattered(x, i, u))
    c.case("ScatterElements", [draw(2, 3), places, updates], {"axis": 1}, since=11)
    c.case("ScatterElements", [draw(2, 3), i64([1, 1]), draw(1, 2)], {"axis": 1, "reduction": "add"}, since=16,
           name="added")
    c.case("ScatterND", [x, i64([0, 1], [2, 0]), draw(2, 2)], since=11)
    c.case("ScatterND", [x, i64([0], [2], [0]), draw(3, 2, 2, name="u")], {"reduction": "add"}, since=16, name="added")
    t = np.array([[1.0, 3, 2, 3], [4, 0, 4, 4]])
    c.case("TopK", [t], {"k": 2}, until=9, outputs=2)
    c.case("TopK", [t, i64(2)], since=10, outputs=2, constants=[1], name="operand")
    c.case("TopK", [t, i64(1)], {"axis": 0, "largest": 0, "sorted": 1}, since=11, outputs=2, constants=[1],
           name="smallest")
    c.case("TopK", [i64(5, 2, 9), i64(2)], since=11, outputs=2, constants=[1], name="whole")
    c.case("OneHot", [i64(0, 2, -1), scalar(3), np.array([-1.0, 2])], since=9, constants=[1])
    c.case("OneHot", [i64([0, 1]), i64(2), i64(0, 1)], {"axis": 0}, since=9, constants=[1], name="first axis",
           witness=lambda i, *_: np.moveaxis(np.eye(2, dtype=np.int64)[i], -1, 0))
    c.case("OneHot", [i64(3), i64(3), i64(0, 1)], since=11, constants=[1], name="beyond",
           witness=lambda *_: np.zeros((1, 3), np.int64))
    c.case("Compress", [x, truth(True, False, True)], {"axis": 0}, since=9, constants=[1])
    c.case("Compress", [x, truth(False, True, True)], since=9, constants=[1], name="of all")


def scattered(x, places, updates):
    y = x.copy()
    np.put_along_axis(y, places, updates, 1)
    return y


def resamplings(c):
    x = draw(1, 1, 2, 3)
    doubled = lambda x, *_: x.repeat(2, 2).repeat(2, 3)
    c.case("Upsample", [x], {"scales": [1.0, 1.0, 2.0, 2.0]}, until=7, witness=doubled)
    c.case("Upsample", [x, np.float32([1, 1, 2, 2])], since=9, until=9, constants=[1], name="operand", witness=doubled)
    c.case("Upsample", [draw(1, 1, 2), np.float32([1, 1, 2])], {"mode": "linear"}, since=9, until=9, constants=[1],
           name="linear", witness=halves)
    c.case("Resize", [x, np.float32([1, 1, 2, 2])], since=10, until=10, constants=[1], witness=doubled)
    c.case("Resize", [draw(1, 1, 2), np.float32([1, 1, 2])], {"mode": "linear"}, since=10, until=10, constants=[1],
           name="linear", witness=halves)
    none, scales = np.float32([]), np.float32([1, 1, 2, 1.5])
    by = lambda name, roi=None, since=13, sizes=None, **stated: c.case(
        "Resize", [x, roi, scales if sizes is None else None, sizes], stated, since=since, constants=[2, 3],
        name=name, tolerance=1e-6)
    c.case("Resize", [x, none, scales], since=11, constants=[1, 2], name="by scales")
    c.case("Resize", [x, none, none, i64(1, 1, 3, 4)], {"mode": "linear"}, since=11, constants=[1, 2, 3],
           name="to sizes", tolerance=1e-6)
    for mode in ("asymmetric", "align_corners", "pytorch_half_pixel"):
        by(mode, sizes=i64(1, 1, 3, 5), mode="linear", coordinate_transformation_mode=mode)
    for mode in ("round_prefer_ceil", "floor", "ceil"):
        by(mode, sizes=i64(1, 1, 3, 5), nearest_mode=mode)
    by("plain", since=18, mode="linear", antialias=0, exclude_outside=0, keep_aspect_ratio_policy="stretch")
    by("cubic", sizes=i64(1, 1, 3, 5), mode="cubic", cubic_coeff_a=-0.5)
    by("symmetric", since=19, mode="linear", coordinate_transformation_mode="half_pixel_symmetric")
    c.case("Resize", [x, None, None, i64(5, 3)], {"axes": [3, 2]}, since=18, constants=[3], name="axes")


def halves(x, *_):
    """Twice as many: each element, and the mean of it and the next."""
    a, b = x[0, 0]
    return np.array([[[a, (a + b) / 2, b, b]]])


def constants(c):
    c.case("Constant", [], {"value": tensor(draw(2, 2))})
    c.case("Constant", [], {"value": tensor(i64(3, 4))}, name="whole")
    for name, value in (("float", 0.5), ("floats", [0.5, 2.0]), ("int", 3), ("ints", [3, -4])):
        c.case("Constant", [], {f"value_{name}": value}, since=12, name=name)
    c.case("ConstantOfShape", [i64(2, 3)], since=9, constants=[0])
    c.case("ConstantOfShape", [i64(2)], {"value": tensor(i64(7))}, since=9, constants=[0], name="whole")
    c.case("ConstantOfShape", [i64()], {"value": tensor(np.array([0.5]))}, since=9, constants=[0], name="scalar")
    c.case("Range", [scalar(3), scalar(9), scalar(4)], since=11, constants=[0, 1, 2])
    c.case("Range", [scalar(3), scalar(-2), scalar(-2)], since=11, constants=[0, 1, 2], name="downwards")
    c.case("Range", [scalar(v, float) for v in (0.5, 2.0, 0.5)], since=11, constants=[0, 1, 2], name="real")
    c.case("EyeLike", [draw(2, 3)], {"k": 1}, since=9)
    c.case("EyeLike", [draw(2, 3)], {"dtype": 7}, since=9, name="whole")
    c.case("NonZero", [np.array([[1.0, 0], [0.5, 2]])], since=9, constants=[0])
    c.case("NonZero", [truth(False, True)], since=9, constants=[0], name="of conditions")
    c.case("Unique", [i64(3, 1, 3, 2)], since=11, outputs=4, constants=[0])
    c.case("Unique", [np.array([3.0, 1, 3, 2])], {"axis": 0}, since=11, outputs=4, constants=[0], name="along an axis")
    c.case("Unique", [np.array([3.0, 1, 3, 2])], {"sorted": 0}, since=11, outputs=4, constants=[0], name="unsorted")


def runtime(c):
    """Of ONNX Runtime, by their definitions."""
    x, b, g = draw(2, 2, 3), draw(3), draw(3, name="g")
    fast = lambda x: x / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x ** 3)))
    case = lambda type, inputs, witness, attributes=None, **o: c.case(
        type, inputs, attributes, domain="com.microsoft", witness=witness, **o)
    case("Gelu", [x], gelu)
    case("BiasGelu", [x, b], lambda x, b: gelu(x + b))
    case("FastGelu", [x], fast)
    case("FastGelu", [x, b], lambda x, b: fast(x + b), name="bias")
    case("QuickGelu", [x], lambda x: x / (1 + np.exp(-float(np.float32(1.702)) * x)))
    case("QuickGelu", [x], lambda x: x / (1 + np.exp(-x)), {"alpha": 1.0}, name="SiLU")
    case("FusedMatMul", [draw(2, 3, 2), draw(2, 4, 3)], lambda a, b: a.swapaxes(1, 2) @ b.swapaxes(1, 2) / 2,
         {"alpha": 0.5, "transA": 1, "transB": 1})
    case("FusedMatMul", [draw(3), draw(3, 2)], lambda a, b: a @ b, {"transA": 1, "transBatchA": 0, "transBatchB": 0},
         name="of a vector")

    def layer(s, g, b=0.0, e=0.125):
        return (s - s.mean(-1, keepdims=True)) / np.sqrt(s.var(-1, keepdims=True) + e) * g + b

    def rms(s, g, e=0.125):
        return s / np.sqrt((s * s).mean(-1, keepdims=True) + e) * g

    case("SimplifiedLayerNormalization", [x, g], rms, {"axis": -1, "epsilon": 0.125})
    y = draw(2, 2, 3, name="skip")
    case("SkipLayerNormalization", [x, y, g, b, b],
         lambda x, y, g, b, bias: [layer(x + y + bias, g, b)] * 3 + [x + y + bias],
         {"epsilon": 0.125}, outputs=4, unsupported=[1, 2])
    case("SkipLayerNormalization", [x, y, g], lambda x, y, g: layer(x + y, g), {"epsilon": 0.125}, name="without shift")
    case("SkipSimplifiedLayerNormalization", [x, y, g], lambda x, y, g: [rms(x + y, g)] * 3 + [x + y],
         {"epsilon": 0.125}, outputs=4, unsupported=[1, 2])
    case("SkipSimplifiedLayerNormalization", [x, y, g, b], lambda x, y, g, b: rms(x + y + b, g), {"epsilon": 0.125},
         name="bias")


FAMILIES = [elementwise, arithmetic, conditions, linear, pools, normalizations, attentions, reductions, shapes,
            movements, selections, resamplings, constants, runtime]
