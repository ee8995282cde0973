"""Without Chromium either: w3m reads the pages, fills the forms, and sees a model write."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import canary
import pytest
from harness import Site, wait_for
from test_models import MODEL, SHEET, control
from w3m import W3m

PASSWORD = canary.secret()


@pytest.fixture
def terminals(own_site: Site, tmp_path: Path) -> Iterator[Callable[[], W3m]]:
    """Opens another w3m, with cookies of its own."""
    opened: list[W3m] = []

    def another() -> W3m:
        opened.append(W3m(tmp_path / f"home-{len(opened)}", address(own_site, "/")))
        opened[-1].open("Sign in")
        return opened[-1]

    yield another
    for w3m in opened:
        w3m.close()


@pytest.fixture
def w3m(own_site: Site, terminals: Callable[[], W3m]) -> W3m:
    """Somebody who has signed in for the first time and connected the simulated workspace."""
    w3m = terminals()
    sign_in(w3m, own_site.name, own_site.password)
    w3m.open("Your account")
    w3m.fill("Current password", own_site.password)
    w3m.fill("New password", PASSWORD)
    w3m.fill("New password again", PASSWORD)
    w3m.follow("Set the new password", "New mapping")
    w3m.follow("Connections", "Connections")
    w3m.follow("New connection", "New connection")
    w3m.follow("Connect the simulated workspace", "Simulated workspace")
    w3m.follow("Edit", "Edit Simulated workspace")
    w3m.fill("Token, or secret", canary.secret("dapi-"))
    w3m.follow("Save", "Simulated workspace")
    return w3m


def address(site: Site, path: str) -> str:
    return f"http://127.0.0.1:{site.port}{path}"


def sign_in(w3m: W3m, name: str, password: str) -> None:
    w3m.fill("Name", name)
    w3m.fill("Password", password)
    w3m.choose("Sign in")


def begin(w3m: W3m) -> None:
    """Lets the model write; w3m then loads the page that is still being sent."""
    w3m.follow("Generate", "New mapping")
    w3m.paste_into("Sheet as text", SHEET)
    w3m.follow("Check the text", "Check pasted.csv")
    w3m.follow("Choose a pattern", "Choose a pattern")
    w3m.search(f"{MODEL} of Simulated workspace")
    w3m.check(f"{MODEL} of Simulated workspace")
    w3m.choose("Generate code")


def written(site: Site) -> str:
    """What the model has written, as far as it is stored."""
    try:
        ((text,),) = site.query("SELECT text FROM answer")
    except (ValueError, sqlite3.OperationalError):
        return ""
    return text


def test_connect(own_site: Site, w3m: W3m):
    """The connection and its test can be read, and the token is nowhere."""
    w3m.expect("nothing in it is real")
    w3m.choose("Test the connection")
    w3m.expect(f"The endpoint {MODEL} is ready.")
    w3m.follow("Edit", "Edit Simulated workspace")
    canary.look("the screen of w3m", str(w3m).encode())


def test_live(own_site: Site, w3m: W3m):
    """A page that is sent bit by bit is whole at its end, and leads to the code."""
    control(own_site, "settings", tokens_per_second=0)
    begin(w3m)
    w3m.open("A model writes")
    w3m.expect("The model is asked.")
    w3m.expect("Checked against the plan: passed")
    w3m.follow("Open the code", "pasted")
    w3m.expect("The model's answer")
    w3m.reload()
    w3m.expect("Checked against the plan")
    w3m.search("def transform_order_lines")
    assert re.search(r"^\d+ {5}return \($", w3m.text(), re.MULTILINE), str(w3m)


def test_stop_and_look_again(own_site: Site, w3m: W3m, terminals: Callable[[], W3m]):
    """It is interrupted, looked at again, stopped, and begun anew; a second one looks on."""
    control(own_site, "settings", tokens_per_second=20)
    begin(w3m)
    wait_for("the first words", lambda: written(own_site))
    w3m.interrupt("A model writes")
    w3m.expect("It answers.")
    w3m.expect("# Databricks notebook source")

    second = terminals()
    sign_in(second, own_site.name, PASSWORD)
    second.open("New mapping")
    second.start(address(own_site, "/generations/1/live"))
    w3m.follow("Leave this page", "pasted")
    w3m.expect("running")
    w3m.start(address(own_site, "/generations/1/live"))
    w3m.interrupt("A model writes")
    assert "# MAGIC" in w3m.text() and "It answers." not in w3m.text()
    w3m.follow("Leave this page", "pasted")
    w3m.choose("Stop")
    second.open("A model writes")
    second.expect("It was stopped.")
    w3m.reload()  # whoever works on it may not have known yet
    w3m.expect("stopped")

    control(own_site, "settings", tokens_per_second=0)
    w3m.choose("Ask the model again")
    w3m.expect("The code is ready.")
    assert own_site.query("SELECT status FROM generation") == [("succeeded",)]


def test_the_model_is_down(own_site: Site, w3m: W3m):
    """What is wrong is said, and the compiler writes the code."""
    control(
        own_site, "faults", pattern="POST *chat/completions*", status=403, body="error", times=9
    )
    begin(w3m)
    w3m.open("A model writes")
    w3m.follow("What can be done", "pasted")
    w3m.expect("R111")
    w3m.follow("Take the compiler's code", "pasted")
    w3m.expect("succeeded")
