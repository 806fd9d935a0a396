"""The most bytes of a program: `packaging/build` refuses a larger one."""

import sys
import tempfile
import unittest

import facts
from support import TARGET, run

LIMIT = 10_000_000


class Size(unittest.TestCase):
    def check(self, size: int, target: str = TARGET, **more):
        with tempfile.NamedTemporaryFile() as program:
            program.truncate(size)
            return run(sys.executable, facts.ROOT / "packaging/size.py", target, program.name, **more)

    def test_program_above_its_limit_is_refused(self) -> None:
        self.check(LIMIT)
        refused = self.check(LIMIT + 1, fails=True)
        self.assertIn(f"{LIMIT + 1} bytes, more than {LIMIT}", refused.stderr)

    def test_target_without_limit_takes_any_size(self) -> None:
        self.check(LIMIT + 1, "x86_64-pc-windows-msvc")

    def test_build_holds_the_limit(self) -> None:
        build = (facts.ROOT / "packaging/build").read_text()
        self.assertIn('packaging/python packaging/size.py "$target" "$binary"', build)
