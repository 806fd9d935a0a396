"""The archive, the .deb and the .rpm: what is in them, and that a machine is as it was once they are removed."""

import json
import os
import subprocess
import tarfile
import tempfile
import unittest
from pathlib import Path

import facts
import layout
from support import DIST, TARGET, Home, at_terminal, packed, require, run

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

# The folders in which packages put files; caches and databases of the system itself are elsewhere.
SYSTEM = ("/usr", "/etc", "/opt", "/bin", "/lib")
# A base image for containers leaves out manuals and documents.
EVERYTHING = ("--path-include=/usr/share/man/*", "--path-include=/usr/share/doc/*")


def system_files() -> set[str]:
    # Compiled Python of the system comes and goes by itself.
    found = run("find", *SYSTEM, "-xdev", "-not", "-path", "*/__pycache__*").stdout
    return set(found.splitlines())


def is_installed() -> bool:
    return subprocess.run(["dpkg", "-s", "keywright"], capture_output=True).returncode == 0


class Archive(unittest.TestCase):
    def test_one_folder_holds_everything_of_nobody(self) -> None:
        with tarfile.open(packed("archive")) as tar:
            entries = tar.getmembers()
        names = [entry.name for entry in entries]
        self.assertEqual(names, sorted(names))
        folder = facts.stem(TARGET)
        for name in ("keywright", "README.md", "LICENSE-MIT", "LICENSE-APACHE", layout.NOTICES, "man/man1/keywright.1"):
            self.assertIn(f"{folder}/{name}", names)
        for path in layout.COMPLETIONS.values():
            self.assertIn(f"{folder}/completions/{Path(path).name}", names)
        for entry in entries:
            self.assertTrue(entry.isfile(), entry.name)
            self.assertEqual((entry.uid, entry.gid, entry.mtime), (0, 0, facts.epoch()), entry.name)
            self.assertEqual(entry.mode, 0o755 if entry.name == f"{folder}/keywright" else 0o644, entry.name)

    def test_program_runs_from_its_folder(self) -> None:
        with tempfile.TemporaryDirectory() as folder, Home() as home:
            run("tar", "-xzf", packed("archive"), "-C", folder)
            program = Path(folder) / facts.stem(TARGET) / "keywright"
            done = run(program, "--version", env=home.environment())
            self.assertEqual(done.stdout, f"keywright {facts.cargo()['version']}\n")

    def test_packing_again_gives_same_bytes(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            with tarfile.open(packed("archive")) as tar:
                tar.extractall(folder, filter="data")
            again = Path(folder) / "again"
            binary = Path(folder) / facts.stem(TARGET) / "keywright"
            run(facts.ROOT / "packaging/pack", TARGET, binary, again)
            for file in sorted(again.iterdir()):
                self.assertEqual(file.read_bytes(), (DIST / file.name).read_bytes(), file.name)


class Bill(unittest.TestCase):
    def setUp(self) -> None:
        self.text = (DIST / f"{facts.stem(TARGET)}.cdx.json").read_text()
        self.bill = json.loads(self.text)

    def test_bill_of_materials_is_valid(self) -> None:
        self.assertIsNone(JsonStrictValidator(SchemaVersion.V1_6).validate_str(self.text))

    def test_bill_names_linked_packages_only(self) -> None:
        names = {one["name"] for one in self.bill["components"]}
        self.assertLessEqual({"age", "reqwest", "ring", "rustls", "rustix"}, names)
        # Tests, other systems, and the build script.
        self.assertFalse({"divan", "jsonschema", "windows-sys", "security-framework"} & names)
        self.assertEqual(self.bill["metadata"]["component"]["version"], facts.cargo()["version"])
        for one in self.bill["components"]:
            self.assertEqual(len(one["hashes"][0]["content"]), 64, one["name"])

    def test_every_dependency_has_its_licence(self) -> None:
        with tarfile.open(packed("archive")) as tar:
            notices = tar.extractfile(f"{facts.stem(TARGET)}/{layout.NOTICES}").read().decode()
        for one in self.bill["components"]:
            self.assertIn(f"{one['name']} {one['version']}: ", notices)


class Debian(unittest.TestCase):
    def setUp(self) -> None:
        require("dpkg", "apt-get", "man", "bash", "zsh", "fish")
        if os.geteuid() != 0 or is_installed():
            self.skipTest("a package is installed only by root, and only where there is no keywright")

    def test_machine_is_as_before_after_removal(self) -> None:
        before = system_files()
        with Home() as home:
            run("dpkg", *EVERYTHING, "-i", packed("deb"))
            try:
                self.use(home)
            finally:
                run("dpkg", "--purge", "keywright")
            self.assertEqual(system_files(), before)
            left = [file for file in home.files() if not file.startswith((".local/state/keywright/", ".cache/keywright/"))]
            # The shells' own files.
            self.assertEqual([file for file in left if "keywright" in file], [])

    def use(self, home: Home) -> None:
        pages = run("man", "-w", "keywright", "keywright-keys-create", env=home.environment()).stdout
        self.assertIn("/usr/share/man/man1/keywright.1.gz", pages)
        manual = run("man", "-P", "cat", "5", "keywright-manifest", env=home.environment()).stdout
        self.assertGreater(len(manual.splitlines()), 100)
        created = run("/usr/bin/keywright", "--sandbox", "keys", "create", "x", env=home.environment(), cwd=home.path)
        self.assertRegex(created.stdout, r"\Ask-\w{40,}\n\Z")
        for path in (f"/usr/share/doc/keywright/{name}" for name in ("copyright", "changelog.gz", f"{layout.NOTICES}.gz")):
            self.assertTrue(Path(path).is_file(), path)
        completed = run("fish", "-c", "complete -C 'keywright doc'", env=home.environment()).stdout
        self.assertIn("doctor", completed)
        # The completed line is run: a key that interrupts it may meet the shell while that still completes.
        asked = [("keywright doctor ", "--help\n"), ("keywright doctor --json", "exit\n")]
        start = "source /usr/share/bash-completion/bash_completion; PS1='ready> '\n"
        keys = [(r"\$|#", start), ("\nready> ", "keywright doc\t"), *asked]
        at_terminal(["bash", "--norc", "-i"], keys, home)
        start = "PS1='ready> '; autoload -Uz compinit; compinit -u\n"
        keys = [("[%#]", start), ("\nready> |\rready> ", "keywright doc\t"), *asked]
        at_terminal(["zsh", "-f", "-i"], keys, home)


class Rpm(unittest.TestCase):
    def setUp(self) -> None:
        require("rpm")

    def test_package_installs_below_its_own_root(self) -> None:
        facts_of = run("rpm", "-qp", "--qf", "%{NAME} %{VERSION} %{ARCH} %{LICENSE}", packed("rpm")).stdout
        version = facts.cargo()["version"].replace("-", "~", 1)
        self.assertEqual(facts_of, f"keywright {version} x86_64 MIT OR Apache-2.0")
        self.assertIn("glibc >= 2.17", run("rpm", "-qp", "--requires", packed("rpm")).stdout)
        with tempfile.TemporaryDirectory() as root:
            run("rpm", "--root", root, "--nodeps", "-i", packed("rpm"))
            files = {f"/{path.relative_to(root)}" for path in Path(root).rglob("*") if path.is_file()}
            binary = Path(root) / "usr/bin/keywright"
            wanted = {file.path for file in layout.of_package(TARGET, binary, "rpm")}
            self.assertLessEqual(wanted, files)
            run("rpm", "--root", root, "-V", "--nodeps", "keywright")
            run("rpm", "--root", root, "-e", "keywright")
            self.assertFalse([path for path in wanted if (Path(root) / path[1:]).exists()])
