"""A small OpenID Connect provider on loopback: it signs in whoever a test says, and checks what it is asked."""

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "consentry", "a secret that only the two know"


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


_KEY = new_key()


class Directory:
    """`person` are the claims of who signs in; `asked` are the forms that reached the token endpoint."""

    def __init__(self) -> None:
        self.person: dict[str, Any] = {}
        self.asked: list[dict[str, str]] = []
        self.audience, self.issuer, self.key, self.kid = CLIENT, "", _KEY, "1"
        self._challenges: dict[str, str] = {}
        directory = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                known = {
                    "/.well-known/openid-configuration": directory.configuration,
                    "/jwks": directory.keys,
                }
                answer = known.get(urlsplit(self.path).path)
                self.say(200 if answer else 404, answer() if answer else {})

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = {name: values[0] for name, values in parse_qs(body).items()}
                directory.asked.append(form)
                self.say(*directory.token(form))

            def say(self, status: int, answer: Any) -> None:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(answer).encode())

            def log_message(self, *_args: Any) -> None:
                """Says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.issuer = self.url
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def sign_in(self, way: str, **person: Any) -> str:
        """Do what its own page does with the browser that was sent here; return where it sends it back to."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(way).query).items()}
        assert way.startswith(f"{self.url}/authorize?") and asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        self.person = person
        code = f"code-{len(self._challenges)}"
        self._challenges[code] = asked["code_challenge"]
        back = urlsplit(asked["redirect_uri"])
        return f"{back.path}?{urlencode({'code': code, 'state': asked['state']})}"

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def keys(self) -> dict[str, Any]:
        key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(_KEY.public_key()))
        return {"keys": [key | {"kid": "1", "alg": "RS256", "use": "sig"}]}

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """A code is good once, and only with the secret and with the verifier of the browser that fetched it."""
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if form.get("client_secret") != SECRET or self._challenges.pop(form.get("code", ""), None) != challenge:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = self.person | {"iss": self.issuer, "aud": self.audience, "iat": now, "exp": now + 60}
        token = jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": self.kid})
        return 200, {"access_token": "opaque", "token_type": "Bearer", "id_token": token}
