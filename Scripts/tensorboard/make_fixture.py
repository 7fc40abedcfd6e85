"""Write Tests/Fixtures/tensorboard.json: records of event files as TensorBoard's own code writes them.

    python make_fixture.py
"""

from __future__ import annotations

import io
import json
from pathlib import Path

import tensorboard
from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter

SCALARS = [
    (1, [("train/loss", 2.302585092994046), ("train/learning_rate", 0.01)]),
    (300, [("train/loss", 0.0), ("train/error", -0.125)]),
    (64_000, [("test/error", 0.0637), ("test/top5_error", 1e-30), ("test/loss", 1e300)]),
    (2**40, [("größe/ŷ", 1.0)]),
    (-1, [("train/loss", 3.5)]),
]
"""A number that no `float` holds exactly, 0, a negative one, a small one, one that overflows; steps of one to ten bytes."""


def scalar(tag: str, value: float) -> Summary.Value:
    # Python refuses to round 1e300 to a float; every other language has infinity.
    return Summary.Value(tag=tag, simple_value=value if abs(value) < 1e38 else float("inf"))


def events() -> list[tuple[dict, Event]]:
    time = 1_700_000_000.25
    found = [
        ({"kind": "file_version"}, Event(wall_time=time, file_version="brain.Event:2")),
        ({"kind": "start", "step": 301}, Event(step=301, session_log=SessionLog(status=SessionLog.START))),
        ({"kind": "start", "step": 0}, Event(step=0, session_log=SessionLog(status=SessionLog.START))),
    ]
    for step, scalars in SCALARS:
        values = [scalar(tag, value) for tag, value in scalars]
        content = {"kind": "scalars", "step": step}
        content["scalars"] = [{"tag": tag, "value": value} for tag, value in scalars]
        found.append((content, Event(step=step, summary=Summary(value=values))))
    for index, (content, event) in enumerate(found):
        content["wall_time"] = event.wall_time = time + index
    return found


def record(event: Event) -> bytes:
    buffer = io.BytesIO()
    RecordWriter(buffer).write(event.SerializeToString(deterministic=True))
    return buffer.getvalue()


def main() -> None:
    fixture = {
        "schema_version": 1,
        "made_by": "Scripts/tensorboard/make_fixture.py",
        "framework": f"tensorboard {tensorboard.__version__}",
        "records": [{**content, "bytes": record(event).hex()} for content, event in events()],
    }
    target = Path(__file__).resolve().parents[2] / "Tests/Fixtures/tensorboard.json"
    target.write_text(json.dumps(fixture, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
