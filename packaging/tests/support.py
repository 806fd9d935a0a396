"""A folder with a packed release, shells at a terminal, and a home that is thrown away."""

import os
import pty
import re
import select
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import facts

TARGET = "x86_64-unknown-linux-gnu"
DIST = Path(os.environ["KEYWRIGHT_PACKED"])
# The longest that anything here is waited for: a hanging shell fails instead of holding up the run.
PATIENCE = 60


def require(*programs: str) -> None:
    """Skips a test without these programs, or fails where nothing may be skipped."""
    missing = [name for name in programs if not shutil.which(name)]
    if not missing:
        return
    if os.environ.get("KEYWRIGHT_TESTS_REQUIRE_ALL"):
        raise AssertionError(f"not installed: {' '.join(missing)}")
    raise unittest.SkipTest(f"not installed: {' '.join(missing)}")


def run(*command: str | Path, fails: bool = False, **more) -> subprocess.CompletedProcess:
    """Runs a program to its end; its exit code is 0, or anything else if it `fails`."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=PATIENCE, **more)
    if (done.returncode != 0) != fails:
        raise AssertionError(f"{command} exited with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done


class Home:
    """A home folder of a user who has nothing yet."""

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name)

    def environment(self, **more: str) -> dict[str, str]:
        base = {"HOME": str(self.path), "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "TERM": "dumb"}
        return {**base, **more}

    def files(self) -> list[str]:
        found = (path for path in self.path.rglob("*") if path.is_file())
        return sorted(str(path.relative_to(self.path)) for path in found)

    def __enter__(self) -> "Home":
        return self

    def __exit__(self, *_: object) -> None:
        self.folder.cleanup()


def at_terminal(shell: list[str], keys: list[tuple[str, str]], home: Home) -> str:
    """Presses keys in a shell, each as soon as what stands before it was shown; returns the screen."""
    process, terminal = pty.fork()
    if process == 0:
        os.execvpe(shell[0], shell, home.environment())
    shown = ""
    try:
        for wanted, pressed in keys:
            while not re.search(wanted, shown):
                ready, _, _ = select.select([terminal], [], [], PATIENCE)
                if not ready:
                    raise AssertionError(f"no `{wanted}` in:\n{shown}")
                shown += os.read(terminal, 4096).decode("utf-8", "replace")
            os.write(terminal, pressed.encode())
    except OSError as error:
        raise AssertionError(f"the shell has ended:\n{shown}") from error
    finally:
        os.close(terminal)
        os.waitpid(process, 0)
    return shown


def packed(kind: str) -> Path:
    return DIST / (facts.archive(TARGET) if kind == "archive" else facts.package_file(TARGET, kind))
