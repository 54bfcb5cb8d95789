"""An identity provider on loopback: discovery, token, keys and userinfo over real HTTP, tokens signed with RS256."""

import base64
import hashlib
import json
import threading
import time
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT, SECRET = "syncd", "the client's secret"


@cache
def key(_whose: str) -> rsa.RSAPrivateKey:
    """A key that is made once: that takes a while."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Issuer:
    """Gives out codes and answers for them. Change ``claims`` for another person; the rest spoils the answers."""

    def __init__(self) -> None:
        self.key = key("the issuer's")
        self.signs_with = self.key
        self.claims: dict[str, Any] = {"sub": "1", "email": "ana@acme.example", "email_verified": True, "name": "Ana"}
        self.spoils: dict[str, Any] = {}
        """Claims of the signed token that are not as they should be."""
        self.userinfo: dict[str, Any] = {}
        self.calls_itself = ""
        self.codes: dict[str, dict[str, str]] = {}
        self.refused: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def approve(self, address: str) -> str:
        """Somebody says yes at the authorization endpoint. :returns: where the browser is sent back to"""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert address.startswith(f"{self.url}/authorize?")
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?code={code}&state={asked['state']}"

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.calls_itself or self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def keys(self) -> dict[str, Any]:
        public = json.loads(RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [public | {"kid": "k1", "use": "sig", "alg": "RS256"}]}

    def token(self, form: dict[str, str]) -> dict[str, Any] | None:
        """RFC 6749 §4.1.3 and RFC 7636 §4.6; a code works once."""
        asked = self.codes.pop(form.get("code", ""), None)
        challenge = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        right = (
            asked
            and form.get("client_secret") == SECRET
            and form.get("redirect_uri") == asked["redirect_uri"]
            and base64.urlsafe_b64encode(challenge).rstrip(b"=").decode() == asked["code_challenge"]
        )
        if not right:
            return None
        now = int(time.time())
        asked_for = {"nonce": asked["nonce"]} if "nonce" in asked else {}
        usual = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 300}
        claims = {**usual, **asked_for, **self.claims, **self.spoils}
        signed = jwt.encode(claims, self.signs_with, algorithm="RS256", headers={"kid": "k1"})
        return {"access_token": "opaque", "token_type": "Bearer", "expires_in": 300, "id_token": signed}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                pages = {
                    "/.well-known/openid-configuration": issuer.discovery,
                    "/keys": issuer.keys,
                    "/userinfo": lambda: issuer.claims | issuer.userinfo,
                }
                self._answer(pages[self.path]() if self.path in pages else None)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = {name: values[0] for name, values in parse_qs(body).items()}
                self._answer(issuer.token(form))

            def _answer(self, value: dict[str, Any] | None) -> None:
                body = json.dumps(value or {"error": "invalid_grant"}).encode()
                self.send_response(200 if value else 400)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_arguments: Any) -> None:
                pass

        return Handler
