"""A running site, and people who use it: what the end-to-end tests are written with."""

import http.client
import json
import os
import re
import secrets
import signal
import socket
import sqlite3
import struct
import subprocess
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import canary

TOP = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("T2C_BUILD", TOP / "build"))
PATIENCE = 60  # seconds until something that has to happen counts as not happening

SHEET = """Source Table,Source Column,Target Table,Target Column,Transformation
erp.raw.orders,order_id,sales.silver.orders,order_id,
erp.raw.orders,amount,sales.silver.orders,amount,"coalesce(amount, 0)"
"""


def wait_for(what: str, ready: Callable[[], object], seconds: float = PATIENCE):
    """Ask until the answer is true, and return it."""
    deadline = time.monotonic() + seconds
    while not (answer := ready()):
        assert time.monotonic() < deadline, f"{what}: not within {seconds} s"
        time.sleep(0.02)
    return answer


def free_port() -> int:
    """A port that is free and whose next one is. They are no ports that the kernel gives to
    connections, or one of these could take it meanwhile, and none that browsers refuse: 10080 is
    the highest of these."""
    first = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    while True:
        port = secrets.choice(range(10100, first - 1))
        with socket.socket() as here, socket.socket() as next_one:
            try:
                here.bind(("127.0.0.1", port))
                next_one.bind(("127.0.0.1", port + 1))
                return port
            except OSError:
                continue


def process_name(pid: int) -> str:
    """Its name, "" where it is gone or only waits to be buried."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return ""
    name, _, rest = text.partition("(")[2].rpartition(")")
    return "" if rest.split()[0] == "Z" else name


def children(pid: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid and fields[0] != "Z":
            found.append(int(entry.name))
    return found


class Site:
    """text2code and nginx as ./start runs them, on data and a port of their own."""

    def __init__(self, folder: Path, settings: dict[str, object] | None = None) -> None:
        self.data = folder / "data"
        self.run = self.data / "run"
        self.port = free_port()
        self.settings = {"page_workers": 4, "call_workers": 4, **(settings or {})}
        self.name = "admin"
        self.password = ""

    def call(self, *options: str) -> subprocess.CompletedProcess[str]:
        """./start, with its output in files: a pipe would stay open with what it starts."""
        self.data.parent.mkdir(parents=True, exist_ok=True)
        out = self.data.parent / "start.out"
        with out.open("w+") as stream:
            done = subprocess.run(
                [TOP / "start", "--no-install", "--data", self.data, *options],
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                check=False,
            )
            stream.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, stream.read())

    def start(self) -> None:
        options = ["--detach", "--port", str(self.port)]
        for key, value in self.settings.items():
            options += ["--set", f"{key}={value}"]
        done = self.call(*options)
        assert done.returncode == 0, done.stdout
        if found := re.search(r"^one-time password: (\S+)$", done.stdout, re.MULTILINE):
            self.password = found[1]

    def stop(self) -> None:
        # What is gone when it has ended: the journal of the database, and the processes.
        canary.look_at_files(self.data)
        canary.look_at_processes(self.processes())
        done = self.call("--stop")
        assert done.returncode == 0, done.stdout

    def master(self) -> int:
        """The process id of the master, 0 where none runs."""
        try:
            pid = int((self.run / "text2code.pid").read_text())
        except (OSError, ValueError):
            return 0
        return pid if process_name(pid) == "text2code-fcgi" else 0

    def nginx(self) -> int:
        return int((self.run / "nginx.pid").read_text())

    def processes(self) -> list[int]:
        """All that was started for the site."""
        found = []
        for name in ("text2code", "nginx", "simulator"):
            try:
                pid = int((self.run / f"{name}.pid").read_text())
            except (OSError, ValueError):
                continue
            found += [pid, *children(pid)]
        return found

    def workers(self, pool: str = "") -> list[int]:
        """The workers of "pages" or of "calls", or all of them."""
        return [
            pid for pid in children(self.master()) if process_name(pid).startswith(f"t2c-{pool}")
        ]

    def all_there(self) -> list[int]:
        """All workers if every place is taken, else none."""
        workers = self.workers()
        wanted = int(self.settings["page_workers"]) + int(self.settings["call_workers"])
        return workers if len(workers) == wanted else []

    def log(self) -> str:
        return (self.data / "text2code.log").read_text()

    def events(self, name: str) -> list[str]:
        """The lines of the log that tell of this event."""
        return [line for line in self.log().splitlines() if f' event="{name}"' in line]

    def waiting_writers(self) -> list[int]:
        """The processes that wait in line for their turn to write."""
        inode = (self.data / "write.lock").stat().st_ino
        return [
            int(line.split()[5])
            for line in Path("/proc/locks").read_text().splitlines()
            if "->" in line and f":{inode} " in line
        ]

    def query(self, sql: str) -> list[tuple]:
        """Looks into the database, past the program."""
        with sqlite3.connect(f"file:{self.data}/text2code.db?mode=ro", uri=True) as connection:
            return connection.execute(sql).fetchall()

    def connect(self) -> socket.socket:
        """A connection to nginx, to say anything at all."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)

    def say(self, request: bytes) -> bytes:
        """Sends these bytes and returns all that comes until the connection is closed."""
        answer = b""
        with self.connect() as connection:
            connection.sendall(request)
            try:
                while part := connection.recv(65536):
                    answer += part
            except ConnectionResetError:
                pass
        return answer

    def visitor(self) -> "Person":
        return Person(self.port)

    def person(self) -> "Person":
        """Somebody signed in; the first one gives the administrator a password to keep."""
        person = self.visitor()
        page = person.sign_in(self.name, self.password)
        if page.has_form("current"):
            password = canary.secret()
            page = person.submit(page, current=self.password, password=password, repeat=password)
            assert page.status == 200, page.text
            self.password = password
        return person


