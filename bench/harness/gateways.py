"""A model's answer through us and through gateways, against asking the model itself."""

import json
import os
import re
import shutil
import statistics
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from harness.browser import Browser
from harness.ours import Server, build_program, running
from harness.peer import DEBIAN_PYTHON, install_packages, nginx_program
from harness.process import Trouble, answers, child, free_port, tail, wait_until
from harness.streams import SHEET

HERE = Path(__file__).resolve().parent.parent / "gateways"
CONNECTIONS = 10
NOVEUM = "noveum-ai-gateway@2.0.1"
CHAT = "/v1/chat/completions"
NGINX = """daemon off;
pid {folder}/nginx.pid;
worker_processes 1;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  keepalive_requests 100000000;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/t1; fastcgi_temp_path {folder}/t2;
  uwsgi_temp_path {folder}/t3; scgi_temp_path {folder}/t4;
  open_file_cache max=10;
  server {{
    listen 127.0.0.1:{port};
    location = {chat} {{ error_page 405 =200 /code; return 405; }}
    location = /rows{chat} {{ error_page 405 =200 /rows; return 405; }}
    location = /code {{ root {folder}; types {{ }} default_type text/event-stream; }}
    location = /rows {{ root {folder}; types {{ }} default_type text/event-stream; }}
  }}
}}
"""


class Taken(NamedTuple):
    """One round. Milliseconds."""

    rps: float
    p50: float
    p99: float


@dataclass
class Way:
    """One way to have a model's answer."""

    name: str
    port: int
    request: bytes
    wanted: str
    head: bytes | None = None
    taken: list[Taken] = field(default_factory=list)

    def median(self, what: str) -> float:
        return statistics.median(getattr(each, what) for each in self.taken)


def streamed(content: str) -> bytes:
    """Server-sent events, as a model sends them."""
    lines = []
    for delta, reason in (({"role": "assistant", "content": content}, None), ({}, "stop")):
        chunk = {
            "id": "chatcmpl-1",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": "mock",
            "choices": [{"index": 0, "delta": delta, "finish_reason": reason}],
        }
        lines.append(f"data: {json.dumps(chunk)}\n\n")
    return ("".join(lines) + "data: [DONE]\n\n").encode()


