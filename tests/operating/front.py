"""nginx with the file that we hand out, in front of a test's own processes, and somebody who comes through it."""

import json
import shutil
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from websockets.sync.client import ClientConnection, connect

from tests.servers import free_port

ROOT = Path(__file__).resolve().parents[2]
HOST = "rondo.example.org"


def certificate(folder: Path) -> tuple[Path, Path]:
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    words = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={HOST}"]
    names = ["-addext", f"subjectAltName=DNS:{HOST}", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(["openssl", "req", *words, *names], check=True, capture_output=True)
    return key, certificate


def adapted(folder: Path, upstream: list[str], port: int) -> str:
    """The file as handed out, with this test's ports and certificate in the place of the examples."""
    key, cert = certificate(folder)
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    for example, mine in (
        ("127.0.0.1:8001", upstream[0].removeprefix("http://")),
        ("127.0.0.1:8002", upstream[1].removeprefix("http://")),
        ("listen 80;", f"listen 127.0.0.1:{free_port()};"),
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("/etc/ssl/rondo/fullchain.pem", str(cert)),
        ("/etc/ssl/rondo/privkey.pem", str(key)),
    ):
        assert example in text
        text = text.replace(example, mine)
    kinds = ("proxy", "client_body", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {folder / kind};" for kind in kinds)
    return f"daemon off; pid {folder}/pid; error_log stderr; events {{}} http {{ access_log off; {places}\n{text}\n}}"


@contextmanager
def nginx(folder: Path, upstream: list[str]) -> Iterator[int]:
    port, program = free_port(), shutil.which("nginx") or "/usr/sbin/nginx"
    (folder / "nginx.conf").write_text(adapted(folder, upstream, port))
    folder.chmod(0o755)
    process = subprocess.Popen([program, "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf")])
    try:
        limit = time.monotonic() + 10
        while not (folder / "pid").exists():
            assert process.poll() is None, "nginx did not take the file"
            assert time.monotonic() < limit
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def trusting(certificate: Path) -> ssl.SSLContext:
    trust = ssl.create_default_context(cafile=str(certificate))
    trust.check_hostname = False
    return trust


class Visitor:
    """Asks through nginx, under the public name."""

    def __init__(self, port: int, certificate: Path, token: str) -> None:
        self.port, self.token = port, token
        self.trust = trusting(certificate)

    def fetch(self, path: str) -> tuple[int, str]:
        """A page or a file: the status, and the text of what there is."""
        try:
            with urllib.request.urlopen(self._request("GET", path), context=self.trust, timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, ""

    def ask(self, method: str, path: str, body: object = None) -> dict[str, object]:
        request = self._request(method, path)
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, context=self.trust, timeout=20) as answer:
            told: dict[str, object] = json.load(answer)
            return told

    def _request(self, method: str, path: str) -> urllib.request.Request:
        request = urllib.request.Request(f"https://127.0.0.1:{self.port}{path}", method=method)
        request.add_header("Host", HOST)
        request.add_header("Authorization", f"Bearer {self.token}")
        return request

    def listening(self) -> ClientConnection:
        way = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        headers = {"Authorization": f"Bearer {self.token}"}
        return connect(f"wss://{HOST}/ws/v1/", sock=way, ssl=self.trust, additional_headers=headers, proxy=None)
