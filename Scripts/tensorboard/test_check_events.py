"""Show that check_events.py accepts what is right and refuses what is wrong.

    python -m unittest test_check_events.py
"""

from __future__ import annotations

import contextlib
import io
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter

import check_events

TABLE = "iteration,loss,test_error\r\n1,2.3,\r\n2,2.1,0.5\r\n3,1.9,\r\n"


class CheckTests(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def write(self, name: str, events: list[Event]) -> Path:
        path = self.folder / f"events.out.tfevents.{name}"
        with path.open("wb") as file:
            writer = RecordWriter(file)
            for event in [Event(wall_time=1, file_version="brain.Event:2"), *events]:
                writer.write(event.SerializeToString())
        return path

    def scalar(self, step: int, **scalars: float) -> Event:
        values = [Summary.Value(tag=tag.replace("_", "/", 1), simple_value=value) for tag, value in scalars.items()]
        return Event(wall_time=2, step=step, summary=Summary(value=values))

    def check(self, table: str = TABLE) -> tuple[int, str]:
        path = self.folder / "curve.csv"
        path.write_text(table)
        output = io.StringIO()
        with (
            mock.patch.object(sys, "argv", ["check", str(self.folder), str(path)]),
            contextlib.redirect_stdout(output),
            contextlib.redirect_stderr(output),
        ):
            return check_events.main(), output.getvalue()

    def test_equal(self) -> None:
        self.write("1", [self.scalar(1, train_loss=2.3), self.scalar(2, train_loss=2.1, test_error=0.5)])
        self.assertEqual(self.check(TABLE.replace("3,1.9,\r\n", "")), (0, "3 scalars of 2 tags: all equal\n"))

    def test_units(self) -> None:
        self.write("1", [self.scalar(2, propagation_log10_direct_x0=-1.5)])
        table = "iteration,unit,direct_log10,forward_rms\r\n2,0,%s,1\r\n2,1,-7,1\r\n"
        self.assertEqual(self.check(table % "-1.5"), (0, "1 scalars of 1 tags: all equal\n"))
        self.assertEqual(self.check(table % "-1.4")[0], 1)

    def test_truncated_tail(self) -> None:
        path = self.write("1", [self.scalar(1, train_loss=2.3), self.scalar(2, train_loss=2.1, test_error=0.5)])
        path.write_bytes(path.read_bytes()[:-3])
        self.assertEqual(self.check("iteration,loss\r\n1,2.3\r\n"), (0, "1 scalars of 1 tags: all equal\n"))

    def test_restart(self) -> None:
        self.write("1", [self.scalar(1, train_loss=2.3), self.scalar(2, train_loss=7), self.scalar(3, train_loss=8)])
        start = Event(wall_time=3, step=2, session_log=SessionLog(status=SessionLog.START))
        self.write("2", [start, self.scalar(2, train_loss=2.1)])
        self.assertEqual(self.check("iteration,loss\r\n1,2.3\r\n2,2.1\r\n")[0], 0)

    def test_wrong_value(self) -> None:
        self.write("1", [self.scalar(1, train_loss=2.3000004)])
        status, output = self.check("iteration,loss\r\n1,2.3\r\n")
        self.assertEqual(status, 1)
        self.assertIn("train/loss at 1: 2.3000", output)

    def test_missing_and_superfluous(self) -> None:
        self.write("1", [self.scalar(1, train_loss=2.3), self.scalar(2, train_loss=2.1), self.scalar(4, train_loss=1)])
        status, output = self.check()
        self.assertEqual(status, 1)
        self.assertIn("test/error at 2: 0.5 is not in the event files", output)
        self.assertIn("train/loss at 3: 1.9 is not in the event files", output)
        self.assertIn("train/loss at 4: 1.0 is not in the table", output)

    def test_not_finite(self) -> None:
        self.write("1", [self.scalar(1, train_loss=2.3), self.scalar(2, train_loss=float("nan"))])
        self.assertEqual(self.check("iteration,loss\r\n1,2.3\r\n2,\r\n")[0], 0)

    def test_nothing(self) -> None:
        self.assertEqual(self.check()[0], 2)
        self.write("1", [])
        self.assertEqual(self.check("iteration,loss\r\n")[0], 1)


if __name__ == "__main__":
    unittest.main()
