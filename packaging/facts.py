"""The facts that the scripts of this folder share: version, targets, time, and the names of the files of a release.

Usage: facts.py version | epoch | targets | target NAME FIELD | program TARGET | matrix
"""

import functools
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The archives that are zipped: Windows unpacks them itself.
ZIPPED = "windows"


@functools.cache
def cargo() -> dict:
    return tomllib.loads((ROOT / "Cargo.toml").read_text("utf-8"))["package"]


@functools.cache
def targets() -> dict[str, dict[str, str | int]]:
    return tomllib.loads((ROOT / "packaging/targets.toml").read_text("utf-8"))


def epoch() -> int:
    """The time that every file of a release gets: that of the commit, unless SOURCE_DATE_EPOCH says another."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return int(given)
    log = ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"]
    done = subprocess.run(log, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit("facts: this folder is no clone: set SOURCE_DATE_EPOCH")
    return int(done.stdout)


def repository() -> str | None:
    """The address of the repository, without a slash at the end; `None` before the first release."""
    given = os.environ.get("KEYWRIGHT_REPOSITORY") or cargo().get("repository")
    return given.rstrip("/") if given else None


def stem(target: str) -> str:
    """The name of an archive without its ending, which is also the one folder in it."""
    return f"keywright-{cargo()['version']}-{target}"


def archive(target: str) -> str:
    return stem(target) + (".zip" if ZIPPED in target else ".tar.gz")


def package_file(target: str, kind: str) -> str:
    """The name of a .deb or .rpm, as Debian and Fedora name their own."""
    architecture = field(target, "package")
    # A tilde sorts before the release itself.
    version = cargo()["version"].replace("-", "~", 1)
    if kind == "deb":
        return f"keywright_{version}_{architecture}.deb"
    return f"keywright-{version}-1.{target.split('-')[0]}.rpm"


def program(target: str) -> str:
    return "keywright.exe" if ZIPPED in target else "keywright"


def field(target: str, name: str) -> str:
    one = targets().get(target)
    if one is None:
        sys.exit(f"facts: unknown target `{target}`; one of: {' '.join(targets())}")
    return str(one.get(name, target if name == "build" else ""))


def matrix() -> str:
    """The jobs of the release workflow, as its matrix reads them."""
    jobs = [{"target": name, "runner": one["runner"]} for name, one in targets().items()]
    return json.dumps({"include": jobs})


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["version"]:
            print(cargo()["version"])
        case ["epoch"]:
            print(epoch())
        case ["targets"]:
            print("\n".join(targets()))
        case ["target", target, name]:
            print(field(target, name))
        case ["program", target]:
            print(program(target))
        case ["matrix"]:
            print(matrix())
        case _:
            sys.exit(__doc__)
