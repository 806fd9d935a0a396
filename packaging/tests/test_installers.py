"""The shell installer, as users pipe it into a shell, against a server on loopback and against files."""

import json
import os
import shutil
import unittest
from pathlib import Path

from forge import ARCHIVE, INSTALLER, VERSION, Forge
from support import TARGET, Home, require, run


class Installer(unittest.TestCase):
    def setUp(self) -> None:
        require("curl")
        self.forge = Forge(self)
        self.home = Home()
        self.addCleanup(self.home.folder.cleanup)

    def install(self, *options: str, script: Path = INSTALLER, fails: bool = False, **variables: str):
        variables = {"KEYWRIGHT_RELEASES": f"{self.forge.repository}/releases", **variables}
        environment = self.home.environment(**{name: value for name, value in variables.items() if value})
        with script.open() as text:
            return run("sh", "-s", "--", *options, env=environment, stdin=text, fails=fails)

    def doctor_says(self, name: str, state: str, detail: str) -> None:
        program = self.home.path / ".local/bin/keywright"
        # Everything that a package of this machine may have installed as well is of the same version.
        variables = self.home.environment(KEYWRIGHT_SANDBOX="1")
        findings = json.loads(run(program, "doctor", "--json", env=variables).stdout)["findings"]
        lines = [finding for finding in findings if finding["name"] == name]
        self.assertEqual([(line["state"], line["detail"][-len(detail) :]) for line in lines], [(state, detail)])

    def installed(self) -> list[str]:
        return [file for file in self.home.files() if not file.startswith((".local/state/", ".cache/"))]

    def nothing_is_installed(self) -> None:
        self.assertEqual(self.home.files(), [])

    def test_latest_release_is_installed_and_removed(self) -> None:
        done = self.install()
        self.assertIn(f"installed keywright {VERSION}", done.stderr)
        self.assertIn("is not in PATH", done.stderr)
        program = self.home.path / ".local/bin/keywright"
        self.assertEqual(run(program, "--version").stdout, f"keywright {VERSION}\n")
        files = self.installed()
        for path in (
            "share/man/man1/keywright-keys-create.1",
            "share/man/man5/keywright-manifest.5",
            "share/bash-completion/completions/keywright",
            "share/zsh/site-functions/_keywright",
            "share/fish/vendor_completions.d/keywright.fish",
        ):
            self.assertIn(f".local/{path}", files)
        self.doctor_says("program", "ok", ", from install.sh")
        self.doctor_says("completion", "ok", "bash, zsh, fish: of this version")
        self.doctor_says("man pages", "ok", ".local/share/man/man1`: of this version")
        # A second time over the first, with a page that this version has no longer.
        stale = self.home.path / ".local/share/man/man1/keywright-gone.1"
        stale.write_text("old")
        with (self.home.path / ".local/share/keywright/installed").open("a") as record:
            record.write("share/man/man1/keywright-gone.1\n")
        self.install()
        self.assertEqual(self.installed(), files)
        page = self.home.path / ".local/share/man/man1/keywright.1"
        page.write_text(page.read_text().replace(VERSION, "0.0.9"))
        self.doctor_says("man pages", "warning", ".local/share/man/man1` are of another version")
        self.install("--uninstall")
        self.assertEqual(self.installed(), [])

    def test_release_installer_asks_for_archive_only(self) -> None:
        self.install("--prefix", str(self.home.path / "opt"), script=self.forge.installer, KEYWRIGHT_RELEASES="")
        self.assertEqual(self.forge.server.asked, [f"/acme/keywright/releases/download/v{VERSION}/{ARCHIVE}"])
        self.assertIn("opt/bin/keywright", self.home.files())

    def test_changed_archive_is_refused(self) -> None:
        with self.forge.archive.open("ab") as file:
            file.write(b"!")
        for script, releases in ((self.forge.installer, ""), (INSTALLER, f"file://{self.forge.releases}")):
            done = self.install(script=script, KEYWRIGHT_RELEASES=releases, fails=True)
            self.assertIn("is not what was released", done.stderr)
            self.nothing_is_installed()

    def test_given_checksum_outranks_that_of_release(self) -> None:
        done = self.install(KEYWRIGHT_SHA256="0" * 64, fails=True)
        self.assertIn("is not what was released", done.stderr)
        self.nothing_is_installed()

    def test_release_without_checksum_is_refused(self) -> None:
        (self.forge.release / "SHA256SUMS").write_text("")
        done = self.install("--version", f"v{VERSION}", fails=True)
        self.assertIn(f"has no archive for {TARGET}", done.stderr)
        self.nothing_is_installed()

    def test_unknown_version_is_refused(self) -> None:
        self.install("--version", "9.9.9", fails=True)
        self.install("--version", "../../../etc", fails=True)
        self.nothing_is_installed()

    def test_plain_http_elsewhere_is_refused(self) -> None:
        for releases in ("http://127.0.0.1.example/releases", "ftp://127.0.0.1/releases"):
            done = self.install(KEYWRIGHT_RELEASES=releases, fails=True)
            self.assertIn("is not HTTPS", done.stderr)

    def test_interrupted_download_of_script_does_nothing(self) -> None:
        text = INSTALLER.read_text()
        half = self.forge.folder / "half.sh"
        for length in range(0, len(text) - len('main "$@"\n'), 997):
            half.write_text(text[:length])
            environment = self.home.environment(KEYWRIGHT_RELEASES=f"file://{self.forge.releases}")
            with half.open() as script:
                run("bash", "-c", "sh -s || true", env=environment, stdin=script)
        self.nothing_is_installed()

    def test_other_user_installs_without_root(self) -> None:
        require("setpriv")
        if os.geteuid() != 0:
            self.skipTest("needs root to become another user")
        os.chown(self.home.path, 65534, 65534)
        environment = self.home.environment(KEYWRIGHT_RELEASES=f"file://{self.forge.releases}")
        as_other = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "sh", "-s", "--")
        with INSTALLER.open() as script:
            run(*as_other, env=environment, stdin=script)
        with INSTALLER.open() as script:
            done = run(*as_other, "--prefix", "/usr/local", env=environment, stdin=script, fails=True)
        self.assertIn("choose another folder: --prefix FOLDER", done.stderr)
        self.assertFalse(Path("/usr/local/bin/keywright").exists())

    def test_interrupted_installation_can_be_removed(self) -> None:
        # A file where a folder of pages has to be.
        block = self.home.path / ".local/share/man"
        block.parent.mkdir(parents=True)
        block.write_text("in the way")
        done = self.install(fails=True)
        self.assertIn("choose another folder: --prefix FOLDER", done.stderr)
        self.install("--uninstall")
        self.assertEqual(self.home.files(), [".local/share/man"])
        block.unlink()
        self.install()
        page = self.home.path / ".local/share/man/man1/keywright.1"
        self.assertTrue(page.is_file())
        # An upgrade that fails over a version with a page of its own.
        stale = page.with_name("keywright-gone.1")
        stale.write_text("old")
        with (self.home.path / ".local/share/keywright/installed").open("a") as record:
            record.write("share/man/man1/keywright-gone.1\n")
        page.unlink()
        page.mkdir()
        (page / "in-the-way").write_text("")
        self.install(fails=True)
        shutil.rmtree(page)
        self.install("--uninstall")
        self.assertEqual(self.home.files(), [])

    def test_target_follows_system_processor_and_libc(self) -> None:
        tools = self.forge.folder / "tools"
        tools.mkdir()
        for system, machine, libc, rosetta, target in (
            ("Linux", "x86_64", "glibc 2.36", "", "x86_64-unknown-linux-gnu"),
            ("Linux", "x86_64", "glibc 2.17", "", "x86_64-unknown-linux-gnu"),
            ("Linux", "amd64", "glibc 2.12", "", "x86_64-unknown-linux-musl"),
            ("Linux", "aarch64", "", "", "aarch64-unknown-linux-musl"),
            ("Linux", "arm64", "glibc 3.0", "", "aarch64-unknown-linux-gnu"),
            ("Darwin", "x86_64", "", "0", "x86_64-apple-darwin"),
            ("Darwin", "x86_64", "", "1", "aarch64-apple-darwin"),
            ("Darwin", "arm64", "", "1", "aarch64-apple-darwin"),
            ("Linux", "riscv64", "glibc 2.36", "", "processor `riscv64`"),
            ("Plan9", "x86_64", "", "", "no keywright for `Plan9`"),
        ):
            programs = {
                "uname": f'case $1 in -s) echo {system} ;; -m) echo {machine} ;; esac',
                "getconf": f"echo {libc}" if libc else "exit 1",
                "sysctl": f"echo {rosetta}" if rosetta else "exit 1",
            }
            for name, script in programs.items():
                (tools / name).write_text(f"#!/bin/sh\n{script}\n")
                (tools / name).chmod(0o755)
            (self.forge.release / "SHA256SUMS").write_text("")
            done = self.install("--version", VERSION, PATH=f"{tools}:/usr/bin:/bin", fails=True)
            self.assertIn(target, done.stderr)

    def test_wget_serves_where_curl_is_missing(self) -> None:
        require("wget")
        tools = self.forge.folder / "tools"
        tools.mkdir()
        for name in ("sh", "wget", "sha256sum", "tar", "gzip", "uname", "getconf", "mktemp", "mkdir", "rm", "rmdir", "cp", "mv",
                     "chmod", "cut", "sed", "grep", "dirname", "cat"):
            (tools / name).symlink_to(shutil.which(name))
        self.install(PATH=str(tools))
        self.assertIn(".local/bin/keywright", self.home.files())

