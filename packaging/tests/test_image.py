"""The image: what the last stage of the Dockerfile copies is all there is, and keywright works in it."""

import os
import re
import shutil
import tarfile
import tempfile
import unittest
from pathlib import Path

import facts
import finish
from support import TARGET, packed, require, run

OWNER = 65532
LIMIT = 14_000_000


def program(folder: Path) -> Path:
    with tarfile.open(packed("archive")) as tar:
        tar.extract(f"{facts.stem(TARGET)}/keywright", folder, filter="data")
    return folder / facts.stem(TARGET) / "keywright"


class Image(unittest.TestCase):
    def setUp(self) -> None:
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = Path(self.temporary.name)
        self.dist = self.folder / "dist"
        self.dist.mkdir()
        self.program = program(self.folder)
        self.program_of(TARGET.replace("gnu", "musl"), 1000)
        self.program_of("aarch64-unknown-linux-musl", 1000)
        dockerfile = finish.render((finish.TEMPLATES / "Dockerfile").read_text(), facts.repository(), {})
        (self.dist / "Dockerfile").write_text(dockerfile)
        self.context = self.folder / "context"

    def program_of(self, target: str, size: int) -> None:
        """An archive with a program of a size, which stands for one that is built elsewhere."""
        content = self.folder / "content"
        content.write_bytes(b"\0" * size)
        with tarfile.open(self.dist / facts.archive(target), "w:gz") as tar:
            tar.add(content, f"{facts.stem(target)}/keywright")

    def prepare(self, **more):
        return run(facts.ROOT / "packaging/image", self.dist, self.context, **more)

    def test_image_above_its_limit_is_refused(self) -> None:
        certificates = Path("/etc/ssl/certs/ca-certificates.crt").stat().st_size
        self.program_of("aarch64-unknown-linux-musl", LIMIT - certificates)
        self.assertIn(f"image for arm64: {LIMIT} bytes", self.prepare().stdout)
        self.program_of("aarch64-unknown-linux-musl", LIMIT - certificates + 1)
        self.assertIn(f"more than {LIMIT} bytes", self.prepare(fails=True).stderr)

    def test_image_without_one_of_its_systems_is_refused(self) -> None:
        (self.dist / facts.archive("aarch64-unknown-linux-musl")).unlink()
        self.assertIn("no archive for aarch64", self.prepare(fails=True).stderr)

    def test_keywright_works_with_what_is_copied(self) -> None:
        require("chroot")
        if os.geteuid() != 0:
            self.skipTest("needs root to change the root folder")
        self.prepare()
        # The program of this machine in the place of that for musl.
        shutil.copy(self.program, self.context / "linux/amd64/keywright")
        root = self.folder / "root"
        dockerfile = (self.dist / "Dockerfile").read_text()
        last = dockerfile.split("FROM scratch", 1)[1]
        copies = re.findall(r"^COPY (--\S+ )?(\S+) (\S+)$", last, re.MULTILINE)
        self.assertEqual(len(copies), 3)
        for option, source, place in copies:
            to = root / place[1:]
            to.parent.mkdir(parents=True, exist_ok=True)
            here = Path(source) if "--from" in option else self.context / source.replace("$TARGETARCH", "amd64")
            shutil.copytree(here, to) if here.is_dir() else shutil.copy(here, to)
            if "--chown" in option:
                self.assertEqual(option, f"--chown={OWNER}:{OWNER} ")
                os.chown(to, OWNER, OWNER)
        # The program of a release is static; that of this machine needs its libraries.
        for library in re.findall(r"(/\S+\.so\S*)", run("ldd", self.program).stdout):
            to = root / library[1:]
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(Path(library).resolve(), to)
        variables = dict(re.findall(r"(\w+)=(\S+)", re.search(r"^ENV (.*)$", last, re.MULTILINE)[1]))
        entry = re.search(r'^ENTRYPOINT \["(.*)"\]$', last, re.MULTILINE)[1]
        start = (shutil.which("chroot"), f"--userspec={OWNER}:{OWNER}", root, entry)
        self.assertEqual(run(*start, "--version", env=variables).stdout, f"keywright {facts.cargo()['version']}\n")
        created = run(*start, "--sandbox", "keys", "create", "x", env=variables)
        self.assertRegex(created.stdout, r"\Ask-\w{40,}\n\Z")
