"""What the comparisons with PyTorch share: its settings, and how programs are built and run."""

import json
import os
import statistics
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

BENCHMARKS = Path(__file__).resolve().parent
ROOT = BENCHMARKS.parent
REQUIREMENTS = ROOT / "Scripts" / "pytorch" / "requirements.txt"

# Settings of PyTorch's environment. A large top pad, no trimming and no mappings of single blocks keep freed memory in
# the process, so that a step does not fault its pages in again; the others put it on huge pages.
KEEP_MEMORY = {"MALLOC_TOP_PAD_": str(256 << 20), "MALLOC_TRIM_THRESHOLD_": str(16 << 30), "MALLOC_MMAP_MAX_": "0"}
TCMALLOC = "libtcmalloc_minimal.so.4"
ENVIRONMENTS = {
    "as installed": {},
    "huge pages": {"THP_MEM_ALLOC_ENABLE": "1"},
    "kept memory": KEEP_MEMORY,
    "kept memory, huge pages": KEEP_MEMORY | {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"},
}
if TCMALLOC in subprocess.run(["ldconfig", "-p"], stdout=subprocess.PIPE, text=True).stdout:
    ENVIRONMENTS["tcmalloc"] = {"LD_PRELOAD": TCMALLOC}


@dataclass
class Variant:
    """One way to run the peer, with what it did so far."""

    name: str
    flags: list[str]
    environment: dict[str, str]
    records: list[dict] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        return statistics.median(record["median_seconds"] for record in self.records)

    @property
    def mebibytes(self) -> float:
        return statistics.median(record["peak_rss_mib"] for record in self.records)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def environment(threads: int, extra: dict[str, str] | None = None) -> dict[str, str]:
    foreign = ("MALLOC_", "GLIBC_", "THP_", "LD_PRELOAD", "OMP_", "GOMP_", "KMP_")
    ours = {key: value for key, value in os.environ.items() if not key.startswith(foreign)}
    return ours | {"OMP_NUM_THREADS": str(threads)} | (extra or {})


def json_of(command: list[str], threads: int, extra: dict[str, str] | None = None) -> dict:
    """The record that a program prints as its last line."""
    done = subprocess.run(command, env=environment(threads, extra), stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed with exit code {done.returncode}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def build(package: Path, product: str) -> Path:
    say(f"Building {product} …")
    arguments = ["swift", "build", "--package-path", str(package), "-c", "release"]
    subprocess.run(arguments + ["--product", product], check=True, stdout=sys.stderr)
    shown = subprocess.run(arguments + ["--show-bin-path"], check=True, stdout=subprocess.PIPE, text=True)
    return Path(shown.stdout.strip()) / product


def interpreter_with_pytorch(given: str | None) -> str:
    if given:
        return given
    home = BENCHMARKS / ".venv"
    python = home / "bin" / "python"
    if not python.exists():
        say(f"Installing PyTorch in {home} …")
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", "-r", str(REQUIREMENTS)],
                       check=True, stdout=sys.stderr)
    return str(python)
