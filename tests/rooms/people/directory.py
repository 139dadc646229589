"""A small OpenID Connect provider on a port of this machine, which can be told to lie."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "makegood", "a secret between two"


def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Directory:
    """A council's directory with one person who signs in; `token` and `details` change what is said of them."""

    address: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    token: dict[str, Any] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)
    leaves_out: tuple[str, ...] = ()
    key: rsa.RSAPrivateKey = field(default_factory=_key)
    signs_with: Any = None
    algorithm: str = "RS256"
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)

    def said(self, path: str, given: dict[str, str], head: dict[str, str]) -> tuple[int, dict[str, str], Any]:
        """Status, headers and JSON of an answer."""
        match path:
            case "/.well-known/openid-configuration":
                names = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
                endpoints = {f"{name}_endpoint": f"{self.address}/{at}" for name, at in names.items()}
                return 200, {}, {"issuer": self.address, "jwks_uri": f"{self.address}/keys", **endpoints}
            case "/authorize":
                self.asked.append(given)
                self.codes[code := secrets.token_urlsafe(8)] = given
                back = urlencode({"code": code, "state": given["state"]})
                return 302, {"Location": f"{given['redirect_uri']}?{back}"}, {}
            case "/token":
                return self._token(given)
            case "/userinfo" if head.get("Authorization") == "Bearer of-this-person":
                return 200, {}, self.person | self.details
            case "/keys":
                public = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
                return 200, {}, {"keys": [{**public, "kid": "1", "alg": "RS256", "use": "sig"}]}
            case _:
                return 404, {}, {}

    def _token(self, given: dict[str, str]) -> tuple[int, dict[str, str], Any]:
        asked = self.codes.pop(given.get("code", ""), None)
        proof = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(proof).rstrip(b"=").decode()
        if asked is None or asked.get("code_challenge") != challenge or given.get("client_secret") != SECRET:
            return 400, {}, {"error": "invalid_grant"}
        told = {"iss": self.address, "aud": CLIENT, "iat": int(time.monotonic()), "exp": 4_000_000_000, "sub": "7"}
        claims = {k: v for k, v in (told | self.person | self.token).items() if k not in self.leaves_out}
        key = self.signs_with if self.signs_with is not None else self.key
        signed = jwt.encode(claims, key, self.algorithm, headers={"kid": "1"})
        answer = {"access_token": "of-this-person", "token_type": "Bearer", "id_token": signed}
        return 200, {}, {k: v for k, v in answer.items() if k not in self.leaves_out}


@contextmanager
def running(directory: Directory) -> Iterator[Directory]:
    """The directory, listening."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            self._answer({k: v[0] for k, v in parse_qs(self.rfile.read(length).decode()).items()})

        def _answer(self, posted: dict[str, str]) -> None:
            parts = urlsplit(self.path)
            asked = {k: v[0] for k, v in parse_qs(parts.query).items()} | posted
            status, headers, body = directory.said(parts.path, asked, dict(self.headers.items()))
            self.send_response(status)
            for name, value in ({"Content-Type": "application/json"} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, format: str, *arguments: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    directory.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield directory
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
