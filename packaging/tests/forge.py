"""A forge on loopback, with the releases of one repository."""

import hashlib
import http.server
import shutil
import tempfile
import threading
import unittest
from pathlib import Path

import facts
import finish
from support import TARGET, packed

VERSION = facts.cargo()["version"]
ARCHIVE = facts.archive(TARGET)
INSTALLER = finish.TEMPLATES / "install.sh"


class Server:
    """Serves a folder; `asked` keeps what was asked of it."""

    def __init__(self, folder: Path) -> None:
        asked = self.asked = []

        class Handler(http.server.SimpleHTTPRequestHandler):
            def __init__(self, *arguments: object) -> None:
                super().__init__(*arguments, directory=str(folder))

            def do_GET(self) -> None:
                asked.append(self.path)
                super().do_GET()

            def log_message(self, *_: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_port}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class Forge:
    """One release with the archive of this machine, its checksums, and its installer."""

    def __init__(self, test: unittest.TestCase) -> None:
        temporary = tempfile.TemporaryDirectory()
        test.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)
        # That of another user, too, can be read.
        self.folder.chmod(0o755)
        self.releases = self.folder / "acme/keywright/releases"
        self.release = self.releases / f"download/v{VERSION}"
        self.release.mkdir(parents=True)
        self.archive = self.release / ARCHIVE
        shutil.copy(packed("archive"), self.archive)
        self.server = Server(self.folder)
        test.addCleanup(self.server.close)
        self.repository = f"{self.server.address}/acme/keywright"
        self.checksum = hashlib.sha256(self.archive.read_bytes()).hexdigest()
        (self.release / "SHA256SUMS").write_text(f"{self.checksum}  {ARCHIVE}\n")
        self.installer = self.release / "install.sh"
        self.installer.write_text(finish.render(INSTALLER.read_text(), self.repository, {ARCHIVE: self.checksum}))
        latest = self.releases / "latest/download"
        latest.mkdir(parents=True)
        for name in ("SHA256SUMS", "install.sh"):
            shutil.copy(self.release / name, latest / name)
