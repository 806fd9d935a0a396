"""Everything that is made from one template: what it names exists, under the checksum that it says."""

import hashlib
import json
import re
import shutil
import tempfile
import tomllib
import unittest
from pathlib import Path

import facts
import finish
import tree_sitter
import tree_sitter_powershell
import tree_sitter_ruby
import yaml
from support import DIST, run

REPOSITORY = facts.repository()
VERSION = facts.cargo()["version"]
# The systems on which each package manager gets keywright.
NEEDS = {
    "keywright.rb": {
        "aarch64-apple-darwin",
        "x86_64-apple-darwin",
        "aarch64-unknown-linux-gnu",
        "x86_64-unknown-linux-gnu",
    },
    "keywright.json": {"x86_64-pc-windows-msvc"},
    "acme.keywright.installer.yaml": {"x86_64-pc-windows-msvc"},
}


def syntax_errors(language: object, text: str) -> list[str]:
    tree = tree_sitter.Parser(tree_sitter.Language(language)).parse(text.encode())
    found, waiting = [], [tree.root_node]
    while waiting:
        node = waiting.pop()
        if node.is_error or node.is_missing:
            found.append(f"{node.start_point.row + 1}: {text.encode()[node.start_byte:node.end_byte][:60]!r}")
        waiting += node.children
    return found


class Manifests(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.temporary.cleanup)
        cls.folder = Path(cls.temporary.name)
        shutil.copytree(DIST, cls.folder, dirs_exist_ok=True)
        for target in facts.targets():
            path = cls.folder / facts.archive(target)
            if not path.exists():
                path.write_text(f"as if for {target}")
        run(facts.ROOT / "packaging/finish", cls.folder)

    def text(self, name: str) -> str:
        return (self.folder / name).read_text()

    def test_checksums_cover_every_file(self) -> None:
        run("sha256sum", "--check", "--strict", finish.SUMS, cwd=self.folder)
        named = {line.split("  ")[1] for line in self.text(finish.SUMS).splitlines()}
        self.assertEqual(named, {path.name for path in self.folder.iterdir()} - {finish.SUMS})

    def test_finishing_again_changes_nothing(self) -> None:
        before = self.text(finish.SUMS)
        run(facts.ROOT / "packaging/finish", self.folder)
        self.assertEqual(self.text(finish.SUMS), before)

    def test_no_place_is_left_open(self) -> None:
        for template in finish.TEMPLATES.iterdir():
            name = template.name.replace("@publisher@", "acme")
            text = self.text(name)
            self.assertIsNone(finish.PLACE.search(text), name)
            self.assertIn(VERSION, text, name)

    def test_template_names_no_version_or_checksum(self) -> None:
        for template in finish.TEMPLATES.iterdir():
            text = template.read_text()
            self.assertNotIn(VERSION, text.replace("manifest.version.1.10.0", ""), template.name)
            self.assertIsNone(re.search(r"\b[0-9a-fA-F]{64}\b", text), template.name)

    def test_unknown_word_is_refused(self) -> None:
        for wrong in ("@nothing@", "@sha256:x86_64-unknown-linux-gnu@", "@size:x86_64-unknown-linux-gnu@"):
            with self.assertRaises(finish.Missing):
                finish.render(wrong, REPOSITORY, {})

    def test_archives_are_named_with_their_checksums(self) -> None:
        for name, targets in NEEDS.items():
            text = self.text(name)
            for target in targets:
                archive = facts.archive(target)
                self.assertIn(f"{REPOSITORY}/releases/download/v{VERSION}/{archive}", text, name)
                checksum = hashlib.sha256((self.folder / archive).read_bytes()).hexdigest()
                # In the order in which they belong together.
                self.assertRegex(text.lower(), rf"{re.escape(archive)}\"?,?\s+\"?\w+\"?:? \"?{checksum}", name)
            found = set(re.findall(r"keywright-[\d.]+-([\w-]+)\.(?:tar\.gz|zip)", text))
            self.assertEqual(found, targets, name)

    def test_formula_reads_as_ruby(self) -> None:
        self.assertEqual(syntax_errors(tree_sitter_ruby.language(), self.text("keywright.rb")), [])
        self.assertNotEqual(syntax_errors(tree_sitter_ruby.language(), "class A\n  def\n"), [])

    def test_installer_reads_as_powershell(self) -> None:
        self.assertEqual(syntax_errors(tree_sitter_powershell.language(), self.text("install.ps1")), [])
        self.assertNotEqual(syntax_errors(tree_sitter_powershell.language(), "if ($a { }"), [])

    def test_scoop_manifest_unpacks_the_folder_of_the_archive(self) -> None:
        manifest = json.loads(self.text("keywright.json"))
        self.assertEqual(manifest["architecture"]["64bit"]["extract_dir"], facts.stem("x86_64-pc-windows-msvc"))
        self.assertEqual(manifest["bin"], facts.program("x86_64-pc-windows-msvc"))

    def test_winget_manifests_belong_together(self) -> None:
        manifests = [yaml.safe_load(self.text(path.name)) for path in sorted(self.folder.glob("acme.keywright*.yaml"))]
        self.assertEqual({manifest["ManifestType"] for manifest in manifests}, {"version", "installer", "defaultLocale"})
        for manifest in manifests:
            self.assertEqual(manifest["PackageIdentifier"], "acme.keywright")
            self.assertEqual(manifest["PackageVersion"], VERSION)
        installer = next(manifest for manifest in manifests if manifest["ManifestType"] == "installer")
        nested = installer["NestedInstallerFiles"][0]["RelativeFilePath"]
        self.assertEqual(nested, facts.stem("x86_64-pc-windows-msvc") + "\\keywright.exe")

    def test_binstall_finds_every_archive(self) -> None:
        settings = facts.cargo()["metadata"]["binstall"]
        for target in facts.targets():
            of_target = {**settings, **settings.get("overrides", {}).get(target, {})}
            places = {
                "{ repo }": REPOSITORY,
                "{ name }": "keywright",
                "{ version }": VERSION,
                "{ target }": target,
                "{ bin }": "keywright",
                "{ binary-ext }": ".exe" if "windows" in target else "",
            }
            url, program = of_target["pkg-url"], of_target["bin-dir"]
            for place, value in places.items():
                url, program = url.replace(place, value), program.replace(place, value)
            self.assertEqual(url, f"{REPOSITORY}/releases/download/v{VERSION}/{facts.archive(target)}")
            self.assertEqual(program, f"{facts.stem(target)}/{facts.program(target)}")
            self.assertEqual(of_target["pkg-fmt"], "zip" if "windows" in target else "tgz")

    def test_targets_are_known_to_the_compiler(self) -> None:
        known = set(run("rustc", "--print", "target-list").stdout.split())
        self.assertLessEqual(set(facts.targets()), known)
        manifest = tomllib.loads((facts.ROOT / "Cargo.toml").read_text())
        self.assertEqual(manifest["package"]["name"], "keywright")