def control(site: Site, what: str, **settings: str | int) -> None:
    """Tell the site's simulated workspace how to behave from now on."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{site.port + 1}/control/{what}",
        json.dumps(settings).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        assert answer.status < 400


class FormReader(HTMLParser):
    """The forms of a page: where they go, and what they hold already."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append({"action": values.get("action", ""), "fields": {}})
        elif tag in ("input", "textarea", "select") and self.forms and "name" in values:
            self.forms[-1]["fields"].setdefault(values["name"], values.get("value", ""))


@dataclass
class Page:
    """An answer."""

    method: str
    path: str
    status: int
    headers: list[tuple[str, str]]
    body: bytes
    forms: list[dict] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.body.decode()

    def header(self, name: str) -> str | None:
        """Its value; None where it is absent, and a failure where it came twice."""
        found = [value for key, value in self.headers if key.lower() == name.lower()]
        assert len(found) < 2 or name.lower() == "set-cookie", f"{name} came {len(found)} times"
        return found[0] if found else None

    def form(self, name: str) -> dict:
        """The first form that has a field of this name."""
        for form in self.forms:
            if name in form["fields"]:
                return form
        raise AssertionError(f"{self.path} ({self.status}) has no form with {name}:\n{self.text}")

    def has_form(self, name: str) -> bool:
        return any(name in form["fields"] for form in self.forms)


