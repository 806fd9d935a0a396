"""The package for crates.io: what is in it, and what describes it. `.ci/long` builds from it."""

import re
import unittest

import facts
from support import run

# The largest sum of all files before they are packed.
LIMIT = 7_000_000


class Crate(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        listed = run("cargo", "package", "--list", "--locked", "--allow-dirty", "--offline", cwd=facts.ROOT).stdout
        cls.files = listed.splitlines()

    def test_package_holds_no_tests_and_no_tools(self) -> None:
        first = {name.split("/")[0] for name in self.files if "/" in name}
        self.assertEqual(first, {"docs", "schema", "src"})
        for name in ("README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE", "build.rs", "src/main.rs", "Cargo.lock"):
            self.assertIn(name, self.files)
        size = sum((facts.ROOT / name).stat().st_size for name in self.files if (facts.ROOT / name).is_file())
        self.assertLess(size, LIMIT)

    def test_every_included_file_is_packed(self) -> None:
        packed = set(self.files)
        included = re.compile(r'include_(?:str|bytes)!\(\s*"([^"]+)"')
        for name in self.files:
            path = facts.ROOT / name
            if path.suffix != ".rs" or re.search(r"(^|/)tests(/|\.rs$)", name):
                continue
            for found in included.findall(path.read_text().split("#[cfg(test)]\nmod tests {")[0]):
                target = (path.parent / found).resolve().relative_to(facts.ROOT)
                self.assertIn(str(target), packed, name)

    def test_metadata_is_complete(self) -> None:
        cargo = facts.cargo()
        for field in ("description", "license", "readme", "keywords", "categories", "rust-version", "include"):
            self.assertTrue(cargo.get(field), field)
        self.assertLessEqual(len(cargo["keywords"]), 5)
        self.assertNotIn("publish", cargo)
        # packaging/release writes it.
        self.assertIn(cargo.get("repository"), (None, facts.repository()))

    def test_library_shows_what_the_program_needs(self) -> None:
        shown = []
        attributes: list[str] = []
        for line in (facts.ROOT / "src/lib.rs").read_text().splitlines():
            if line.startswith("#["):
                attributes.append(line)
            elif line.startswith("pub ") and "#[doc(hidden)]" not in attributes:
                shown.append(line)
            if not line.startswith(("#[", "///")):
                attributes = []
        self.assertEqual(shown, ["pub fn main() -> ExitCode {"])
