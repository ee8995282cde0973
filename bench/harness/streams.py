"""Many models writing at once: how fast a page is meanwhile, and how large the workers get."""

import http.client
import json
import secrets
import selectors
import socket
import statistics
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from harness.browser import FormReader
from harness.load import HISTORY
from harness.ours import Server
from harness.process import Trouble, command_of, private_memory

STREAMS = 250
SETTINGS = {"call_workers": 256, "answers_per_minute": 10000}
ASKED_PER_SECOND = 50  # pages, while they are measured
SHEET = (
    "source_table,source_column,target_table,target_column\n"
    "a.b.orders,id,a.c.orders,order_id\n"
    "a.b.orders,city,a.c.orders,city\n"
)


class Streams(NamedTuple):
    """What was found. Milliseconds; bytes; pieces that all streams got in the time."""

    quiet_p99: float
    busy_p99: float
    heaviest: int
    pieces: int


def connect(server: Server) -> None:
    """The simulated workspace, whose model says a word in a second."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{server.port + 1}/control/settings",
        json.dumps({"misbehaviour": "drip", "drip_ms": 1000}).encode(),
        {"Content-Type": "application/json"},
    )
    urllib.request.urlopen(request).close()
    browser = server.site.browser
    page = browser.ask("GET", "/connections/new")
    forms = [
        form for form in FormReader(page).forms if "Simulated workspace" in form.fields.values()
    ]
    page = browser.ask("POST", forms[0].action, forms[0].fields | {"auth": "stored"})
    if page.status != 200 or not page.path.startswith("/connections/"):
        raise Trouble(f"connecting the simulated workspace led to {page.path} ({page.status})")


def accept(server: Server, count: int) -> list[str]:
    """Addresses of so many live pages that nobody has opened yet."""
    browser = server.site.browser
    page = browser.ask("GET", "/mappings/new")
    fields = browser.hidden(page, "csrf", "key") | {"name": "streams.csv", "text": SHEET}
    page = browser.ask("POST", "/mappings", fields)
    mapping = page.path
    form = browser.ask("GET", f"{mapping}/pattern")
    paths = []
    for _ in range(count):
        answer, location = browser.exchange(
            "POST",
            f"{mapping}/generations",
            browser.hidden(form, "csrf", "revision")
            | {"key": secrets.token_urlsafe(12), "pattern": "full_load"}
            | {"engine": "1", "fresh": "yes"},
        )
        if answer.status != 303 or not (location or "").endswith("/live"):
            raise Trouble(f"accepting was answered {answer.status}, {location}")
        paths.append(location)
    return paths


@contextmanager
def watched(server: Server, paths: list[str]) -> Iterator[list[int]]:
    """Opens all of the pages and reads what comes; the one number counts the pieces."""
    pieces = [0]
    ended = threading.Event()
    chooser = selectors.DefaultSelector()
    for path in paths:
        connection = socket.create_connection(("127.0.0.1", server.port))
        cookie = server.site.browser.cookie_header()
        connection.sendall(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n".encode()
        )
        chooser.register(connection, selectors.EVENT_READ)

    def read() -> None:
        while not ended.is_set():
            for key, _ in chooser.select(0.2):
                if got := key.fileobj.recv(65536):
                    pieces[0] += got.count(b'class="live-text"')
                else:
                    chooser.unregister(key.fileobj)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        yield pieces
    finally:
        ended.set()
        reader.join()
        for key in list(chooser.get_map().values()):
            key.fileobj.close()


def page_p99(server: Server, seconds: int) -> float:
    """The 99th percentile of a page that is asked for at a steady rate, one at a time."""
    times = []
    began = time.monotonic()
    for number in range(seconds * ASKED_PER_SECOND):
        pause = began + number / ASKED_PER_SECOND - time.monotonic()
        if pause > 0:
            time.sleep(pause)
        started = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        connection.request("GET", HISTORY, headers={"Cookie": server.site.browser.cookie_header()})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        if answer.status != 200:
            raise Trouble(f"{HISTORY} was answered {answer.status} while models write")
        times.append((time.monotonic() - started) * 1000)
    return statistics.quantiles(times, n=100)[98]


def heaviest_caller(server: Server) -> int:
    """Private bytes of the largest worker that calls others."""
    return max(private_memory(pid) for pid in server.workers() if command_of(pid) == "t2c-calls")


def measured(server: Server, seconds: int) -> Streams:
    connect(server)
    paths = accept(server, STREAMS)
    quiet = page_p99(server, seconds)
    with watched(server, paths) as pieces:
        time.sleep(5)  # until all are under way
        before = pieces[0]
        busy = page_p99(server, seconds)
        found = pieces[0] - before
        heaviest = heaviest_caller(server)
    if found < STREAMS * seconds // 2:
        raise Trouble(f"{STREAMS} streams gave only {found} pieces in {seconds} s")
    return Streams(quiet, busy, heaviest, found)