class Person:
    """A browser without anything but cookies and forms. One request, one connection."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        timeout: float = PATIENCE,
    ) -> Page:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        sent = {"Connection": "close", **(headers or {})}
        if self.cookies:
            # A copy: several threads may be the same person.
            held = list(self.cookies.items())
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in held)
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            page = Page(method, path, answer.status, answer.getheaders(), answer.read())
            canary.look(f"{method} {path}", repr(page.headers).encode() + page.body)
        finally:
            connection.close()
        self.keep_cookies(page)
        is_html = (page.header("Content-Type") or "").startswith("text/html")
        if is_html and not page.header("Content-Encoding"):
            reader = FormReader()
            reader.feed(page.text)
            page.forms = reader.forms
        return page

    def keep_cookies(self, page: Page) -> None:
        for key, value in page.headers:
            if key.lower() == "set-cookie":
                name, _, rest = value.partition("=")
                if "max-age=0" in rest.lower():
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = rest.partition(";")[0]

    def get(self, path: str, **more) -> Page:
        return self.ask("GET", path, **more)

    def post(self, path: str, fields: dict[str, str], **more) -> Page:
        """Sends a form and does not follow where the answer leads."""
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": f"http://127.0.0.1:{self.port}",
            "Sec-Fetch-Site": "same-origin",
        }
        body = urllib.parse.urlencode(fields).encode()
        return self.ask("POST", path, body, headers, **more)

    def submit(self, page: Page, **fields: str) -> Page:
        """Fills in the page's form that has these fields, sends it, and follows."""
        form = page.form(next(iter(fields)))
        answer = self.post(form["action"] or page.path, {**form["fields"], **fields})
        return self.follow(answer)

    def follow(self, page: Page) -> Page:
        for _ in range(5):
            if page.status != 303:
                return page
            page = self.get(page.header("Location"))
        raise AssertionError(f"{page.path} leads in circles")

    def sign_in(self, name: str, password: str) -> Page:
        page = self.submit(self.get("/login"), name=name, password=password)
        assert page.status == 200 and not page.path.startswith("/login"), page.text
        return page

    def csrf(self) -> str:
        return self.get("/mappings/new").form("csrf")["fields"]["csrf"]

    def upload(self, csrf: str, name: str, key: str = "", **more) -> Page:
        """Pastes the sheet. What comes back is the bare answer."""
        fields = {"csrf": csrf, "key": key or secrets.token_urlsafe(16)}
        return self.post("/mappings", {**fields, "text": SHEET, "name": name}, **more)


class Crowd:
    """Threads that do the same thing again and again until the block ends.

    What a call raises is kept in `failures`; the number of calls that went well is `done`.
    """

    def __init__(self, size: int, work: Callable[[], object]) -> None:
        self.work = work
        self.done = 0
        self.failures: list[str] = []
        self._lock = threading.Lock()
        self._end = threading.Event()
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(size)]

    def _run(self) -> None:
        while not self._end.is_set():
            try:
                self.work()
            except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
                with self._lock:
                    self.failures.append(f"{type(error).__name__}: {error}"[:500])
            else:
                with self._lock:
                    self.done += 1

    def __enter__(self) -> "Crowd":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._end.set()
        for thread in self._threads:
            thread.join(PATIENCE)

    def wait_for_more(self, count: int) -> None:
        """Until so many more calls have ended."""
        wanted = self.done + len(self.failures) + count
        wait_for(f"{count} requests", lambda: self.done + len(self.failures) >= wanted)


class Later(threading.Thread):
    """A call whose result is asked for later."""

    def __init__(self, work: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self.work = work
        self.value = None
        self.error: Exception | None = None
        self.start()

    def run(self) -> None:
        try:
            self.value = self.work()
        except Exception as error:  # noqa: BLE001 - raised again by result()
            self.error = error

    def result(self):
        self.join(PATIENCE)
        assert not self.is_alive(), "no answer"
        if self.error:
            raise self.error
        return self.value


def kill(pid: int, number: signal.Signals) -> bool:
    """False where it was gone already."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False
    return True


def fastcgi(path: Path, params: list[tuple[str, str]]) -> bytes:
    """One request to a worker's socket, without nginx; returns what it wrote."""

    def record(kind: int, content: bytes) -> bytes:
        return struct.pack(">BBHHBB", 1, kind, 1, len(content), 0, 0) + content

    pairs = b"".join(
        struct.pack(">BB", len(key), len(value)) + key.encode() + value.encode()
        for key, value in params
    )
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(PATIENCE)
        connection.connect(str(path))
        connection.sendall(
            record(1, struct.pack(">HB5x", 1, 0))
            + record(4, pairs)
            + record(4, b"")
            + record(5, b"")
        )
        received = b""
        while part := connection.recv(65536):
            received += part
    output = b""
    while received:
        _, kind, _, length, padding, _ = struct.unpack(">BBHHBB", received[:8])
        if kind == 6:
            output += received[8 : 8 + length]
        received = received[8 + length + padding :]
    return output
