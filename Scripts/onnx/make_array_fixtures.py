"""Files of arrays as numpy writes them, and what is in them.

    python3 Scripts/onnx/make_array_fixtures.py

writes Tests/ArraysTests/Fixtures: small .npy, .npz and .safetensors files, and contents.json with the name, shape, kind
and numbers of every array, numbers as text.
"""

import io
import json
import pathlib
import zipfile

import numpy as np

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Tests/ArraysTests/Fixtures"
REAL = [0.0, -0.0, 1.5, -2.25, 65504.0, 2.0**-24, -(2.0**-14), float("inf"), float("-inf"), float("nan")]
contents = {}


def extremes(word):
    """The least and the greatest of an integer type, as far as they are read (2^63 − 1)."""
    info = np.iinfo(word)
    return np.array([info.min, 0, 1, min(info.max, 2**63 - 1)], dtype=word)


def types(order):
    """An array of every type, in an order of bytes."""
    arrays = {f"f{size}": np.array(REAL, dtype=f"{order}f{size}") for size in (2, 4, 8)}
    for word in ("i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"):
        arrays[word] = extremes(word).astype(f"{order}{word}")
    arrays["fine"] = np.array([0.1, 1e-300, 1e308], dtype=f"{order}f8")
    arrays["bool"] = np.array([[True, False], [False, True]])
    return arrays


def shapes():
    counted = np.arange(24, dtype=np.float32)
    return {
        "number": np.array(3.5),
        "whole": np.array(-7),
        "empty": np.zeros((0,), dtype=np.float32),
        "no rows": np.zeros((0, 3), dtype=np.int64),
        "no columns": np.zeros((2, 0, 3), dtype="f8", order="F"),
        "columns": np.asfortranarray(counted.reshape(4, 6)),
        "volume": np.asfortranarray(counted.reshape(2, 3, 4).astype(np.int16)),
        "four": np.asfortranarray(counted.reshape(2, 3, 1, 4).astype(">f8")),
        "line": np.asfortranarray(counted),
        "layer/0.weight": counted.reshape(2, 3, 4)[:, ::2, ::-1],
    }


def describe(name, array, kind=None):
    wide = {"f": "double" if array.dtype.itemsize == 8 else "single"}
    return {
        "name": name, "shape": list(array.shape), "kind": kind or wide.get(array.dtype.kind, "whole"),
        "numbers": [repr(x) if isinstance(x, float) else str(int(x)) for x in array.flatten().tolist()],
    }


def note(file, arrays):
    contents[file] = [describe(name, array) for name, array in arrays.items()]


def archives():
    for file, arrays, save in (
        ("types.npz", types("<"), np.savez), ("big-endian.npz", types(">"), np.savez),
        ("shapes.npz", shapes(), np.savez), ("compressed.npz", shapes(), np.savez_compressed),
    ):
        save(FOLDER / file, **arrays)
        note(file, arrays)
    note("streamed.npz", streamed())
    note("zip64.npz", zip64())


class Pipe(io.RawIOBase):
    """A file that cannot go back, so that sizes and checksums follow the members that they are of."""

    def __init__(self, file):
        self.file = file

    def writable(self):
        return True

    def write(self, data):
        return self.file.write(data)


def streamed():
    arrays = {"x": np.arange(6.0).reshape(2, 3), "labels": np.array([1, 0])}
    with open(FOLDER / "streamed.npz", "wb") as file, zipfile.ZipFile(Pipe(file), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in arrays.items():
            with archive.open(name + ".npy", "w") as member:
                np.lib.format.write_array(member, array)
    return arrays


def zip64():
    """As of an archive of more than 4 GiB, with all numbers in 64 bits, and a comment."""
    arrays = {"x": np.arange(40, dtype=np.float32), "y": np.arange(3)}
    limits = zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT
    zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT = 100, 1
    with zipfile.ZipFile(FOLDER / "zip64.npz", "w") as archive:
        archive.comment = b"arrays of a test"
        for name, array in arrays.items():
            with archive.open(name + ".npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, array)
    zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT = limits
    # The old record of the end says of large numbers only that they are.
    file = bytearray((FOLDER / "zip64.npz").read_bytes())
    end = file.rindex(b"PK\x05\x06")
    file[end + 8:end + 20] = b"\xff" * 12
    (FOLDER / "zip64.npz").write_bytes(file)
    assert np.load(FOLDER / "zip64.npz").files == list(arrays)
    return arrays


def single_files():
    array = np.asfortranarray(np.arange(6, dtype="<f4").reshape(2, 3))
    for version in ((1, 0), (2, 0), (3, 0)):
        file = f"version{version[0]}.npy"
        with open(FOLDER / file, "wb") as out:
            np.lib.format.write_array(out, array, version=version)
        note(file, {file.removesuffix(".npy"): array})


def safetensors():
    bits = {"BF16": np.array(REAL, dtype="<f4").view("<u4") >> 16}
    arrays = {
        "bf16": ("BF16", bits["BF16"].astype("<u2"), (bits["BF16"] << 16).astype("<u4").view("<f4"), "single"),
        "bool": ("BOOL", np.array([True, False, True]), None, None),
        "f16": ("F16", np.array(REAL, dtype="<f2"), None, None),
        "f32": ("F32", np.arange(6, dtype="<f4").reshape(2, 3), None, None),
        "f64": ("F64", np.array(REAL, dtype="<f8"), None, None),
    }
    for word in ("i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"):
        name = word[0] + str(8 * int(word[1]))
        arrays[name] = (name.upper(), extremes(word), None, None)
    header, data, offset = {}, b"", 0
    for name, (word, array, _, _) in arrays.items():
        stored = array.tobytes()
        header[name] = {"dtype": word, "shape": list(array.shape), "data_offsets": [offset, offset + len(stored)]}
        data, offset = data + stored, offset + len(stored)
    text = json.dumps(header).encode()
    (FOLDER / "types.safetensors").write_bytes(len(text).to_bytes(8, "little") + text + data)
    contents["types.safetensors"] = [
        describe(name, array if seen is None else seen, kind)
        for name, (_, array, seen, kind) in sorted(arrays.items())
    ]


def refused():
    """What cannot be read, one array a file."""
    for name, array in {
        "objects": np.array([1, None], dtype=object), "text": np.array(["a", "bc"]),
        "bytes": np.array([b"a"]), "complex": np.array([1j]), "times": np.array([1], dtype="m8[s]"),
        "records": np.zeros(2, dtype=[("a", "f4"), ("b", "i4")]), "long": np.zeros(1, dtype=np.longdouble),
        "raw": np.zeros(2, dtype="V2"), "large": np.array([1, 2**63], dtype=np.uint64),
    }.items():
        np.save(FOLDER / f"refused-{name}.npy", array, allow_pickle=True)


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    archives()
    single_files()
    safetensors()
    refused()
    lines = ",\n".join(f'"{file}": [\n' + ",\n".join(json.dumps(a) for a in arrays) + "\n]"
                       for file, arrays in contents.items())
    (FOLDER / "contents.json").write_text("{\n" + lines + "\n}\n")


if __name__ == "__main__":
    main()
