"""The files of a release, each with its content: what an archive holds, and where a package puts it."""

import gzip
from dataclasses import dataclass
from pathlib import Path

import facts
import materials

# The scripts that ask keywright itself at a Tab, and those that stand alone for shells that cannot.
COMPLETIONS = {
    "bash": "completions/asking/keywright.bash",
    "zsh": "completions/asking/_keywright",
    "fish": "completions/asking/keywright.fish",
    "powershell": "completions/_keywright.ps1",
    "elvish": "completions/keywright.elv",
}
DOCUMENTS = ("README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE")
NOTICES = "THIRD-PARTY-LICENSES"


@dataclass(frozen=True)
class File:
    """A file of a release: its path below the folder or the root, its content, its mode."""

    path: str
    content: bytes
    mode: int = 0o644


def read(path: str) -> bytes:
    return (facts.ROOT / path).read_bytes()


def pages() -> list[Path]:
    found = sorted((facts.ROOT / "man").iterdir())
    return [page for page in found if page.suffix in (".1", ".5")]


def of_archive(target: str, binary: Path) -> list[File]:
    files = [File(facts.program(target), binary.read_bytes(), 0o755)]
    files += [File(name, read(name)) for name in DOCUMENTS]
    files.append(File(NOTICES, materials.notices(target).encode()))
    files += [File(f"completions/{Path(path).name}", read(path)) for path in COMPLETIONS.values()]
    files += [File(f"man/man{page.suffix[1:]}/{page.name}", page.read_bytes()) for page in pages()]
    return sorted(files, key=lambda file: file.path)


def packed(content: bytes) -> bytes:
    return gzip.compress(content, compresslevel=9, mtime=0)


def copyright_file() -> bytes:
    """The licences as Debian writes them down."""
    mit = "\n".join(f" {line}" if line.strip() else " ." for line in read("LICENSE-MIT").decode().splitlines())
    holder = next(line for line in read("LICENSE-MIT").decode().splitlines() if line.startswith("Copyright"))
    return f"""Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: keywright

Files: *
Copyright: {holder.removeprefix("Copyright").strip()}
License: Expat or Apache-2.0
Comment: The program contains other packages; {NOTICES}.gz beside this file has their licences.

License: Expat
{mit}

License: Apache-2.0
 On Debian systems the text of the Apache License 2.0 is /usr/share/common-licenses/Apache-2.0.
""".encode()


def of_package(target: str, binary: Path, kind: str) -> list[File]:
    """The files of a .deb or .rpm, below the root."""
    share = "/usr/share"
    zsh = "vendor-completions" if kind == "deb" else "site-functions"
    document = f"{share}/doc/keywright"
    files = [
        File("/usr/bin/keywright", binary.read_bytes(), 0o755),
        File(f"{share}/bash-completion/completions/keywright", read(COMPLETIONS["bash"])),
        File(f"{share}/zsh/{zsh}/_keywright", read(COMPLETIONS["zsh"])),
        File(f"{share}/fish/vendor_completions.d/keywright.fish", read(COMPLETIONS["fish"])),
        File(f"{document}/README.md", read("README.md")),
        File(f"{document}/{NOTICES}.gz", packed(materials.notices(target).encode())),
    ]
    files += [
        File(f"{share}/man/man{page.suffix[1:]}/{page.name}.gz", packed(page.read_bytes())) for page in pages()
    ]
    if kind == "deb":
        files.append(File(f"{document}/copyright", copyright_file()))
        files.append(File(f"{document}/changelog.gz", packed(read("CHANGELOG.md"))))
    else:
        files += [File(f"{share}/licenses/keywright/{name}", read(name)) for name in ("LICENSE-MIT", "LICENSE-APACHE")]
        files.append(File(f"{document}/CHANGELOG.md", read("CHANGELOG.md")))
    return sorted(files, key=lambda file: file.path)