def compiled_code(top: Path, work: Path) -> str:
    """What the compiler makes of the sheet, so that the gate passes it."""
    sheet = work / "sheet.csv"
    sheet.write_text(SHEET)
    command = [str(build_program(top)), "compile", str(sheet), "--pattern", "full_load"]
    done = subprocess.run(
        [*command, "--output", str(work / "code")], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise Trouble(f"{' '.join(command)}: {done.stdout}{done.stderr}")
    return (work / "code" / "sheet.py").read_text()


@contextmanager
def mock(top: Path, work: Path) -> Iterator[int]:
    """A model that answers at once: a file that nginx sends. Its port."""
    folder = work / "mock"
    folder.mkdir()
    folder.chmod(0o755)
    (folder / "code").write_bytes(streamed(compiled_code(top, work)))
    (folder / "rows").write_bytes(streamed(SHEET))
    port = free_port()
    config = folder / "nginx.conf"
    config.write_text(NGINX.format(folder=folder, port=port, chat=CHAT))
    log = work / "mock.log"
    with child([nginx_program(), "-p", str(folder), "-c", str(config), "-e", "stderr"], log):
        wait_until("the mock", lambda: answers(port), 10)
        yield port


def chat_request(port: int, model: str, headers: dict[str, str], chat: str = CHAT) -> bytes:
    """What our own side sends a model, in its size."""
    body = json.dumps(
        {
            "model": model,
            "stream": True,
            "max_tokens": 4000,
            "messages": [
                {"role": "system", "content": "You write notebooks. " * 60},
                {"role": "user", "content": f"{SHEET}{'Explain nothing. ' * 60}"},
            ],
        }
    ).encode()
    lines = [f"POST {chat} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Authorization: Bearer sk-bench"]
    lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def settings(mock_port: int) -> dict[str, int | str]:
    return {"answers_per_minute": 1000000, "model_hosts": f"127.0.0.1:{mock_port}"}


def connect(browser: Browser, name: str, address: str) -> str:
    """The number of a new connection to the mock."""
    page = browser.ask("GET", "/connections/new?provider=openai")
    fields = browser.hidden(page, "csrf", "key") | {
        "provider": "openai",
        "name": name,
        "address": address,
        "auth": "none",
        "token": "",
        "model": "mock",
        "temperature": "",
        "max_tokens": "4000",
        "first_s": "30",
        "total_s": "120",
        "instructions": "",
    }
    page = browser.ask("POST", "/connections/new", fields)
    if page.status != 200 or not re.fullmatch(r"/connections/\d+", page.path):
        raise Trouble(f"connecting the mock led to {page.path} ({page.status})\n{page.body}")
    return page.path.rpartition("/")[2]


def posted(browser: Browser, path: str, fields: dict[str, str]) -> tuple[bytes, bytes]:
    """The form with a key that the caller makes, and the head of what follows it."""
    body = urlencode(fields) + f"&key={'@' * 16}"
    head = f"Host: {browser.host}\r\nCookie: {browser.cookie_header()}\r\n"
    lines = f"POST {path} HTTP/1.1\r\n{head}Origin: http://{browser.host}\r\n"
    lines += "Content-Type: application/x-www-form-urlencoded\r\n"
    lines += f"Content-Length: {len(body)}\r\n\r\n{body}"
    return lines.encode(), head.encode()


def our_ways(server: Server, mock_port: int) -> list[Way]:
    """Accept, then the live page that asks, for code and for rows: what a browser does."""
    browser = server.site.browser
    code = connect(browser, "code", f"http://127.0.0.1:{mock_port}/v1")
    rows = connect(browser, "rows", f"http://127.0.0.1:{mock_port}/rows/v1")
    page = browser.ask("GET", "/mappings/new")
    fields = browser.hidden(page, "csrf", "key") | {"name": "sheet.csv", "text": SHEET}
    mapping = browser.ask("POST", "/mappings", fields).path
    form = browser.ask("GET", f"{mapping}/pattern")
    fields = browser.hidden(form, "csrf", "revision")
    for_code = fields | {"pattern": "full_load", "engine": code, "fresh": "yes"}
    for_rows = fields | {"engine": rows, "wishes": "all of it"}
    ways = []
    for name, path, asked, wanted in (
        ("ours", f"{mapping}/generations", for_code, "The code is ready."),
        ("rows", f"{mapping}/proposals", for_rows, "The rows are here."),
    ):
        request, head = posted(browser, path, asked)
        ways.append(Way(name, server.port, request, wanted, head))
    return ways


@contextmanager
def gateway(
    name: str,
    command: list[str],
    port: int,
    work: Path,
    env: dict[str, str],
    model: str = "mock",
    headers: dict[str, str] | None = None,
) -> Iterator[Way]:
    log = work / f"{name}.log"
    with child(command, log, env):
        try:
            wait_until(name, lambda: answers(port), 120)
        except Trouble as trouble:
            raise Trouble(f"{trouble}\n{tail(log)}") from trouble
        yield Way(name, port, chat_request(port, model, headers or {}), "[DONE]")


@contextmanager
def litellm(environment: Path, mock_port: int, work: Path) -> Iterator[Way]:
    """LiteLLM's proxy as its documents say for production: a worker a core, no database."""
    port = free_port()
    config = work / "litellm.yaml"
    config.write_text(
        json.dumps(
            {
                "model_list": [
                    {
                        "model_name": "mock",
                        "litellm_params": {
                            "model": "openai/mock",
                            "api_base": f"http://127.0.0.1:{mock_port}/v1",
                            "api_key": "sk-mock",
                        },
                    }
                ],
                "litellm_settings": {"telemetry": False, "set_verbose": False},
                "general_settings": {"master_key": "sk-bench"},
            }
        )
    )
    command = [str(environment / "litellm" / "bin" / "litellm"), "--config", str(config)]
    command += ["--host", "127.0.0.1", "--port", str(port)]
    command += ["--num_workers", str(len(os.sched_getaffinity(0))), "--telemetry", "False"]
    env = {
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "LITELLM_LOG": "ERROR",
        "LITELLM_MODE": "PRODUCTION",
        "PATH": f"{environment / 'litellm' / 'bin'}:{os.environ['PATH']}",
    }
    with gateway("litellm", command, port, work, env) as way:
        yield way


@contextmanager
def noveum(environment: Path, mock_port: int, work: Path) -> Iterator[Way]:
    port = free_port()
    env = {
        "PORT": str(port),
        "RUST_LOG": "error",
        "OPENAI_BASE_URL": f"http://127.0.0.1:{mock_port}",
    }
    command = [str(environment / "cargo" / "bin" / "noveum-ai-gateway")]
    headers = {"x-provider": "openai"}
    with gateway("noveum", command, port, work, env, headers=headers) as way:
        yield way


def install(environment: Path) -> None:
    """LiteLLM with pip, by hash; the other one with cargo, which takes minutes once."""
    install_packages(environment / "litellm", DEBIAN_PYTHON, HERE / "litellm.txt")
    program = environment / "cargo" / "bin" / "noveum-ai-gateway"
    stamp = environment / "cargo" / "installed.txt"
    if program.exists() and stamp.exists() and stamp.read_text() == NOVEUM:
        return
    if shutil.which("cargo") is None:
        raise Trouble("cargo is missing: install Rust to compare with noveum-ai-gateway")
    print(f"compiling {NOVEUM}", flush=True)
    command = ["cargo", "install", "--quiet", "--locked", "--root", str(environment / "cargo")]
    if subprocess.run([*command, NOVEUM], check=False).returncode != 0:
        raise Trouble(f"{NOVEUM} could not be compiled")
    stamp.write_text(NOVEUM)


def build_caller(work: Path) -> Path:
    program = work / "caller"
    command = ["gcc", "-std=gnu17", "-O2", "-o", str(program), str(HERE / "caller.c")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Trouble(f"the caller could not be compiled: {done.stderr}")
    return program


def take(way: Way, caller: Path, work: Path, seconds: float) -> Taken:
    """One round of calls, each of which must be answered as a whole."""
    request = work / f"{way.name}.request"
    request.write_bytes(way.request)
    command = [str(caller), str(way.port), str(CONNECTIONS), str(seconds), way.wanted]
    command.append(str(request))
    if way.head is not None:
        head = work / f"{way.name}.head"
        head.write_bytes(way.head)
        command.append(str(head))
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.match(r"calls=(\d+) seconds=([\d.]+) p50_us=(\d+) p99_us=(\d+)", done.stdout)
    if done.returncode != 0 or not found:
        raise Trouble(f"{way.name}: {done.stderr.strip()}")
    calls, took, p50, p99 = map(float, found.groups())
    return Taken(calls / took, p50 / 1000, p99 / 1000)


@contextmanager
def ways(top: Path, environment: Path, work: Path) -> Iterator[dict[str, Way]]:
    """The model itself, we, and the gateways, all at the same model."""
    with ExitStack() as stack:
        port = stack.enter_context(mock(top, work))
        server = stack.enter_context(running(top, work, settings(port)))
        found = [
            Way("direct", port, chat_request(port, "mock", {}), "[DONE]"),
            *our_ways(server, port),
            stack.enter_context(litellm(environment, port, work)),
            stack.enter_context(noveum(environment, port, work)),
        ]
        yield {way.name: way for way in found}


def measured(
    top: Path, environment: Path, work: Path, rounds: int, seconds: float
) -> dict[str, Way]:
    """Rounds of every way in turn, after one that is not counted."""
    install(environment)
    caller = build_caller(work)
    with ways(top, environment, work) as found:
        for number in range(rounds + 1):
            for way in found.values():
                taken = take(way, caller, work, seconds)
                if number > 0:
                    way.taken.append(taken)
    return found
