"""A provider of OpenID Connect as small as it can be: it lets in whom the test names."""

from __future__ import annotations

import json
import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "rondo", "between-us"
Claims = dict[str, Any]


class Provider(ThreadingHTTPServer):
    """`person` is who sits at the browser; `None` presses *cancel*."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Pages)
        self.person: Claims | None = {"sub": "1", "name": "Nea Ntúli", "email": "nea@example.org"}
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.codes: dict[str, tuple[Claims, dict[str, str]]] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def is_at_the_browser(self, **claims: Any) -> None:
        self.person = claims

    def signed(self, claims: Claims) -> str:
        """An ID token: who somebody is, for Rondo, as this provider signs it."""
        now = int(time.time())
        told = {**claims, "iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 60}
        return jwt.encode(told, self.key, algorithm="RS256", headers={"kid": "1"})

    @property
    def keys(self) -> dict[str, Any]:
        """What its signatures are checked with."""
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**public, "kid": "1", "alg": "RS256", "use": "sig"}]}


class Pages(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(url.query).items()}
        if url.path == "/.well-known/openid-configuration":
            self._tell(self._configuration())
        elif url.path == "/authorize":
            self._back(asked)
        elif url.path == "/keys":
            self._tell(self.server.keys)
        elif url.path == "/userinfo":
            self._tell(self.server.codes[self.headers["Authorization"].removeprefix("Bearer ")][0])
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        """The token: for who has the code, the secret, and what the code was asked with."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        given = {name: values[0] for name, values in parse_qs(body).items()}
        claims, asked = self.server.codes[given["code"]]
        proof = urlsafe_b64encode(sha256(given["code_verifier"].encode()).digest()).decode().rstrip("=")
        if given.get("client_secret") != SECRET or proof != asked["code_challenge"]:
            self.send_error(401)
            return
        told = {"access_token": given["code"], "token_type": "Bearer", "id_token": self.server.signed(claims)}
        self._tell(told)

    def _configuration(self) -> dict[str, Any]:
        url = self.server.url
        return {
            "issuer": url,
            "authorization_endpoint": f"{url}/authorize",
            "token_endpoint": f"{url}/token",
            "userinfo_endpoint": f"{url}/userinfo",
            "jwks_uri": f"{url}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def _back(self, asked: dict[str, str]) -> None:
        if self.server.person is None:
            told = {"error": "access_denied", "state": asked["state"]}
        else:
            code = secrets.token_hex(8)
            self.server.codes[code] = (self.server.person, asked)
            told = {"code": code, "state": asked["state"]}
        self.send_response(302)
        self.send_header("Location", f"{asked['redirect_uri']}?{urlencode(told)}")
        self.end_headers()

    def _tell(self, told: dict[str, Any]) -> None:
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


@contextmanager
def provider() -> Iterator[Provider]:
    server = Provider()
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
