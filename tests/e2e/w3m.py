"""w3m on a site, in a terminal of its own: keys are pressed, and the screen is read."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pyte
from harness import PATIENCE

COLUMNS, LINES = 80, 200  # as wide as most terminals; as high as w3m can be
OPTIONS = {
    "accept_cookie": 1,
    "cookie_avoid_wrong_number_of_dots": "127.0.0.1",
    "confirm_qq": 0,
    "use_history": 0,
    "use_mouse": 0,
    "auto_image": 0,
    "display_charset": "UTF-8",
    "wrap_search": 1,
}
PLACE = re.compile(r"line (\d+)/\d+ \(\d+%\) col (\d+)/")
FORM = "red"  # fields and buttons; links are blue


class W3m:
    """A w3m with nothing but its own home, in a terminal whose screen can be read."""

    def __init__(self, home: Path, address: str) -> None:
        self.home = home
        home.mkdir(parents=True, exist_ok=True)
        self.paste = home / "paste"
        (home / ".w3m").mkdir()
        (home / ".w3m" / "keymap").write_text("keymap H CURSOR_TOP\n")
        editor = home / "editor"
        editor.write_text(f'#!/bin/sh\ncat "{self.paste}" >"$1"\n')
        editor.chmod(0o700)
        command = ["w3m", "-no-mouse"]
        for name, value in OPTIONS.items():
            command += ["-o", f"{name}={value}"]
        command += ["-o", f"editor={editor}", address]
        self.screen = pyte.Screen(COLUMNS, LINES)
        self.stream = pyte.ByteStream(self.screen)
        self.terminal, inner = pty.openpty()
        fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        self.process = subprocess.Popen(
            command,
            stdin=inner,
            stdout=inner,
            stderr=inner,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
            env={
                "HOME": str(home),
                "PATH": os.environ["PATH"],
                "TERM": "linux",
                "LANG": "C.UTF-8",
            },
        )
        os.close(inner)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.terminal)

    def lines(self) -> list[str]:
        return [line.rstrip() for line in self.screen.display]

    def text(self) -> str:
        """The page, without the line at the bottom where w3m speaks itself."""
        return "\n".join(self.lines()[:-1]).rstrip()

    def status(self) -> str:
        return self.lines()[-1]

    def read(self, seconds: float) -> None:
        ready, _, _ = select.select([self.terminal], [], [], seconds)
        if ready:
            self.stream.feed(os.read(self.terminal, 65536))

    def wait(self, what: str, seen: Callable[[], object]):
        """Reads what w3m writes until it is as it should be."""
        deadline = time.monotonic() + PATIENCE
        while not (answer := seen()):
            assert time.monotonic() < deadline, f"{what} is not on the screen:\n{self}"
            self.read(0.5)
        return answer

    def expect(self, text: str) -> None:
        """Until the page shows this, however its words are broken into lines."""
        self.wait(repr(text), lambda: text in " ".join(self.text().split()))

    def press(self, keys: str) -> None:
        os.write(self.terminal, keys.encode())

    def colour(self, row: int, column: int) -> str:
        return self.screen.buffer[row][column].fg

    def find(self, text: str, start: tuple[int, int] = (0, 0)) -> tuple[int, int] | None:
        """Line and column where these words can be followed, pressed or filled: in colour."""
        for number, line in enumerate(self.lines()[:-1]):
            for found in re.finditer(re.escape(text), line):
                here = (number, found.start())
                if here >= start and all(
                    self.colour(number, column) != "default"
                    for column in range(found.start(), found.end())
                    if line[column] != " "
                ):
                    return here
        return None

    def told(self, keys: str) -> tuple[int, int]:
        """Presses keys, and reads the line and the column of the page that the cursor is at."""
        self.press(f"{keys}c")  # the address first, so that what is read is new
        self.wait("the address", lambda: self.status().startswith("http"))
        self.press("\x07")
        found = self.wait(
            "where the cursor is",
            lambda: self.screen.cursor.y < LINES - 1 and PLACE.match(self.status()),
        )
        return int(found[1]), int(found[2])

    def search(self, text: str) -> None:
        """Has the page scrolled to where these words are first."""
        self.press(f"g/{re.escape(text)}\n")
        self.wait(repr(text), lambda: any(text in line for line in self.lines()[:-1]))

    def move(self, place: tuple[int, int]) -> None:
        """Moves the cursor to a place of the screen, as w3m itself says."""
        row, column = place
        top = self.told("H")[0]
        right = f"{column}l" if column else ""
        self.press(f"\x1bg{top + row}\n^{right}")
        assert self.told("") == (top + row, column + 1), str(self)

    def choose(self, text: str, start: tuple[int, int] = (0, 0)) -> None:
        self.move(self.wait(f"a link or button {text!r}", lambda: self.find(text, start)))
        self.press("\n")

    def open(self, title: str) -> None:
        """Until the page of this title is there."""
        self.wait(f"a page {title!r}", lambda: self.status().startswith(f"Viewing <{title}"))

    def follow(self, text: str, title: str) -> None:
        """Follows a link or presses a button; the page that comes has this title."""
        self.choose(text)
        self.open(title)

    def start(self, address: str) -> None:
        """Begins to load a page."""
        self.press(f"U\x15{address}\n")

    def interrupt(self, title: str) -> None:
        """Shows what there is of a page that is still being sent."""
        self.wait("a page that is loaded", lambda: "loaded" in self.status())
        self.press("\x03")
        self.open(title)

    def reload(self) -> None:
        """The page once more; the line at the bottom says another thing until it is there."""
        self.told("")
        self.press("R")
        self.open("")

    def field(self, label: str) -> tuple[int, int] | None:
        """The first place to be filled behind these words, which nobody can follow or press."""
        lines = self.lines()[:-1]
        for row, line in enumerate(lines):
            if label in line and self.colour(row, line.index(label)) == "default":
                return next(
                    (
                        (number, column)
                        for number in range(row, len(lines))
                        for column in range(COLUMNS)
                        if (number, column) > (row, line.index(label))
                        and self.colour(number, column) == FORM
                    ),
                    None,
                )
        return None

    def fill(self, label: str, value: str) -> None:
        self.move(self.wait(f"a field {label!r}", lambda: self.field(label)))
        self.press("\n")
        self.wait("a question", lambda: re.match("TEXT|Password", self.status()))
        self.press(f"\x15{value}\n")
        self.wait("the page", lambda: self.status().startswith("Viewing"))

    def check(self, label: str) -> None:
        """Chooses what stands before these words."""
        row = self.wait(
            repr(label), lambda: [n for n, line in enumerate(self.lines()) if label in line]
        )[0]
        column = self.lines()[row].index(label) - 3
        self.move((row, column))
        self.press("\n")
        self.wait(f"a mark before {label!r}", lambda: self.lines()[row][column] in "*X")

    def paste_into(self, label: str, text: str) -> None:
        """Has the editor write the text."""
        self.paste.write_text(text)
        self.move(self.wait(f"a field {label!r}", lambda: self.field(label)))
        self.press("\n")
        self.wait("the text", lambda: text.splitlines()[0][:20] in self.text())

    def __str__(self) -> str:
        return f"{self.text()}\n---\n{self.status()}"
