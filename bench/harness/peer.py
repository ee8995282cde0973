"""The other side: FastAPI under uvicorn, bare or behind nginx."""

import os
import re
import secrets
import shutil
import subprocess
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from string import Template
from typing import NamedTuple

from harness.browser import Browser
from harness.load import Site
from harness.process import (
    Trouble,
    answers,
    child,
    children_of,
    free_port,
    private_memory,
    tail,
    wait_until,
)
from peer.seed import seed

HERE = Path(__file__).resolve().parent.parent / "peer"
DEBIAN_PYTHON = Path("/usr/bin/python3")
SAME = (
    "worker_processes",
    "worker_connections",
    "multi_accept",
    "access_log",
    "keepalive_timeout",
    "keepalive_requests",
    "sendfile",
    "tcp_nopush",
    "tcp_nodelay",
    "gzip",
)


class Setting(NamedTuple):
    """One way to run the peer in production."""

    workers: int
    nginx: bool

    def __str__(self) -> str:
        return f"peer, {self.workers} workers, {'behind nginx' if self.nginx else 'bare'}"


class Peer:
    """An installed stack and a seeded database; `running` starts it with a setting."""

    def __init__(self, environment: Path, work: Path) -> None:
        self.uvicorn = environment / "bin" / "uvicorn"
        self.work = work
        self.starts = 0
        self.token = secrets.token_urlsafe(32)
        self.database = work / "peer.db"
        seed(self.database, self.token)

    @contextmanager
    def running(self, setting: Setting) -> Iterator["Running"]:
        self.starts += 1
        place = self.work / f"peer-{self.starts}"
        place.mkdir()
        port = free_port()
        socket = place / "uvicorn.sock"
        where = ["--uds", str(socket)] if setting.nginx else ["--port", str(port)]
        log = place / "uvicorn.log"
        with child(self.command(setting, where), log, self.environment()) as master:
            wait_for_workers(setting, log)
            site = Site(str(setting), Browser(port))
            site.browser.cookies["session"] = self.token
            if setting.nginx:
                with nginx(place, port, socket):
                    yield Running(setting, site, master)
            else:
                yield Running(setting, site, master)

    def command(self, setting: Setting, where: list[str]) -> list[str]:
        command = [str(self.uvicorn), "app:app", "--app-dir", str(HERE), *where]
        command += ["--workers", str(setting.workers), "--loop", "uvloop", "--http", "httptools"]
        return [*command, "--no-access-log", "--no-server-header"]

    def environment(self) -> dict[str, str]:
        return {
            "PEER_DATABASE": str(self.database),
            "PEER_CACHE": str(self.work),
            "PYTHONDONTWRITEBYTECODE": "1",
        }


class Running(NamedTuple):
    setting: Setting
    site: Site
    master: int

    def heaviest_worker(self) -> int:
        return max(map(private_memory, children_of(self.master)))


def wait_for_workers(setting: Setting, log: Path) -> None:
    """The socket listens before the workers do, so each one's word in the log is awaited."""
    try:
        wait_until(
            str(setting),
            lambda: log.read_text().count("Application startup complete") >= setting.workers,
            60,
        )
    except Trouble as trouble:
        raise Trouble(f"{trouble}\n{tail(log)}") from trouble


@contextmanager
def nginx(prefix: Path, port: int, socket: Path) -> Iterator[None]:
    program = nginx_program()
    filled = Template((HERE / "nginx.conf.in").read_text()).substitute(
        user="user www-data;" if os.geteuid() == 0 else "", socket=socket, port=port
    )
    config = prefix / "nginx.conf"
    config.write_text(filled)
    log = prefix / "nginx.log"
    with child([program, "-p", str(prefix), "-c", str(config), "-e", "stderr"], log):
        try:
            wait_until("nginx before the peer", lambda: answers(port), 10)
        except Trouble as trouble:
            raise Trouble(f"{trouble}\n{tail(log)}") from trouble
        yield


def nginx_program() -> str:
    program = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")
    if program is None:
        raise Trouble("nginx is missing: apt-get install nginx")
    return program


def install(environment: Path, python: Path | None) -> Path:
    """Makes or renews the peer's venv. Debian's Python is the fastest build at hand."""
    return install_packages(environment, python or DEBIAN_PYTHON, HERE / "requirements.txt")


def install_packages(environment: Path, python: Path, requirements: Path) -> Path:
    """A venv with what the file pins, made anew with pip when that has changed."""
    base = python if python.exists() else None
    stamp = environment / "installed.txt"
    signature = f"# {base}\n{requirements.read_text()}"
    if stamp.exists() and stamp.read_text() == signature:
        return environment
    print(f"installing {requirements.name} into {environment}", flush=True)
    environment.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(environment, ignore_errors=True)
    create_venv(environment, base)
    pip = [str(environment / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run([*pip, "-r", str(requirements)], check=False)
    if done.returncode != 0:
        raise Trouble(f"the packages of {requirements} could not be installed")
    stamp.write_text(signature)
    return environment


def create_venv(environment: Path, base: Path | None) -> None:
    if base is None:
        venv.create(environment, with_pip=True)
        return
    done = subprocess.run(
        [str(base), "-m", "venv", str(environment)], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise Trouble(f"no venv (apt-get install python3-venv): {done.stdout}{done.stderr}")


def differing_settings(ours: Path) -> list[str]:
    """What nginx does for everyone should be the same on both sides; names what is not."""
    if not ours.exists():
        return [f"{ours} does not exist, so nginx's settings were not compared"]
    pair = [directives(ours), directives(HERE / "nginx.conf.in")]
    return [
        f"nginx {name}: ours '{pair[0].get(name, 'default')}', "
        f"peer '{pair[1].get(name, 'default')}'"
        for name in SAME
        if pair[0].get(name) != pair[1].get(name)
    ]


def directives(config: Path) -> dict[str, str]:
    """The first value of each one-line directive; enough for global settings."""
    found: dict[str, str] = {}
    for name, value in re.findall(r"^\s*(\w+)\s+([^;{]+);", config.read_text(), re.MULTILINE):
        found.setdefault(name, value)
    return found
