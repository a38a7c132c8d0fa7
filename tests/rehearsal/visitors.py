"""Who comes to the portal over HTTP: a browser with cookies and forms, and a door terminal."""

import re
from typing import Any

import httpx
from bs4 import BeautifulSoup, Tag

from tests import terminals


class Surprise(AssertionError):
    """The portal answered something else than the play expects."""


def expect(answer: httpx.Response, *statuses: int) -> httpx.Response:
    if answer.status_code not in statuses:
        raise Surprise(f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text[:400]}")
    return answer


class Browser:
    """A person's browser: keeps cookies, sends forms with their CSRF token, and calls the API with its session."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, follow_redirects=True, timeout=30, headers={"Accept-Language": "en"})

    def close(self) -> None:
        self._http.close()

    def get(self, path: str) -> httpx.Response:
        return self._http.get(path)

    def page(self, path: str) -> httpx.Response:
        return expect(self.get(path), 200)

    def submit(self, answer: httpx.Response, *, action: str = "", files: Any = None, **fields: str) -> httpx.Response:
        """Send the form of a page (the one whose action or content has `action` in it), changed by `fields`."""
        form = _form(BeautifulSoup(answer.text, "html.parser"), action)
        data = {str(i["name"]): str(i.get("value", "")) for i in form.find_all("input") if i.get("type") == "hidden"}
        target = str(form.get("action") or answer.url.path)
        return self._http.post(target, data=data | fields, files=files, headers={"Referer": str(answer.url)})

    def sign_in(self, email: str, password: str) -> None:
        answer = self.submit(self.page("/accounts/login/"), action='type="password"', login=email, password=password)
        if "/accounts/login" in expect(answer, 200).url.path:
            raise Surprise(f"{email} could not sign in.")

    def api(self, method: str, path: str, *statuses: int, files: Any = None, **data: Any) -> Any:
        """Call /api/v1/<path>; JSON in, JSON out. `statuses` are the expected ones, by default any success."""
        headers = {"X-CSRFToken": self._http.cookies.get("csrftoken", ""), "Referer": str(self._http.base_url)}
        body: dict[str, Any] = {"data": data, "files": files} if files else {"json": data or None}
        answer = self._http.request(method, f"/api/v1/{path}", headers=headers, **({} if method == "GET" else body))
        expect(answer, *(statuses or (200, 201, 202, 204)))
        return answer.json() if answer.content else None


class Terminal:
    """A door terminal: it pairs by its code, and signs what it sends."""

    def __init__(self, url: str, code: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=30)
        self._keys = terminals.Terminal(self._send)
        expect(self._keys.pair(code), 201)

    def close(self) -> None:
        self._http.close()

    def ask(self, photo: bytes, *, person: str = "", statuses: tuple[int, ...] = (200,)) -> dict[str, Any]:
        """1:1 with a person's id, 1:N without."""
        data = {"person": person} if person else {}
        answer = self._keys.post_form("verify/" if person else "identify/", data | {"photo": photo})
        return expect(answer, *statuses).json()

    def decide(self, person: str, *, mode: str = "verify") -> dict[str, Any]:
        """Ask as one that has recognised somebody by itself."""
        return expect(self._keys.post("decide/", {"person": person, "mode": mode}), 200).json()

    def _send(self, method: str, path: str, headers: dict[str, str], body: bytes) -> httpx.Response:
        return self._http.request(method, path, headers=headers, content=body)


def _form(page: BeautifulSoup, wanted: str) -> Tag:
    forms = [form for form in page.find_all("form") if (form.get("method") or "").lower() == "post"]
    for form in forms:
        if wanted and re.search(wanted, f"{form.get('action') or ''} {form}"):
            return form
    if wanted or not forms:
        raise Surprise(f"The page has no form with {wanted!r}.")
    return forms[0]
