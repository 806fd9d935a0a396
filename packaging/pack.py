"""Writes the archive of a target, its .deb and .rpm, and its bill of materials into a folder; prints their names.

Usage: pack.py TARGET BINARY FOLDER
"""

import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from pathlib import Path

import facts
import layout
import materials


def as_tar(files: list[layout.File], folder: str) -> bytes:
    """A tar in order, of nobody in particular, at the time of the commit."""
    whole, epoch = io.BytesIO(), facts.epoch()
    with tarfile.open(fileobj=whole, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for file in files:
            entry = tarfile.TarInfo(f"{folder}/{file.path}")
            entry.size, entry.mode, entry.mtime = len(file.content), file.mode, epoch
            entry.uname = entry.gname = "root"
            tar.addfile(entry, io.BytesIO(file.content))
    return layout.packed(whole.getvalue())


def as_zip(files: list[layout.File], folder: str) -> bytes:
    whole = io.BytesIO()
    moment = time.gmtime(facts.epoch())[:6]
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in files:
            entry = zipfile.ZipInfo(f"{folder}/{file.path}", moment)
            entry.create_system = 3
            entry.external_attr = (0o100000 | file.mode) << 16
            archive.writestr(entry, file.content, zipfile.ZIP_DEFLATED)
    return whole.getvalue()


def description() -> dict:
    """The part of nfpm's configuration that is the same for each package."""
    cargo = facts.cargo()
    described = {
        "name": "keywright",
        "version": cargo["version"],
        "section": "utils",
        "priority": "optional",
        # An address for mail is not known to the project; forges answer at the one of the repository.
        "maintainer": "keywright <" + (facts.repository() or "noreply@localhost") + ">",
        "description": cargo["description"],
        "license": cargo["license"],
        "platform": "linux",
        "version_schema": "semver",
        "recommends": ["ca-certificates"],
        "suggests": ["gnome-keyring"],
        "rpm": {"buildhost": "localhost", "group": "Applications/System", "compression": "zstd"},
        "deb": {"compression": "xz"},
    }
    if facts.repository():
        described["homepage"] = facts.repository()
    return described


def package(target: str, binary: Path, kind: str, folder: Path) -> Path:
    architecture = facts.field(target, "package")
    written = folder / facts.package_file(target, kind)
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(facts.epoch()))
    with tempfile.TemporaryDirectory() as staging:
        contents = []
        for number, file in enumerate(layout.of_package(target, binary, kind)):
            staged = Path(staging) / str(number)
            staged.write_bytes(file.content)
            information = {"mode": file.mode, "mtime": moment, "owner": "root", "group": "root"}
            contents.append({"src": str(staged), "dst": file.path, "file_info": information})
        configuration = {
            **description(),
            "arch": architecture,
            "mtime": moment,
            "depends": ["libc6 (>= 2.17)"] if kind == "deb" else ["glibc >= 2.17"],
            "contents": contents,
        }
        # JSON is YAML.
        config = Path(staging) / "nfpm.yaml"
        config.write_text(json.dumps(configuration))
        command = ["nfpm", "package", "--config", str(config), "--packager", kind, "--target", str(written)]
        environment = {**os.environ, "SOURCE_DATE_EPOCH": str(facts.epoch()), "TZ": "UTC"}
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"pack: nfpm: {done.stdout}{done.stderr}")
    return written


def pack(target: str, binary: Path, folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    files = layout.of_archive(target, binary)
    archive = folder / facts.archive(target)
    archive.write_bytes((as_zip if archive.suffix == ".zip" else as_tar)(files, facts.stem(target)))
    bill = folder / f"{facts.stem(target)}.cdx.json"
    bill.write_text(materials.sbom(target), "utf-8")
    written = [archive, bill]
    if facts.field(target, "package"):
        written += [package(target, binary, kind, folder) for kind in ("deb", "rpm")]
    return written


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    for path in pack(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])):
        print(path)
