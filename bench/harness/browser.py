"""A small browser: cookies, redirects and forms, for one server on loopback."""

import http.client
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from typing import NamedTuple
from urllib.parse import urlencode, urljoin, urlsplit

from harness.process import Trouble


class Answer(NamedTuple):
    status: int
    path: str
    size: int
    body: str


class Form(NamedTuple):
    action: str
    fields: dict[str, str]


class FormReader(HTMLParser):
    """Collects the forms of a page with their inputs' names and values."""

    def __init__(self, page: Answer) -> None:
        super().__init__()
        self.page = page
        self.forms: list[Form] = []
        self.feed(page.body)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        have = dict(attrs)
        if tag == "form":
            action = urljoin(self.page.path, have.get("action") or "")
            self.forms.append(Form(action, {}))
        elif tag == "input" and self.forms and have.get("name"):
            self.forms[-1].fields[have["name"] or ""] = have.get("value") or ""


def find_form(page: Answer, *names: str) -> Form | None:
    """The first form of the page that has all these fields."""
    for form in FormReader(page).forms:
        if set(names) <= form.fields.keys():
            return form
    return None


class Browser:
    def __init__(self, port: int) -> None:
        self.host = f"127.0.0.1:{port}"
        self.cookies: dict[str, str] = {}

    def cookie_header(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> Answer:
        """One request; redirects are followed with GET."""
        for _ in range(5):
            answer, location = self.exchange(method, path, fields)
            if location is None:
                return answer
            target = urlsplit(urljoin(path, location))
            method, fields = "GET", None
            path = target.path + ("?" + target.query if target.query else "")
        raise Trouble(f"{path}: too many redirects")

    def submit(self, page: Answer, **values: str) -> Answer:
        """Fills in the form that has these fields and sends it with its hidden ones."""
        form = find_form(page, *values)
        if form is None:
            raise Trouble(f"{page.path}: no form with the fields {', '.join(values)}")
        return self.ask("POST", form.action, form.fields | values)

    def hidden(self, page: Answer, *names: str) -> dict[str, str]:
        """What the form that has these fields holds in them."""
        form = find_form(page, *names)
        if form is None:
            raise Trouble(f"{page.path}: no form with the fields {', '.join(names)}")
        return {name: form.fields[name] for name in names}

    def exchange(
        self, method: str, path: str, fields: dict[str, str] | None
    ) -> tuple[Answer, str | None]:
        """One request, and where its answer leads."""
        headers = {"Cookie": self.cookie_header()} if self.cookies else {}
        body = None
        if fields is not None:
            body = urlencode(fields)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Origin"] = f"http://{self.host}"
        connection = http.client.HTTPConnection(self.host, timeout=20)
        try:
            connection.request(method, path, body, headers)
            reply = connection.getresponse()
            data = reply.read()
        except (OSError, http.client.HTTPException) as error:
            raise Trouble(f"{method} http://{self.host}{path}: {error!r}") from error
        finally:
            connection.close()
        self._keep(reply.headers.get_all("Set-Cookie") or [])
        head = sum(len(name) + len(value) + 4 for name, value in reply.getheaders())
        answer = Answer(reply.status, path, head + 19 + len(data), data.decode(errors="replace"))
        moved = reply.status in (301, 302, 303, 307, 308)
        return answer, reply.getheader("Location") if moved else None

    def _keep(self, set_cookies: list[str]) -> None:
        for line in set_cookies:
            for name, morsel in SimpleCookie(line).items():
                if morsel.value and morsel["max-age"] != "0":
                    self.cookies[name] = morsel.value
                else:
                    self.cookies.pop(name, None)
