"""Prepares a release in a clone without changes: version, changelog, date and version of the man pages, commit, tag.

Usage: release.py VERSION
The first release writes the address of the repository into Cargo.toml: that of the remote `origin`.
"""

import re
import subprocess
import sys
import time

import facts

VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?")
UNRELEASED = "## [Unreleased]\n"


def fail(message: str) -> None:
    sys.exit(f"release: {message}")


def git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=facts.ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        fail(f"git {words[0]}: {done.stderr.strip()}")
    return done.stdout.strip()


def order(version: str) -> tuple:
    """A release is later than its own candidates; their numbers count as numbers."""
    found = VERSION.fullmatch(version)
    if found is None:
        fail(f"`{version}` is no version such as 1.2.3 or 1.2.3-rc.1")
    numbers = tuple(int(part) for part in found.groups()[:3])
    candidate = found[4]
    if candidate is None:
        return (*numbers, 1)
    parts = tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in candidate.split("."))
    return (*numbers, 0, parts)


def address() -> str:
    """The address of `origin` as browsers know it."""
    remote = git("remote", "get-url", "origin")
    found = re.fullmatch(r"(?:https://(?:[^@/]+@)?|ssh://(?:[^@/]+@)?|[^@/]+@)([^:/]+)(?::\d+)?[:/](.+?)(?:\.git)?/?", remote)
    if found is None:
        fail("the remote `origin` is no address of a forge: write `repository` into Cargo.toml")
    return f"https://{found[1]}/{found[2]}"


class Edits:
    """Changes of files, which are written once all of them are known."""

    def __init__(self) -> None:
        self.after: dict[str, str] = {}

    def add(self, path: str, change, must: bool = True) -> None:
        before = (facts.ROOT / path).read_bytes().decode()
        after = change(before)
        if must and after == before:
            fail(f"{path} has no place for the new version")
        self.after[path] = after

    def write(self) -> None:
        for path, text in self.after.items():
            (facts.ROOT / path).write_bytes(text.encode())


def changelog(text: str, version: str, date: str) -> str:
    start = text.find(UNRELEASED)
    if start == -1:
        fail("CHANGELOG.md has no [Unreleased]")
    body = text[start + len(UNRELEASED) :]
    if not re.split(r"^## ", body, maxsplit=1, flags=re.MULTILINE)[0].strip():
        fail("CHANGELOG.md has nothing under [Unreleased]")
    return f"{text[:start]}{UNRELEASED}\n## [{version}] - {date}\n{body}"


def notes(version: str) -> str:
    """The section of a version, as the page of its release shows it."""
    text = (facts.ROOT / "CHANGELOG.md").read_text("utf-8")
    found = re.search(rf"^## \[{re.escape(version)}\].*\n([\s\S]*?)(?=^## |\Z)", text, re.MULTILINE)
    if found is None:
        fail(f"CHANGELOG.md has no section for {version}")
    # The page wraps by itself.
    return re.sub(r"\n  (?=\S)", " ", found[1].strip()) + "\n"


def check_tag(tag: str) -> None:
    version = facts.cargo()["version"]
    if tag != f"v{version}":
        fail(f"the tag `{tag}` is not that of version {version}")
    notes(version)


def release(version: str) -> None:
    old = facts.cargo()["version"]
    if order(version) <= order(old):
        fail(f"{version} is not later than {old}")
    if git("status", "--porcelain"):
        fail("there are changes that are not committed")
    if git("tag", "--list", f"v{version}"):
        fail(f"the tag v{version} exists")
    date = time.strftime("%Y-%m-%d", time.gmtime())

    edits = Edits()

    def manifest(text: str) -> str:
        text = text.replace(f'\nversion = "{old}"\n', f'\nversion = "{version}"\n', 1)
        if facts.cargo().get("repository") is None:
            text = text.replace('\nreadme = "', f'\nrepository = "{address()}"\nreadme = "', 1)
        return text

    edits.add("Cargo.toml", manifest)
    own = f'name = "keywright"\nversion = "{old}"\n'
    edits.add("Cargo.lock", lambda text: text.replace(own, own.replace(old, version), 1))
    edits.add("CHANGELOG.md", lambda text: changelog(text, version, date))
    edits.add("src/docs/man.rs", lambda text: re.sub(r'(PAGE_DATE: &str = ")[\d-]+', rf"\g<1>{date}", text), must=False)

    def page(text: str) -> str:
        text = re.sub(r'^(\.TH .*?"?)\d{4}-\d\d-\d\d("? .*)$', rf"\g<1>{date}\g<2>", text, count=1, flags=re.MULTILINE)
        return text.replace(f'"keywright {old}"', f'"keywright {version}"').replace(f"\nv{old}\n", f"\nv{version}\n")

    for path in sorted((facts.ROOT / "man").iterdir()):
        edits.add(f"man/{path.name}", page)

    def screen(text: str) -> str:
        def wider(found: re.Match[str]) -> str:
            length = float(found[1]) * len(f"keywright {version}") / len(f"keywright {old}")
            return f'textLength="{length:.1f}">keywright {version}<'

        return re.sub(rf'textLength="([\d.]+)">keywright {re.escape(old)}<', wider, text)

    for path in sorted((facts.ROOT / "docs/screens").rglob("*.svg")):
        edits.add(str(path.relative_to(facts.ROOT)), screen, must=False)
    edits.write()
    git("add", "--update")
    git("commit", "--quiet", "--message", f"release: {version}")
    # Signed where the user has a key for it, as with any other tag.
    git("tag", "--annotate", f"v{version}", "--message", f"keywright {version}")
    print(f"keywright {version} is committed and tagged; this publishes it: git push origin HEAD v{version}")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--check-tag", tag]:
            check_tag(tag)
        case ["--notes", version]:
            sys.stdout.write(notes(version))
        case [version] if not version.startswith("-"):
            release(version)
        case _:
            sys.exit(__doc__)
