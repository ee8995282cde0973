"""Crash only: whatever dies, no page is missed, and nothing that was acknowledged is lost."""

import fcntl
import os
import random
import re
import secrets
import shutil
import signal
import socket
import subprocess
import threading
import time

import pytest

from harness import (
    BUILD,
    PATIENCE,
    TOP,
    Crowd,
    Later,
    Person,
    Site,
    children,
    fastcgi,
    kill,
    process_name,
    wait_for,
)

KILLS = 150
DEADLINE = 2  # seconds, where a test waits for one to pass


def expect(person: Person, path: str) -> None:
    page = person.get(path)
    assert page.status == 200, f"{path}: {page.status}\n{page.text[:300]}"


class Uploads:
    """People who upload, and send the same form again until it is acknowledged."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.csrf = person.csrf()
        self.stored: dict[str, tuple[str, str]] = {}  # name: key, where it led
        self.repeated = 0
        self._lock = threading.Lock()

    def send(self, name: str, key: str) -> str:
        """Where the acknowledged form leads."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                answer = self.person.upload(self.csrf, name, key)
            except (OSError, EOFError):
                answer = None
            if answer and answer.status == 303:
                return answer.header("Location")
            # Nothing but a worker that died may come between.
            assert answer is None or answer.status == 502, answer.text
            with self._lock:
                self.repeated += 1
        raise AssertionError(f"{name} was never acknowledged")

    def one(self) -> None:
        name, key = f"{secrets.token_hex(8)}.csv", secrets.token_urlsafe(16)
        where = self.send(name, key)
        with self._lock:
            self.stored[name] = (key, where)

    def check(self, site: Site) -> None:
        """Each is there once, and sent again it leads to where it led before."""
        rows = site.query("SELECT name, id FROM mapping")
        assert sorted(name for name, _ in rows) == sorted(self.stored)
        for name, number in rows:
            assert self.stored[name][1].startswith(f"/mappings/{number}")
        for name in random.sample(sorted(self.stored), min(20, len(self.stored))):
            key, where = self.stored[name]
            assert self.person.upload(self.csrf, name, key).header("Location") == where
        assert site.query("SELECT count(*) FROM mapping") == [(len(rows),)]


def kill_workers(site: Site, count: int, crowd: Crowd) -> None:
    """Random ones, each after some more requests."""
    for _ in range(count):
        workers = wait_for("a worker", site.workers)
        kill(random.choice(workers), signal.SIGKILL)
        crowd.wait_for_more(random.randint(1, 20))


def test_no_get_fails_while_workers_are_killed(own_site: Site):
    person = own_site.person()
    paths = ["/mappings/new", "/generations", "/account", "/healthz", "/errors"]
    with Crowd(6, lambda: expect(person, random.choice(paths))) as crowd:
        kill_workers(own_site, KILLS, crowd)
        crowd.wait_for_more(100)
    assert crowd.failures == []
    assert crowd.done > KILLS
    wait_for("all workers", own_site.all_there)
    assert not list(own_site.data.rglob("core*"))


def test_no_post_is_lost_or_doubled(own_site: Site):
    uploads = Uploads(own_site.person())
    with Crowd(4, uploads.one) as crowd:
        kill_workers(own_site, KILLS, crowd)
        crowd.wait_for_more(20)
    assert crowd.failures == []
    assert len(uploads.stored) == crowd.done
    uploads.check(own_site)


def test_upgrades_under_load_lose_nothing(own_site: Site):
    person = own_site.person()
    uploads = Uploads(person)
    master = own_site.master()
    with (
        Crowd(4, lambda: expect(person, "/mappings/new")) as readers,
        Crowd(2, uploads.one) as writers,
    ):
        for _ in range(10):
            before = set(own_site.workers())
            kill(master, signal.SIGHUP)
            wait_for("the old workers' end", lambda: not before & set(own_site.workers()))
            wait_for("all workers", own_site.all_there)
            readers.wait_for_more(20)
    assert readers.failures == []
    assert writers.failures == []
    # A rolling restart does not even make anybody send a form twice.
    assert uploads.repeated == 0
    uploads.check(own_site)
    assert own_site.master() == master
    assert len(own_site.events("started")) == 11
    assert own_site.events("worker-died") == []


