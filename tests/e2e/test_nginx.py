"""What nginx does for us: its own answers, limits, headers, static files, and what it passes on."""

import re
import socket
import subprocess

import pytest

from harness import TOP, Page, Person, Site, fastcgi, free_port, wait_for

CONF = (TOP / "conf" / "nginx.conf").read_text()
ALWAYS = (
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Permissions-Policy",
)
HOST = b"Host: localhost\r\nConnection: close\r\n"
UPLOAD = b"POST /mappings HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\n"


def parse(answer: bytes) -> Page:
    """An answer as it came over the wire."""
    head, _, body = answer.partition(b"\r\n\r\n")
    status, *lines = head.decode().split("\r\n")
    headers = [tuple(line.split(": ", 1)) for line in lines]
    return Page("", "", int(status.split()[1]), headers, body)


def dechunk(answer: bytes) -> bytes:
    head, _, body = answer.partition(b"\r\n\r\n")
    if b"Transfer-Encoding: chunked" not in head:
        return answer
    whole = b""
    while body:
        size, _, body = body.partition(b"\r\n")
        whole += body[: int(size, 16)]
        body = body[int(size, 16) + 2 :]
    return head + b"\r\n\r\n" + whole


def ours(page: Page, status: int) -> None:
    """An error page of ours, with all headers, each once."""
    assert page.status == status
    assert f'class="error-code">{status}<' in page.text
    # The request's number was put in, and nothing is left to be put in.
    assert re.search(r'class="copy-field">[0-9a-f]{32}<', page.text), page.text
    assert page.header("Content-Type") == "text/html; charset=utf-8"
    assert page.header("Cache-Control") == "private, no-store"


@pytest.fixture(scope="module")
def expected(site: Site) -> dict[str, str | None]:
    """The headers of a page that a worker made."""
    page = site.visitor().get("/login")
    assert page.status == 200
    return {name: page.header(name) for name in ALWAYS}


