"""Our side: text2code as ./start runs it."""

import re
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.browser import Browser, find_form
from harness.load import Site
from harness.process import (
    Trouble,
    children_of,
    command_of,
    end,
    free_port,
    is_alive,
    private_memory,
    tail,
    wait_until,
)

GENERATIONS = 1000


class Server:
    """A running text2code with its data directory."""

    def __init__(self, top: Path, data: Path, port: int) -> None:
        self.top = top
        self.data = data
        self.port = port
        self.site = Site("ours", Browser(port))

    def master(self) -> int:
        path = self.data / "run" / "text2code.pid"
        try:
            return int(path.read_text())
        except (OSError, ValueError) as error:
            raise Trouble(f"{path}: no process id") from error

    def workers(self) -> list[int]:
        """The workers of both pools; should nginx share the parent, it is no worker."""
        return [pid for pid in children_of(self.master()) if command_of(pid) != "nginx"]

    def heaviest_worker(self) -> tuple[int, int]:
        """Private bytes of the largest worker, and how many workers there are."""
        weights = [private_memory(pid) for pid in self.workers()]
        if not weights:
            raise Trouble("ours: the master process has no workers")
        return max(weights), len(weights)

    def sign_in(self, name: str, password: str) -> None:
        """Signs in with the one-time password and replaces it, as the first person would."""
        browser = self.site.browser
        page = browser.ask("GET", "/login")
        page = browser.submit(page, name=name, password=password)
        if find_form(page, "current", "password", "repeat") is None:
            raise Trouble(
                f"ours: signing in as {name} led to {page.path} ({page.status}), "
                "not to the change of the one-time password"
            )
        new = secrets.token_urlsafe(18)
        page = browser.submit(page, current=password, password=new, repeat=new)
        if page.status != 200:
            raise Trouble(f"ours: the change of the password was answered {page.status}")


def build_program(top: Path) -> Path:
    program = top / "build" / "text2code"
    if not program.exists():
        raise Trouble(f"{program} is not built: run ./start once")
    return program


def seed_ours(server: Server) -> None:
    """Gives our side its 1,000 generations. The one place that knows how."""
    command = [str(server.top / "build/tests/seed"), str(server.data), "admin"]
    command += [str(GENERATIONS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Trouble(f"{' '.join(command)}: {done.stderr.strip() or done.returncode}")


@contextmanager
def running(
    top: Path, work: Path, settings: dict[str, int | str] | None = None
) -> Iterator[Server]:
    """Starts our server on fresh data, signs in, seeds it; stops it at the end of the block."""
    server = Server(top, work / "ours", free_port())
    log = work / "ours.log"
    start = [str(top / "start"), "--detach", "--port", str(server.port)]
    start += ["--data", str(server.data), "--no-install"]
    for key, value in (settings or {}).items():
        start += ["--set", f"{key}={value}"]
    try:
        if call(start, top, log) != 0:
            raise Trouble(f"./start failed:\n{tail(log)}")
        server.sign_in(*first_credentials(log))
        seed_ours(server)
        yield server
    finally:
        stop(server, work / "ours-stop.log")


def call(command: list[str], top: Path, log: Path) -> int:
    """Runs to the end, output to a file: a pipe would stay open with what is left running."""
    if not Path(command[0]).exists():
        raise Trouble(f"{command[0]} does not exist")
    with log.open("wb") as out:
        return subprocess.run(
            command, cwd=top, stdin=subprocess.DEVNULL, stdout=out, stderr=out, check=False
        ).returncode


def first_credentials(log: Path) -> tuple[str, str]:
    text = log.read_text(errors="replace")
    name = re.search(r"administrator:\s*([\w.@-]+)", text)
    password = re.search(r"one-time password:\s*(\S+)", text)
    if name is None or password is None:
        raise Trouble(f"./start printed no administrator and one-time password:\n{tail(log)}")
    return name[1], password[1]


def stop(server: Server, log: Path) -> None:
    try:
        master = server.master()
    except Trouble:
        return
    everyone = [master, *children_of(master)]
    command = [str(server.top / "start"), "--stop", "--data", str(server.data)]
    if call(command, server.top, log) != 0:
        print(f"note: ./start --stop failed:\n{tail(log)}", flush=True)
    try:
        wait_until("ours", lambda: not any(map(is_alive, everyone)), 10)
    except Trouble:
        print("note: ./start --stop left processes behind; ended by their ids", flush=True)
        end(everyone)