def test_a_broken_release_is_refused(tmp_path):
    share = tmp_path / "share"
    share.mkdir()
    for folder in ("views", "patterns", "samples", "static"):
        shutil.copytree(TOP / folder, share / folder)
    site = Site(tmp_path, {"share_dir": share})
    view = share / "views" / "errors.html"
    good = view.read_text()
    try:
        site.start()
        before = site.all_there()
        view.write_text("{if")
        kill(site.master(), signal.SIGHUP)
        wait_for("the refusal", lambda: site.events("upgrade-refused"))
        expect(site.visitor(), "/errors")
        assert site.all_there() == before

        view.write_text(good + "<p>A new release.</p>")
        kill(site.master(), signal.SIGHUP)
        wait_for("the new view", lambda: "A new release." in site.visitor().get("/errors").text)
    finally:
        site.stop()


@pytest.mark.settings(page_deadline_s=DEADLINE, page_workers=2)
def test_a_stopped_worker_is_replaced_and_its_visitor_told(own_site: Site):
    person = own_site.person()
    csrf = person.csrf()
    key = secrets.token_urlsafe(16)
    with (own_site.data / "write.lock").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        answer = Later(lambda: person.upload(csrf, "stopped.csv", key))
        stopped = wait_for("a writer in line", own_site.waiting_writers)[0]
        kill(stopped, signal.SIGSTOP)
    page = answer.result()
    assert page.status == 504
    assert page.text.count('class="error-code">504<') == 1
    wait_for("the worker's end", lambda: not process_name(stopped))
    wait_for("all workers", own_site.all_there)
    assert "past its deadline" in own_site.events("worker-killed")[0]
    assert person.upload(csrf, "stopped.csv", key).status == 303
    assert own_site.query("SELECT count(*) FROM mapping") == [(1,)]


@pytest.mark.settings(page_deadline_s=DEADLINE, page_workers=2)
def test_a_pool_of_stopped_workers_comes_back(own_site: Site):
    stopped = own_site.workers("pages")
    for pid in stopped:
        kill(pid, signal.SIGSTOP)
    assert own_site.visitor().get("/errors").status == 504
    wait_for("other workers", lambda: not set(stopped) & set(own_site.workers()))
    wait_for("a page", lambda: own_site.visitor().get("/errors").status == 200)


@pytest.mark.settings(page_deadline_s=DEADLINE, page_workers=2)
def test_a_worker_that_waits_forever_is_replaced(own_site: Site):
    before = set(own_site.workers("pages"))
    with socket.socket(socket.AF_UNIX) as connection:
        # Half a FastCGI header: the worker waits for the rest.
        connection.connect(str(own_site.run / "pages.sock"))
        connection.sendall(b"\x01\x01\x00")
        wait_for("a worker's end", lambda: before - set(own_site.workers("pages")))
    assert len(own_site.events("worker-killed")) == 1
    wait_for("all workers", own_site.all_there)
    expect(own_site.visitor(), "/errors")


def test_the_end_lets_a_request_finish(own_site: Site):
    person = own_site.person()
    csrf = person.csrf()
    master = own_site.master()
    with (own_site.data / "write.lock").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        answer = Later(lambda: person.upload(csrf, "last.csv"))
        wait_for("a writer in line", own_site.waiting_writers)
        kill(master, signal.SIGTERM)
        # The idle ones are gone at once, the busy one stays.
        wait_for("the others' end", lambda: len(children(master)) == 1)
    assert answer.result().status == 303
    wait_for("the master's end", lambda: not process_name(master))
    assert own_site.query("SELECT name FROM mapping") == [("last.csv",)]
    assert not (own_site.run / "text2code.pid").exists()
    page = person.get("/mappings/new")
    assert page.status == 502
    assert 'class="error-code">502<' in page.text