REQUESTS = {
    "400 no host": (400, b"GET / HTTP/1.1\r\n\r\n"),
    "400 bad request line": (400, b"\x16\x03\x01\r\n\r\n"),
    "400 header too large": (
        400,
        b"GET / HTTP/1.1\r\n" + HOST + b"X-Long: " + b"x" * 20000 + b"\r\n\r\n",
    ),
    "400 two kinds of length": (
        400,
        b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 4\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ),
    "400 two lengths": (
        400,
        b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
    ),
    "403 a folder": (403, b"GET /static/ HTTP/1.1\r\n" + HOST + b"\r\n"),
    "404 no such file": (404, b"GET /static/nothing.css HTTP/1.1\r\n" + HOST + b"\r\n"),
    "400 out of the folder": (
        400,
        b"GET /static/..%2f..%2fconfigure.ac HTTP/1.1\r\n" + HOST + b"\r\n",
    ),
    "404 error pages": (404, b"GET /static/errors/404.html HTTP/1.1\r\n" + HOST + b"\r\n"),
    "405 trace": (405, b"TRACE / HTTP/1.1\r\n" + HOST + b"\r\n"),
    "405 post to a file": (
        405,
        b"POST /static/style.css HTTP/1.1\r\n" + HOST + b"Content-Length: 0\r\n\r\n",
    ),
    "413 said": (413, UPLOAD + b"Content-Length: 20000000\r\n\r\n"),
    "414 long address": (414, b"GET /" + b"x" * 20000 + b" HTTP/1.1\r\n" + HOST + b"\r\n"),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_nginx_answers_with_pages_of_ours(site: Site, expected: dict, name: str):
    status, request = REQUESTS[name]
    page = parse(dechunk(site.say(request)))
    ours(page, status)
    assert {name: page.header(name) for name in ALWAYS} == expected
    assert page.header("Server") == "nginx"


def test_an_upload_too_large_is_refused_while_it_comes(site: Site):
    """Without saying its size before: nginx counts."""
    with site.connect() as connection:
        connection.sendall(UPLOAD + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n")
        try:
            for _ in range(12):
                connection.sendall(b"100000\r\n" + b"x" * 0x100000 + b"\r\n")
            connection.sendall(b"0\r\n\r\n")
        except OSError:
            pass
        answer = b""
        try:
            while part := connection.recv(65536):
                answer += part
        except ConnectionResetError:
            pass
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b'class="error-code">413<' in answer


def test_an_upload_too_large_is_refused_at_once(site: Site):
    """Only its size was sent, none of it; so an answer shows that nothing was waited for."""
    requests = len(site.events("request"))
    with site.connect() as connection:
        connection.settimeout(1)
        connection.sendall(UPLOAD + b"Content-Length: 20000000\r\n\r\n")
        assert connection.recv(15) == b"HTTP/1.1 413 Re"
    assert len(site.events("request")) == requests


def test_the_largest_upload_comes_through(person: Person):
    csrf = person.csrf()
    sheet = "a,b\n" + "x" * (10 * 1024 * 1024 - 100)
    fields = {"csrf": csrf, "key": "k" * 22, "name": "large.csv", "text": sheet}
    page = person.post("/mappings", fields)
    assert page.status == 303
    page = person.follow(page)
    assert page.status == 200


def nobody_else(site: Site) -> bool:
    """Whether the only busy worker is the one that says so."""
    return "pages: 1 of 4 busy\ncalls: 0 of 4 busy\n" in site.visitor().get("/healthz").text


def test_slow_clients_hold_no_worker(site: Site):
    waiting = []
    try:
        for number in range(3 * int(site.settings["page_workers"])):
            connection = site.connect()
            waiting.append(connection)
            if number % 2:
                connection.sendall(UPLOAD + b"Content-Length: 1000\r\n\r\na,b\n")
            else:
                connection.sendall(b"GET / HTTP/1.1\r\nHost: loc")
        wait_for("idle workers", lambda: nobody_else(site))
    finally:
        for connection in waiting:
            connection.close()


def test_clients_that_go_away_leave_idle_workers(site: Site, person: Person):
    cookie = "; ".join(f"{name}={value}" for name, value in person.cookies.items()).encode()
    request = b"GET /errors HTTP/1.1\r\nHost: localhost\r\nCookie: " + cookie + b"\r\n\r\n"
    for _ in range(20):
        with site.connect() as connection:
            connection.sendall(request)
        with site.connect() as connection:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
        with site.connect() as connection:
            connection.sendall(request * 5)
            connection.recv(100)
    wait_for("idle workers", lambda: nobody_else(site))
    assert site.events("worker-died") == []


def test_static_files_are_cached_and_compressed(site: Site, expected: dict):
    visitor = site.visitor()
    page = visitor.get("/static/style.css")
    assert page.status == 200
    assert page.header("Content-Type") == "text/css"
    assert page.header("Cache-Control") == "max-age=600"
    assert {name: page.header(name) for name in ALWAYS} == expected
    again = visitor.get("/static/style.css", headers={"If-None-Match": page.header("ETag")})
    assert again.status == 304
    packed = visitor.get("/static/style.css", headers={"Accept-Encoding": "gzip"})
    assert packed.header("Content-Encoding") == "gzip"
    assert packed.header("Vary") == "Accept-Encoding"
    assert len(packed.body) < len(page.body) / 2
    icon = visitor.get("/static/favicon.svg")
    assert icon.header("Content-Type") == "image/svg+xml"


def test_pages_are_compressed(site: Site):
    page = site.visitor().get("/login", headers={"Accept-Encoding": "gzip"})
    assert page.header("Content-Encoding") == "gzip"


def test_what_a_browser_makes_up_is_not_passed_on(site: Site):
    site.visitor().get(
        "/errors?made-up",
        headers={
            "REMOTE_ADDR": "192.0.2.1",
            "Remote-Addr": "192.0.2.1",
            "X-Forwarded-For": "192.0.2.1",
            "Proxy": "http://192.0.2.1/",
            "HTTPS": "on",
            "Request-Id": "mine",
            "X-Request-Id": "mine",
        },
    )
    wait_for("its line in the log", lambda: 'route="/errors"' in site.events("request")[-1])
    line = site.events("request")[-1]
    assert 'address="127.0.0.1"' in line
    assert re.search(r' id="[0-9a-f]{32}"', line)
    cookies = [value for key, value in site.visitor().get("/login").headers if key == "Set-Cookie"]
    assert cookies and "Secure" not in cookies[0]


def test_the_two_sides_agree_on_the_parameters():
    passed = set(re.findall(r"fastcgi_param (\w+)", CONF))
    source = (TOP / "src" / "web" / "fcgi.c").read_text()
    read = set(re.findall(r'\[PARAM_\w+\] = "(\w+)"', source))
    assert read
    # Sent empty, so that no library can take a browser's word for it.
    assert passed - read == {"HTTP_PROXY"}
    assert read <= passed


def test_the_two_sides_agree_on_what_the_calls_pool_serves():
    places = re.findall(r"location ~ (\S+) \{([^}]*)\}", CONF)
    calls = re.compile("|".join(place for place, body in places if "text2code_calls" in body))
    source = (TOP / "src" / "web" / "route.c").read_text()
    rows = re.findall(r'\{METHOD_\w+, "([^"]+)", (.*?)\},\n', source, re.DOTALL)
    assert len(rows) > 5
    for path, rest in rows:
        path = path.replace(":id", "7").replace(":number", "7")
        assert bool(calls.search(path)) == (".calls = true" in rest), path


def test_no_connection_to_a_worker_is_kept():
    """An idle kept connection would starve the pool."""
    lines = [line.partition("#")[0] for line in CONF.splitlines()]
    text = "\n".join(lines)
    assert re.search(r"^\s*fastcgi_keep_conn off;", text, re.MULTILINE)
    assert not re.search(r"^\s*keepalive\s", text, re.MULTILINE)
    assert "non_idempotent" not in text


def test_too_many_requests_of_one_address(site: Site, tmp_path):
    """A second nginx before the same workers, to which this machine is a stranger."""
    port = free_port()
    main = (site.run / "nginx.conf").read_text()
    rules = (site.run / "site.conf").read_text()
    rules = rules.replace("127.0.0.0/8 1;", "127.0.0.0/8 0;").replace(str(site.port), str(port))
    (tmp_path / "site.conf").write_text(
        rules.replace("burst=200", "burst=3").replace("50r/s", "1r/m")
    )
    main = main.replace(str(site.run / "site.conf"), str(tmp_path / "site.conf"))
    main = main.replace(str(site.run / "nginx.pid"), str(tmp_path / "nginx.pid"))
    (tmp_path / "nginx.conf").write_text(main)
    with (tmp_path / "log").open("wb") as log:
        nginx = subprocess.Popen(
            ["nginx", "-e", tmp_path / "log", "-c", tmp_path / "nginx.conf"],
            env={"PATH": "/usr/sbin:/usr/bin"},
            stderr=log,
        )
    try:
        visitor = Person(port)

        def is_up() -> bool:
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", port)) == 0

        wait_for("the second nginx", is_up)
        pages = [visitor.get("/errors") for _ in range(60)]
        refused = [page for page in pages if page.status != 200]
        assert len(pages) - len(refused) >= 4
        assert refused
        for page in refused:
            ours(page, 429)
            assert page.header("Retry-After") == "5"
    finally:
        nginx.terminate()
        nginx.wait(60)


def test_a_worker_cannot_be_reached_past_nginx_by_others(site: Site):
    for name in ("pages.sock", "calls.sock"):
        assert (site.run / name).stat().st_mode & 0o777 == 0o660
    assert site.run.stat().st_mode & 0o777 == 0o700
    assert site.data.stat().st_mode & 0o777 == 0o700
    # Whoever is let in is told no more than a browser is.
    answer = fastcgi(site.run / "pages.sock", [("REQUEST_METHOD", "GET"), ("REQUEST_URI", "/")])
    assert b"Status: 303" in answer


def test_errors_of_nginx_and_of_the_program_say_the_same(site: Site):
    """A page of nginx names a code of the catalogue, and cause and fix are the catalogue's."""
    catalogue = site.visitor().get("/errors").text
    for path in sorted((TOP / "static" / "errors").glob("*.html")):
        text = path.read_text()
        code = re.search(r'href="/errors#(\w+)"', text)[1]
        assert f'id="{code}"' in catalogue, path.name
        assert f'class="error-code">{path.stem}<' in text
        if path.stem in ("414", "502"):
            continue  # special cases of their codes, in words of their own
        for part in re.findall(r'<p class="(?:lead|error-fix)">([^<]+)</p>', text):
            assert part in catalogue, f"{path.name}: {part}"
