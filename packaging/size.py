"""Refuses a program that is larger than its target allows.

Usage: size.py TARGET BINARY
"""

import sys
from pathlib import Path

import facts

if __name__ == "__main__":
    target, binary = sys.argv[1:]
    limit = facts.field(target, "limit")
    size = Path(binary).stat().st_size
    if limit and size > int(limit):
        sys.exit(f"{binary}: {size} bytes, more than {limit}")
