"""The dependencies that are in the program: their bill of materials (CycloneDX) and their licences.

Usage: materials.py sbom | notices [TARGET]
Both come from `cargo metadata` and the lock file, and are the same for one commit on every machine. Without a target the
dependencies of all systems count.
"""

import json
import subprocess
import sys
import tomllib
import uuid
from datetime import UTC, datetime
from pathlib import Path

import facts

SPECIFICATION = "1.6"
# The beginnings of names under which crates keep their licences.
LICENCE_FILES = ("license", "licence", "copying", "copyright", "notice", "unlicense")


def metadata(target: str | None) -> dict:
    command = ["cargo", "metadata", "--format-version=1", "--locked"]
    if target:
        command += ["--filter-platform", target]
    done = subprocess.run(command, cwd=facts.ROOT, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def linked(data: dict) -> dict[str, list[str]]:
    """The packages that end up in the program, from the program itself downwards, each with what it needs."""
    nodes = {node["id"]: node for node in data["resolve"]["nodes"]}
    edges: dict[str, list[str]] = {}
    waiting = [data["resolve"]["root"]]
    while waiting:
        here = waiting.pop()
        if here in edges:
            continue
        edges[here] = [
            need["pkg"]
            for need in nodes[here]["deps"]
            if any(kind["kind"] is None for kind in need["dep_kinds"])
        ]
        waiting += edges[here]
    return edges


def packages(data: dict, edges: dict[str, list[str]]) -> list[dict]:
    found = [package for package in data["packages"] if package["id"] in edges]
    return sorted(found, key=lambda package: (package["name"], package["version"]))


def address(package: dict) -> str:
    return f"pkg:cargo/{package['name']}@{package['version']}"


def component(package: dict, checksums: dict[tuple[str, str], str]) -> dict:
    described = {
        "type": "library",
        "bom-ref": address(package),
        "name": package["name"],
        "version": package["version"],
        "purl": address(package),
    }
    if package["description"]:
        described["description"] = " ".join(package["description"].split())
    if package["license"]:
        # A slash is how crates wrote OR before SPDX expressions.
        described["licenses"] = [{"expression": package["license"].replace("/", " OR ")}]
    checksum = checksums.get((package["name"], package["version"]))
    if checksum:
        described["hashes"] = [{"alg": "SHA-256", "content": checksum}]
    if package["repository"]:
        described["externalReferences"] = [{"type": "vcs", "url": package["repository"]}]
    return described


def sbom(target: str | None) -> str:
    data = metadata(target)
    edges = linked(data)
    lock = (facts.ROOT / "Cargo.lock").read_text("utf-8")
    locked = tomllib.loads(lock)["package"]
    checksums = {(one["name"], one["version"]): one["checksum"] for one in locked if "checksum" in one}
    refs = {package["id"]: address(package) for package in data["packages"]}
    components = [component(package, checksums) for package in packages(data, edges)]
    root = refs[data["resolve"]["root"]]
    # The same content has the same number.
    number = uuid.uuid5(uuid.NAMESPACE_URL, f"{root}?target={target}\n{lock}")
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": SPECIFICATION,
        "serialNumber": f"urn:uuid:{number}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(facts.epoch(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": next({**one, "type": "application"} for one in components if one["bom-ref"] == root),
        },
        "components": [one for one in components if one["bom-ref"] != root],
        "dependencies": sorted(
            ({"ref": refs[one], "dependsOn": sorted({refs[need] for need in needs})} for one, needs in edges.items()),
            key=lambda entry: entry["ref"],
        ),
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def licence_files(package: dict) -> list[Path]:
    folder = Path(package["manifest_path"]).parent
    named = package.get("license_file")
    files = {folder / named} if named else set()
    files |= {path for path in folder.iterdir() if path.name.lower().startswith(LICENCE_FILES)}
    return sorted(path for path in files if path.is_file())


def notices(target: str | None) -> str:
    data = metadata(target)
    edges = linked(data)
    root = data["resolve"]["root"]
    texts: dict[str, list[str]] = {}
    lines = []
    for package in packages(data, edges):
        if package["id"] == root:
            continue
        title = f"{package['name']} {package['version']}"
        lines.append(f"{title}: {package['license'] or 'see below'}")
        for path in licence_files(package):
            text = "\n".join(line.rstrip() for line in path.read_text("utf-8", "replace").strip().splitlines())
            users = texts.setdefault(text, [])
            if title not in users:
                users.append(title)
    parts = ["keywright contains these packages, under these licences:\n\n" + "\n".join(lines)]
    parts += [f"{'=' * 79}\n{', '.join(users)}\n{'=' * 79}\n\n{text}" for text, users in texts.items()]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["sbom", *rest] if len(rest) <= 1:
            sys.stdout.write(sbom(*rest or [None]))
        case ["notices", *rest] if len(rest) <= 1:
            sys.stdout.write(notices(*rest or [None]))
        case _:
            sys.exit(__doc__)