def test_a_killed_master_takes_its_workers_along_and_leaves_all_data(own_site: Site):
    person = own_site.person()
    uploads = Uploads(person)
    uploads.one()
    workers = own_site.workers()
    kill(own_site.master(), signal.SIGKILL)
    wait_for("the workers' end", lambda: not any(map(process_name, workers)))
    own_site.start()
    expect(person, "/mappings/new")
    uploads.check(own_site)


def test_there_is_one_master_for_a_data_directory(own_site: Site):
    done = subprocess.run(
        [BUILD / "text2code-fcgi", "--data", own_site.data],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 75
    assert "already" in done.stderr
    again = own_site.call("--port", str(own_site.port))
    assert again.returncode == 1
    assert "already runs" in again.stdout
    expect(own_site.visitor(), "/errors")


def test_workers_that_cannot_start_are_tried_less_and_less_often(own_site: Site):
    database = own_site.data / "text2code.db"
    away = database.with_name("away")
    database.rename(away)
    database.mkdir()
    for pid in own_site.workers():
        kill(pid, signal.SIGKILL)
    wait_for(
        "a pause of a second",
        lambda: re.search(r'retry_ms="\d{4,}"', "\n".join(own_site.events("worker-died"))),
    )
    database.rmdir()
    away.rename(database)
    wait_for("all workers", own_site.all_there)
    expect(own_site.visitor(), "/healthz")


def test_nginx_reloads_under_load(own_site: Site):
    person = own_site.person()

    def old_ones() -> set[int]:
        return set(children(own_site.nginx()))

    with Crowd(4, lambda: expect(person, "/mappings/new")) as crowd:
        for _ in range(10):
            before = old_ones()
            kill(own_site.nginx(), signal.SIGHUP)
            wait_for("nginx's old workers' end", lambda: not before & old_ones())
            crowd.wait_for_more(10)
    assert crowd.failures == []


def test_a_worker_ends_after_its_share_of_requests(tmp_path):
    site = Site(tmp_path, {"worker_requests": 5, "page_workers": 1})
    try:
        site.start()
        before = site.workers("pages")
        with Crowd(2, lambda: expect(site.visitor(), "/errors")) as crowd:
            crowd.wait_for_more(50)
        assert crowd.failures == []
        assert site.workers("pages") != before
        assert site.events("worker-died") == []
    finally:
        site.stop()


def test_sockets_of_systemd_are_served(tmp_path):
    """What systemd does for a socket unit: the socket is there before the program."""
    path = tmp_path / "given.sock"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()
        program = f'exec "{BUILD}/text2code-fcgi" --pool pages --data "{tmp_path}/data"'
        with (tmp_path / "log").open("wb") as log:
            master = subprocess.Popen(
                [
                    "bash",
                    "-c",
                    f"LISTEN_PID=$$; export LISTEN_PID; {program} 3<&{listening.fileno()}",
                ],
                env={**os.environ, "LISTEN_FDS": "1", "LISTEN_FDNAMES": "pages"},
                pass_fds=[listening.fileno()],
                stderr=log,
            )
    asked = [
        ("REQUEST_METHOD", "GET"),
        ("REQUEST_URI", "/healthz"),
        ("HTTP_HOST", "localhost"),
        ("REMOTE_ADDR", "127.0.0.1"),
    ]
    try:
        assert b"Status: 200" in fastcgi(path, asked)
        assert not (tmp_path / "data" / "run" / "pages.sock").exists()
        kill(master.pid, signal.SIGHUP)
        wait_for("an upgrade", lambda: 'replaced="' in (tmp_path / "log").read_text())
        assert b"\npages: 1 of " in fastcgi(path, asked)
        # A parameter twice is nothing that nginx would send.
        assert b"Status: 400" in fastcgi(path, [*asked, ("REMOTE_ADDR", "10.0.0.1")])
    finally:
        master.terminate()
        assert master.wait(PATIENCE) == 0
