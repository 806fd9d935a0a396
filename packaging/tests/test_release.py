"""packaging/release in a clone, and the workflow that its tag starts."""

import json
import os
import re
import shutil
import tempfile
import unittest
from pathlib import Path

import facts
import yaml
from support import Home, run

WORKFLOW = facts.ROOT / ".github/workflows/release.yml"
VERSION = facts.cargo()["version"]
NEXT = "98.7.6"
# The files that speak of an older version, and always will.
OF_OLD_VERSIONS = re.compile(r"^(CHANGELOG\.md|tests/|Cargo\.lock|README\.md|src/|typos\.toml|\.editorconfig|RELEASING\.md|packaging/)")
# Steps for a runner of GitHub alone: its compilers, its releases, its images, its packages.
ELSEWHERE = ("docker ", "gh release ", "cargo publish ", "sudo apt-get ", "packaging/toolchain ")


class Release(unittest.TestCase):
    def setUp(self) -> None:
        self.home = Home()
        self.addCleanup(self.home.folder.cleanup)
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.clone = Path(temporary.name) / "keywright"
        # The files that are committed or would be: a release is made of them as they are now.
        names = run("git", "-C", facts.ROOT, "ls-files", "--cached", "--others", "--exclude-standard", "-z").stdout
        for name in filter(None, names.split("\0")):
            source = facts.ROOT / name
            if source.is_file():
                target = self.clone / name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, target)
        self.git("init", "--quiet", "--initial-branch", "main")
        self.git("remote", "add", "origin", "git@forge.example:acme/keywright.git")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "all")

    def variables(self) -> dict[str, str]:
        path = f"{os.environ['PATH']}"
        cargo = {name: os.environ[name] for name in ("CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN") if name in os.environ}
        cargo.setdefault("CARGO_HOME", str(Path.home() / ".cargo"))
        cargo.setdefault("RUSTUP_HOME", str(Path.home() / ".rustup"))
        person = {f"GIT_{who}_{what}": "ada" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        return self.home.environment(PATH=path, PYTHONDONTWRITEBYTECODE="1", **cargo, **person)

    def git(self, *words: str) -> str:
        return run("git", "-C", self.clone, *words, env=self.variables()).stdout.strip()

    def release(self, *words: str, fails: bool = False):
        return run(self.clone / "packaging/release", *words, env=self.variables(), fails=fails)

    def test_one_command_leaves_one_commit_and_tag(self) -> None:
        told = self.release(NEXT)
        self.assertIn(f"git push origin HEAD v{NEXT}", told.stdout)
        self.assertEqual(self.git("status", "--porcelain"), "")
        self.assertEqual(self.git("log", "--format=%s"), f"release: {NEXT}\nall")
        self.assertEqual(self.git("rev-parse", f"v{NEXT}^{{commit}}"), self.git("rev-parse", "HEAD"))
        command = ("cargo", "metadata", "--locked", "--offline", "--no-deps", "--format-version=1")
        package = json.loads(run(*command, cwd=self.clone, env=self.variables()).stdout)["packages"][0]
        self.assertEqual((package["version"], package["repository"]), (NEXT, "https://forge.example/acme/keywright"))
        self.assertIn(f'name = "keywright"\nversion = "{NEXT}"\n', (self.clone / "Cargo.lock").read_text())
        changes = (self.clone / "CHANGELOG.md").read_text()
        self.assertRegex(changes, rf"## \[Unreleased\]\n\n## \[{NEXT}\] - \d{{4}}-\d\d-\d\d\n\n### ")
        date = re.search(rf"## \[{NEXT}\] - (.*)", changes)[1]
        self.assertIn(f'PAGE_DATE: &str = "{date}"', (self.clone / "src/docs/man.rs").read_text())
        for page in sorted((self.clone / "man").iterdir()):
            self.assertRegex(page.read_text(), rf'\.TH \S+ \d "?{date}"? "keywright {NEXT}"', page.name)
        left = [line for line in self.git("grep", "-lwF", VERSION).splitlines() if not OF_OLD_VERSIONS.match(line)]
        self.assertEqual(left, [])
        self.release("--check-tag", f"v{NEXT}")
        self.release("--check-tag", f"v{VERSION}", fails=True)
        notes = self.release("--notes", NEXT).stdout
        self.assertTrue(notes.startswith("### "))
        self.assertNotIn("## [", notes)

    def test_candidate_comes_before_its_release(self) -> None:
        self.release("1.0.0-rc.10")
        body = (self.clone / "CHANGELOG.md").read_text().replace("## [Unreleased]\n", "## [Unreleased]\n\n### Fixed\n\n- It.\n", 1)
        (self.clone / "CHANGELOG.md").write_text(body)
        self.git("commit", "--quiet", "--all", "--message", "fix")
        self.assertIn("is not later", self.release("1.0.0-rc.9", fails=True).stderr)
        self.release("1.0.0")
        self.assertEqual(self.git("tag"), "v1.0.0\nv1.0.0-rc.10")

    def test_unfit_clone_or_version_changes_nothing(self) -> None:
        for wrong in (VERSION, "0.0.1", "1.0", "v1.0.0", "1.0.0 "):
            self.release(wrong, fails=True)
        (self.clone / "new").write_text("new")
        self.assertIn("not committed", self.release(NEXT, fails=True).stderr)
        (self.clone / "new").unlink()
        self.git("remote", "set-url", "origin", "/some/folder")
        self.assertIn("no address of a forge", self.release(NEXT, fails=True).stderr)
        self.assertEqual(self.git("status", "--porcelain"), "")
        self.git("tag", f"v{NEXT}")
        self.assertIn("exists", self.release(NEXT, fails=True).stderr)
        self.assertEqual(self.git("status", "--porcelain"), "")

    def test_second_release_needs_changes(self) -> None:
        self.release(NEXT)
        done = self.release("98.7.7", fails=True)
        self.assertIn("nothing under [Unreleased]", done.stderr)
        self.assertEqual(self.git("tag"), f"v{NEXT}")
        self.assertEqual(self.git("status", "--porcelain"), "")


class Workflow(unittest.TestCase):
    def setUp(self) -> None:
        self.jobs = yaml.safe_load(WORKFLOW.read_text())["jobs"]

    def steps(self):
        return [(name, step) for name, job in self.jobs.items() for step in job["steps"] if "run" in step]

    def test_steps_are_scripts_that_tests_run(self) -> None:
        tests = "\n".join(path.read_text() for path in sorted(Path(__file__).parent.glob("*.py")))
        long = (facts.ROOT / ".ci/long").read_text()
        run_here = (facts.ROOT / ".ci/run").read_text()
        for job, step in self.steps():
            # Before a script there may be what makes it run as root.
            line = step["run"]
            if line.startswith(ELSEWHERE) or line.startswith(("tar ", "cd dist ")):
                continue
            scripts = re.findall(r"packaging/[\w.-]+", line)
            self.assertTrue(scripts, f"{job}: `{line}` is neither a script nor listed in this test")
            for script in scripts:
                self.assertTrue(os.access(facts.ROOT / script, os.X_OK), script)
                self.assertTrue(script in tests or script in long or script in run_here, f"{job}: nothing here runs {script}")

    def test_matrix_has_every_target(self) -> None:
        lines = run(facts.ROOT / "packaging/plan").stdout.splitlines()
        outputs = dict(line.split("=", 1) for line in lines)
        self.assertEqual(outputs["version"], VERSION)
        jobs = json.loads(outputs["matrix"])["include"]
        self.assertEqual([job["target"] for job in jobs], list(facts.targets()))
        for target in facts.targets():
            self.assertEqual(run(facts.ROOT / "packaging/program", target).stdout.strip(), facts.program(target))
        with_packages = {target for target in facts.targets() if facts.field(target, "package")}
        self.assertEqual({target.split("-")[0] for target in with_packages}, {"x86_64", "aarch64"})

    def test_only_a_tag_publishes(self) -> None:
        for name in ("publish", "image", "crate"):
            self.assertEqual(self.jobs[name]["if"], "github.ref_type == 'tag'")
        for name, job in self.jobs.items():
            granted = {scope for scope, right in job.get("permissions", {}).items() if right == "write"}
            allowed = {
                "build": {"id-token", "attestations"},
                "publish": {"contents", "id-token", "attestations"},
                "image": {"packages"},
                "crate": {"id-token"},
            }
            self.assertEqual(granted, allowed.get(name, set()), name)

    def test_compiler_is_new_enough(self) -> None:
        pinned = (facts.ROOT / "packaging/rust-version").read_text().strip()
        numbers = [[int(part) for part in version.split(".")] for version in (pinned, facts.cargo()["rust-version"])]
        self.assertGreaterEqual(*numbers)
