"""Refuses a program for Linux that needs a newer glibc than 2.17, a library beyond it, or that names a path of a builder.

Usage: glibc.py BINARY
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import facts

NEWEST = (2, 17)
# The parts of glibc of that time; everything else may be missing on a machine.
LIBRARIES = {
    "libc.so.6",
    "libm.so.6",
    "libpthread.so.0",
    "libdl.so.2",
    "librt.so.1",
    "libutil.so.1",
    "libresolv.so.2",
    "ld-linux-x86-64.so.2",
    "ld-linux-aarch64.so.1",
}


def read(*options: str) -> str:
    done = subprocess.run(["readelf", *options], check=True, capture_output=True, text=True)
    return done.stdout


def faults(binary: str) -> list[str]:
    found = []
    symbols = read("--wide", "--version-info", binary)
    versions = {
        tuple(int(part) for part in version.split("."))
        for version in re.findall(r"Name: GLIBC_([0-9.]+)", symbols)
    }
    found += [f"it needs glibc {'.'.join(map(str, v))}" for v in sorted(versions) if v > NEWEST]
    dynamic = read("--wide", "--dynamic", binary)
    needed = set(re.findall(r"\(NEEDED\)\s+Shared library: \[(.+?)\]", dynamic))
    found += [f"it needs {library}" for library in sorted(needed - LIBRARIES)]
    if needed and not versions:
        found.append("it names no version of glibc")
    with open(binary, "rb") as file:
        content = file.read()
    here = {str(facts.ROOT), str(Path.home()), os.environ.get("CARGO_HOME", str(Path.home()))}
    found += [f"it contains the path {path}" for path in sorted(here) if f"{path}/".encode() in content]
    return found


if __name__ == "__main__":
    wrong = faults(sys.argv[1])
    for fault in wrong:
        print(f"{sys.argv[1]}: {fault}", file=sys.stderr)
    sys.exit(1 if wrong else 0)
