"""./start as a person uses it."""

import re
import signal
import socket
import subprocess

from harness import TOP, Site, kill, process_name, wait_for


def test_a_life(tmp_path):
    site = Site(tmp_path)
    try:
        first = site.call("--detach", "--port", str(site.port))
        assert first.returncode == 0, first.stdout
        assert re.search(
            r"^administrator: admin\none-time password: \S+\n"
            rf"text2code is at http://127\.0\.0\.1:{site.port}/",
            first.stdout,
            re.MULTILINE,
        )
        processes = [site.master(), site.nginx(), *site.workers()]
        site.stop()
        assert not any(map(process_name, processes))
        site.stop()  # what has ended already is no failure

        second = site.call("--detach", "--port", str(site.port))
        assert second.returncode == 0, second.stdout
        assert "password" not in second.stdout
        assert site.visitor().get("/healthz").status == 200
    finally:
        site.stop()


def test_in_the_foreground_until_an_interrupt(tmp_path):
    site = Site(tmp_path)
    with (tmp_path / "out").open("w") as out:
        running = subprocess.Popen(
            [TOP / "start", "--no-install", "--data", site.data, "--port", str(site.port)],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            # As in a terminal: a runner in the background ignores it, and so would its children.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
    try:
        wait_for("the address", lambda: "text2code is at" in (tmp_path / "out").read_text())
        processes = [site.master(), site.nginx(), *site.workers()]
        assert site.visitor().get("/login").status == 200
        running.send_signal(signal.SIGINT)
        assert running.wait(60) == 0
        assert not any(map(process_name, processes))
    finally:
        running.kill()
        site.stop()


def test_in_the_foreground_it_tells_of_an_unexpected_end(tmp_path):
    site = Site(tmp_path)
    with (tmp_path / "out").open("w") as out:
        running = subprocess.Popen(
            [TOP / "start", "--no-install", "--data", site.data, "--port", str(site.port)],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_for("the address", lambda: "text2code is at" in (tmp_path / "out").read_text())
        nginx = site.nginx()
        kill(site.master(), signal.SIGKILL)
        assert running.wait(60) == 1
        assert "ended by itself" in (tmp_path / "out").read_text()
        assert not process_name(nginx)
    finally:
        running.kill()
        site.stop()


def test_a_port_that_is_taken(tmp_path):
    site = Site(tmp_path)
    with socket.socket() as other:
        other.bind(("127.0.0.1", site.port))
        other.listen()
        done = site.call("--detach", "--port", str(site.port))
    assert done.returncode == 1
    assert f"port {site.port} of 127.0.0.1 is taken" in done.stdout
    assert not site.master()


def test_settings_that_are_wrong(tmp_path):
    site = Site(tmp_path)
    done = site.call("--detach", "--port", str(site.port), "--set", "page_workers=many")
    assert done.returncode == 1
    assert "page_workers is" in done.stdout
    assert site.call("--port", "http").returncode == 1
    assert site.call("--prot", "80").returncode == 2
    assert not site.master()


def test_a_data_directory_that_cannot_be(tmp_path):
    (tmp_path / "data").write_text("a file")
    site = Site(tmp_path)
    done = site.call("--detach", "--port", str(site.port))
    assert done.returncode == 1
    assert "start: cannot make" in done.stdout
