"""The steps of pipelines, run as the runners of GitHub and GitLab run them."""

import hashlib
import tempfile
import unittest
from pathlib import Path

import facts
import yaml
from forge import ARCHIVE, VERSION, Forge
from support import Home, require, run

# The defaults that the runner fills in.
CONTEXT = {"${{ github.token }}": "none"}


class Action(unittest.TestCase):
    """action.yml."""

    def setUp(self) -> None:
        require("curl")
        self.forge = Forge(self)
        self.home = Home()
        self.addCleanup(self.home.folder.cleanup)
        self.action = yaml.safe_load((facts.ROOT / "action.yml").read_text())

    def run_step(self, ref: str = "main", fails: bool = False, gh: str | None = None, **inputs: str) -> dict[str, str]:
        """Runs the one step; returns what it put into its files."""
        (step,) = self.action["runs"]["steps"]
        self.assertLessEqual(set(inputs), set(self.action["inputs"]))
        values = {f"${{{{ inputs.{name} }}}}": inputs.get(name, given["default"]) for name, given in self.action["inputs"].items()}
        values |= {"${{ github.action_repository }}": "acme/keywright", "${{ github.action_ref }}": ref}
        variables = {name: CONTEXT.get(values[text], values[text]) for name, text in step["env"].items()}
        runner = {
            "GITHUB_ACTION_PATH": str(facts.ROOT),
            "GITHUB_SERVER_URL": self.forge.server.address,
            "RUNNER_OS": "Linux",
            "RUNNER_TEMP": str(self.home.path),
        }
        files = {name: self.home.path / name for name in ("GITHUB_OUTPUT", "GITHUB_PATH")}
        runner |= {name: str(path) for name, path in files.items()}
        path = "/usr/bin:/bin"
        if gh is not None:
            tools = self.home.path / "tools"
            tools.mkdir(exist_ok=True)
            (tools / "gh").write_text(f'#!/bin/sh\necho "$@" > "{self.home.path}/gh-words"\n{gh}\n')
            (tools / "gh").chmod(0o755)
            path = f"{tools}:{path}"
            runner["GITHUB_SERVER_URL"] = "https://github.com"
        environment = self.home.environment(PATH=path, **runner, **variables)
        done = run("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"], env=environment, fails=fails)
        left = {name: path.read_text() if path.exists() else "" for name, path in files.items()}
        return {**left, "out": done.stdout + done.stderr}

    def test_latest_is_on_path_for_later_steps(self) -> None:
        left = self.run_step()
        program = Path(left["GITHUB_PATH"].strip()) / "keywright"
        self.assertEqual(run(program, "--version").stdout, f"keywright {VERSION}\n")
        self.assertEqual(left["GITHUB_OUTPUT"], f"version={VERSION}\npath={program}\n")
        self.assertIn("/acme/keywright/releases/latest/download/SHA256SUMS", self.forge.server.asked)

    def test_ref_of_action_is_version(self) -> None:
        self.run_step(ref=f"v{VERSION}")
        self.assertEqual(self.forge.server.asked[0], f"/acme/keywright/releases/download/v{VERSION}/SHA256SUMS")

    def test_version_and_checksum_need_no_list(self) -> None:
        self.run_step(version=VERSION, sha256=self.forge.checksum)
        self.assertEqual(self.forge.server.asked, [f"/acme/keywright/releases/download/v{VERSION}/{ARCHIVE}"])

    def test_other_checksum_fails_the_step(self) -> None:
        left = self.run_step(version=VERSION, sha256="0" * 64, fails=True)
        self.assertEqual((left["GITHUB_PATH"], left["GITHUB_OUTPUT"]), ("", ""))

    def test_attestation_is_asked_of_github_only(self) -> None:
        # The address of the forge stands for that of github.com, which a test does not ask.
        script = facts.ROOT / "packaging/setup"
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "packaging"
            (copy / "templates").mkdir(parents=True)
            github = script.read_text().replace("$server/${SETUP_REPOSITORY:?}", self.forge.repository)
            (copy / "setup").write_text(github)
            (copy / "setup").chmod(0o755)
            (copy / "templates/install.sh").write_text((facts.ROOT / "packaging/templates/install.sh").read_text())
            step = self.action["runs"]["steps"][0]
            step["run"] = f'"{copy}/setup"'
            self.run_step(gh="exit 0")
            words = (self.home.path / "gh-words").read_text()
            self.assertEqual(words, f"attestation verify {self.home.path}/keywright/bin/keywright --repo acme/keywright\n")
            for name in ("GITHUB_PATH", "GITHUB_OUTPUT"):
                (self.home.path / name).unlink()
            left = self.run_step(gh="exit 1", fails=True)
            self.assertIn("no attestation says that acme/keywright built", left["out"])
            self.assertEqual(left["GITHUB_PATH"], "")
            self.assertFalse((self.home.path / "keywright/bin/keywright").exists())
            self.run_step(gh="exit 1", attestation="false")
            self.run_step(attestation="perhaps", fails=True)


class Component(unittest.TestCase):
    """templates/setup-keywright.yml."""

    def setUp(self) -> None:
        require("curl")
        self.forge = Forge(self)
        self.home = Home()
        self.addCleanup(self.home.folder.cleanup)
        text = (facts.ROOT / "templates/setup-keywright.yml").read_text()
        header, self.body = text.split("\n---\n")
        self.inputs = yaml.safe_load(header)["spec"]["inputs"]

    def run_job(self, shell: str = "sh", fails: bool = False, **given: str):
        """The before_script of a job that includes the component, and then its own script."""
        inputs = {name: given.pop(name, described.get("default")) for name, described in self.inputs.items()}
        self.assertFalse(given)
        body = self.body
        for name, value in inputs.items():
            self.assertIsNotNone(value, f"{name} must be given")
            body = body.replace(f"$[[ inputs.{name} ]]", value)
        self.assertNotIn("$[[", body)
        job = yaml.safe_load(body)[f".{inputs['job']}"]
        script = "\n".join(["set -e", *job["before_script"], "command -v keywright"])
        environment = self.home.environment(CI_BUILDS_DIR=str(self.home.path), CI_JOB_ID="7")
        return run(shell, "-c", script, env=environment, fails=fails)

    def test_latest_is_on_path_of_script(self) -> None:
        for shell in ("sh", "bash"):
            done = self.run_job(shell, releases=f"{self.forge.repository}/releases")
            self.assertIn(f"keywright {VERSION}\n{self.home.path}/.keywright-7/bin/keywright\n", done.stdout)

    def test_installer_of_version_is_verified(self) -> None:
        checksum = hashlib.sha256(self.forge.installer.read_bytes()).hexdigest()
        given = {"releases": f"{self.forge.repository}/releases", "version": VERSION}
        self.run_job(sha256=checksum, **given)
        self.assertEqual(self.forge.server.asked[0], f"/acme/keywright/releases/download/v{VERSION}/install.sh")
        self.run_job(sha256="0" * 64, fails=True, **given)

    def test_plain_http_is_refused(self) -> None:
        done = self.run_job(releases="http://forge.example/acme/keywright/releases", fails=True)
        self.assertIn("is not HTTPS", done.stderr)
