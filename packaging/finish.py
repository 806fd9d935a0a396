"""Completes a folder with the archives of a release: checksums, and everything that names a version, an address or a
checksum, from packaging/templates. Usage: finish.py FOLDER
"""

import hashlib
import re
import sys
import time
from pathlib import Path

import facts

TEMPLATES = facts.ROOT / "packaging/templates"
SUMS = "SHA256SUMS"
PLACE = re.compile(r"@([A-Za-z0-9]+)(?::([a-z0-9_-]+))?@")


class Missing(Exception):
    """A template asks for what this release does not have."""


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def sums(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != SUMS)
    return {str(path.relative_to(folder)): sha256(path) for path in sorted(files)}


def listed(checksums: dict[str, str]) -> str:
    return "".join(f"{checksum}  {name}\n" for name, checksum in checksums.items())


def publisher(repository: str) -> str:
    """The first part of the path: whose repository it is."""
    return repository.split("://", 1)[-1].split("/")[1]


def render(text: str, repository: str, checksums: dict[str, str]) -> str:
    cargo = facts.cargo()
    archives = {name: sha for name, sha in checksums.items() if name.endswith((".tar.gz", ".zip"))}
    values = {
        "version": cargo["version"],
        "description": cargo["description"],
        "license": cargo["license"],
        "repository": repository,
        "publisher": publisher(repository),
        "date": time.strftime("%Y-%m-%d", time.gmtime(facts.epoch())),
        "checksums": listed(archives).strip(),
    }

    def value(found: re.Match[str]) -> str:
        name, target = found.groups()
        if target is None:
            if name not in values:
                raise Missing(f"unknown word @{name}@")
            return values[name]
        archive = facts.archive(target)
        if archive not in checksums:
            raise Missing(f"there is no {archive}")
        match name:
            case "url":
                return f"{repository}/releases/download/v{cargo['version']}/{archive}"
            case "sha256":
                return checksums[archive]
            case "SHA256":
                return checksums[archive].upper()
            case _:
                raise Missing(f"unknown word @{name}:{target}@")

    return PLACE.sub(value, text)


def finish(folder: Path) -> list[Path]:
    repository = facts.repository()
    if repository is None:
        sys.exit("finish: `repository` is not in Cargo.toml, nor KEYWRIGHT_REPOSITORY set: packaging/release writes it")
    (folder / SUMS).unlink(missing_ok=True)
    templates = sorted(path for path in TEMPLATES.rglob("*") if path.is_file())
    # The files of an earlier run were not built.
    written = [folder / render(str(template.relative_to(TEMPLATES)), repository, {}) for template in templates]
    for path in written:
        path.unlink(missing_ok=True)
    checksums = sums(folder)
    for template, path in zip(templates, written, strict=True):
        try:
            text = render(template.read_text("utf-8"), repository, checksums)
        except Missing as why:
            sys.exit(f"finish: {template.relative_to(facts.ROOT)}: {why}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
        path.chmod(0o755 if path.suffix == ".sh" else 0o644)
    (folder / SUMS).write_text(listed(sums(folder)))
    return [*written, folder / SUMS]


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for path in finish(Path(sys.argv[1])):
        print(path)
