"""Chromium on a site, as people use it: without JavaScript, watched, and photographed."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response, expect, sync_playwright

from harness import BUILD, PATIENCE, Person, Site

SCREENSHOTS = Path(os.environ.get("T2C_SCREENSHOTS", BUILD / "screenshots"))
AXE = Path(os.environ.get("T2C_TEST_ENV", BUILD / "test-env")) / "axe"
SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
SCHEMES = ("light", "dark")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
]
# Which rules of axe apply: WCAG 2.2 AA and what axe itself calls good practice.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

expect.set_options(timeout=PATIENCE * 1000)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield browser
        browser.close()


def watch(context: BrowserContext, *bases: str) -> list[str]:
    """What no page may do; the list fills while the context is used."""
    findings: list[str] = []

    def requested(request) -> None:
        if not request.url.startswith(tuple(f"{base}/" for base in bases)):
            findings.append(f"asked for {request.url}")

    def answered(response: Response) -> None:
        if response.status >= 400 and response.request.resource_type != "document":
            findings.append(f"{response.url}: {response.status}")

    def said(message) -> None:
        # The status of a page is what the test looks at; all else is a violation.
        if not message.text.startswith("Failed to load resource: the server responded"):
            findings.append(f"{message.page.url if message.page else ''}: {message.text}")

    context.on("request", requested)
    context.on("response", answered)
    context.on("console", said)
    context.on("weberror", lambda error: findings.append(str(error.error)))
    return findings


@contextmanager
def visit(
    chromium: Browser,
    site: Site,
    person: Person | None = None,
    *,
    size: str = "desktop",
    scheme: str = "light",
    elsewhere: tuple[str, ...] = (),
    **options,
) -> Iterator[Page]:
    """A new window, signed in as the person. What no page may do is a failure at its end; so is
    leaving the site, but for the addresses elsewhere."""
    base = f"http://127.0.0.1:{site.port}"
    context = chromium.new_context(
        base_url=base,
        viewport=SIZES[size],
        color_scheme=scheme,
        **{"java_script_enabled": False, **options},
    )
    context.set_default_timeout(PATIENCE * 1000)
    if person:
        context.add_cookies(
            [{"name": name, "value": value, "url": base} for name, value in person.cookies.items()]
        )
    findings = watch(context, base, *elsewhere)
    try:
        yield context.new_page()
    finally:
        context.close()
    assert not findings, "\n".join(findings)


def photograph(page: Page, name: str, *, full: bool = True) -> None:
    """NAME-{desktop,phone}-{light,dark}.png; and the page is nowhere wider than its window.

    The window is as high as the page, so what sticks to its edges covers nothing.
    """
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    present = page.viewport_size
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)
        wide, high = page.evaluate(
            "(e => [e.scrollWidth, e.scrollHeight])(document.documentElement)"
        )
        assert wide <= viewport["width"], f"{name}: {wide} pixels wide"
        if full:
            page.set_viewport_size({**viewport, "height": min(high, 6000)})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=SCREENSHOTS / f"{name}-{size}-{scheme}.png", full_page=full)
    page.set_viewport_size(present)
    page.emulate_media(color_scheme=None)


def path(page: Page) -> str:
    """Where the page is, without the query and the fragment."""
    return urlsplit(page.url).path


def sign_in(page: Page, name: str, password: str) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def press(page: Page, name: str) -> Response:
    """Presses a button of the page's own content and returns the page that comes."""
    with page.expect_navigation() as navigation:
        page.get_by_role("main").get_by_role("button", name=name, exact=True).click()
    return navigation.value


def follow(page: Page, name: str, *, exact: bool = True) -> Response | None:
    with page.expect_navigation() as navigation:
        page.get_by_role("link", name=name, exact=exact).click()
    return navigation.value


def axe_source() -> str:
    """axe-core as tests/e2e/fetch-axe has put it there."""
    if not (AXE / "axe.min.js").exists():
        pytest.skip(f"axe-core is not in {AXE}: tests/e2e/fetch-axe {AXE}")
    version = (Path(__file__).parent / "axe.version").read_text().split()[1]
    assert (AXE / ".version").read_text().strip() == version
    return (AXE / "axe.min.js").read_text()


def axe_findings(page: Page, source: str, rules: Sequence[str] = RULES) -> list[str]:
    """What axe objects to, each with the element."""
    page.evaluate(f"() => {{ {source}\n }}")
    result = page.evaluate(
        "(rules) => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", rules
    )
    return [
        f"{violation['id']}: {node['html']}: {node['failureSummary']}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]
