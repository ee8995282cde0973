"""Signing in to the simulated workspace: for a connection, and to text2code itself."""

import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from urllib.parse import quote, urlencode

import canary
import pytest
from browser import axe_findings, axe_source, path, photograph, press, visit
from harness import Person, Site, control, wait_for
from playwright.sync_api import Browser, Page, expect

TRAINEE = "trainee@simulated.example"


def workspace(site: Site) -> str:
    return f"http://127.0.0.1:{site.port + 1}"


@pytest.fixture
def look(own_site: Site, chromium: Browser) -> Callable[..., AbstractContextManager[Page]]:
    """Opens a window on the site, from which people may go to the workspace."""
    elsewhere = (workspace(own_site),)
    return lambda person=None, **options: visit(
        chromium, own_site, person, elsewhere=elsewhere, **options
    )


@pytest.fixture
def connected(own_site: Site, look) -> Iterator[tuple[Site, Person, Page]]:
    """Somebody who has a connection to sign in to."""
    person = own_site.person()
    with look(person) as page:
        page.goto("/connections/new")
        press(page, "Connect it by signing in")
        assert path(page) == "/connections/1"
        yield own_site, person, page


def sign_in(page: Page, site: Site, answer: str = "Sign in") -> None:
    page.get_by_role("link", name="Sign in to 127.0.0.1").click()
    assert page.url.startswith(f"{workspace(site)}/oidc/v1/authorize?")
    page.get_by_role("button", name=answer, exact=True).click()
    assert page.url == f"http://127.0.0.1:{site.port}/connections/1"


def main(page: Page):
    return expect(page.get_by_role("main"))


def test_sign_in_for_a_connection(connected):
    """The connection acts as whoever has signed in, until that person signs out."""
    site, _, page = connected
    main(page).to_contain_text("Nobody is signed in.")
    photograph(page, "connection-sign-in")
    press(page, "Test the connection")
    main(page).to_contain_text("R122")
    sign_in(page, site)
    expect(page.get_by_text(f"{TRAINEE} is signed in to")).to_be_visible()
    press(page, "Test the connection")
    main(page).to_contain_text(f"Signed in as {TRAINEE}.")
    photograph(page, "connection-signed-in")
    press(page, "Sign out of the workspace")
    main(page).to_contain_text("Nobody is signed in.")
    assert site.query("SELECT box, access, signed_in FROM connection") == [(None, None, "")]


def test_the_pages_are_accessible(connected, look):
    site, person, page = connected
    sign_in(page, site)
    page.goto("/connections/1/edit")
    photograph(page, "connection-edit-sign-in")
    source = axe_source()
    with look(person, java_script_enabled=True, bypass_csp=True) as window:
        for address in ("/connections/1", "/connections/1/edit"):
            window.goto(address)
            assert axe_findings(window, source) == []


def test_refused(connected):
    """Whoever does not agree is back where they set out, and told so."""
    site, _, page = connected
    sign_in(page, site, "Refuse")
    expect(page.get_by_text("R123: 127.0.0.1")).to_contain_text("access_denied")
    main(page).to_contain_text("Nobody is signed in.")


def begin(person: Person) -> str:
    """Sets out for the workspace; the way back as the workspace would send it."""
    there = person.get("/connections/1/sign-in").header("Location")
    return re.search(r"state=([^&]+)", there)[1]


@pytest.mark.settings(oauth_client_id="app")
def test_only_who_set_out_comes_back(connected):
    """A way back that another browser asked for, an old one, or an invented one is none."""
    site, person, _ = connected
    stranger = site.person()
    state = begin(person)
    for somebody, query, code in (
        (stranger, f"code=c&state={state}", "R123"),  # has no cookie
        (person, "code=c&state=invented", "R123"),
        (person, "error=some+words+of+a+stranger", "R123"),
        # The right way, with a code that the workspace never gave; then it is used up.
        (person, f"code=c&state={state}", "R122"),
        (person, f"code=c&state={state}", "R123"),
    ):
        page = somebody.follow(somebody.get(f"/oauth/callback?{query}"))
        assert code in page.text and "words of a stranger" not in page.text
    # A way to where the connection does not lead any more.
    state = begin(person)
    form = person.get("/connections/1/edit").form("address")
    there = form["fields"] | {"auth": "person", "address": "https://adb-1.2.azuredatabricks.net"}
    there |= {"instructions": ""}
    assert person.post("/connections/1/edit", there).status == 303
    page = person.follow(person.get(f"/oauth/callback?code=c&state={state}"))
    assert "R123" in page.text
    assert site.query("SELECT access FROM connection") == [(None,)]


def test_another_site_sends_nobody_there(connected):
    _, person, _ = connected
    page = person.get("/connections/1/sign-in", headers={"Sec-Fetch-Site": "cross-site"})
    assert page.status == 403 and "A106" in page.text


def press_test(person: Person) -> str:
    page = person.get("/connections/1")
    form = next(form for form in page.forms if form["action"].endswith("/test"))
    return person.follow(person.post(form["action"], form["fields"])).text


def test_tokens_run_out(connected):
    """A new one is got before the old one has run out, by one of many who want it."""
    site, person, page = connected
    control(site, "settings", token_life_s=1)
    sign_in(page, site)
    ((first, until),) = site.query("SELECT access, access_until FROM connection")
    wait_for("the token's end", lambda: time.time() * 1000 > until)
    control(site, "settings", token_life_s=3600)
    with ThreadPoolExecutor(4) as pool:
        pages = list(pool.map(press_test, [person] * 4))
    assert all(f"Signed in as {TRAINEE}" in text for text in pages)
    assert site.query(f"SELECT access = '{first}' FROM connection") == [(0,)]
    log = [line for line in site.events("call") if "/oidc/v1/token" in line]
    assert len(log) == 2, "one for the code, one for the refresh token"


def test_a_token_that_is_not_accepted(connected):
    """It is renewed once; a workspace that knows nobody any more asks to sign in again."""
    site, person, page = connected
    sign_in(page, site)
    control(site, "faults", pattern="GET *Me", status=401, body="error", times=1)
    assert f"Signed in as {TRAINEE}" in press_test(person)
    control(site, "faults", pattern="GET *Me", status=401, body="error", times=1)
    control(site, "faults", pattern="POST *token", status=400, body="error", times=1)
    text = press_test(person)
    assert "R122" in text and "Nobody is signed in." in text


def test_a_token_is_refused_again_and_again(connected):
    """Each request asks for another one at most once, and none is asked for in vain."""
    site, person, page = connected
    sign_in(page, site)
    control(site, "faults", pattern="GET *Me", status=401, body="error", times=1)
    control(site, "faults", pattern="GET *serving-endpoints*", status=401, body="error", times=1)
    assert f"Signed in as {TRAINEE}" in press_test(person)
    refreshed = [line for line in site.events("call") if "/oidc/v1/token" in line][1:]
    assert len(refreshed) == 1, "the second refusal finds the token that the first one got"


def test_the_application_is_not_known(connected):
    """That is for the administrator to mend: who is signed in stays so."""
    site, person, page = connected
    sign_in(page, site)
    control(site, "faults", pattern="GET *Me", status=401, body="error", times=1)
    control(site, "faults", pattern="POST *token", status=400, body="error", code="invalid_client")
    press_test(person)
    ((box,),) = site.query("SELECT box FROM connection")
    assert box
    assert f"Signed in as {TRAINEE}" in press_test(person)


def test_sign_out_while_a_token_is_got(connected):
    """What comes after the sign-out is not kept."""
    site, person, page = connected
    sign_in(page, site)
    control(site, "faults", pattern="GET *Me", status=401, body="error", times=1)
    control(site, "faults", pattern="POST *token", latency_ms=2000, times=1)
    with ThreadPoolExecutor(1) as pool:
        tested = pool.submit(press_test, person)
        wait_for("the renewal", lambda: site.query("SELECT renewing > 0 FROM connection") == [(1,)])
        form = person.get("/connections/1").form("csrf")
        person.post("/connections/1/sign-out", {"csrf": form["fields"]["csrf"]})
        tested.result()
    assert site.query("SELECT box, access FROM connection") == [(None, None)]
    assert "Nobody is signed in." in person.get("/connections/1").text


def test_a_new_name_keeps_the_sign_in(connected):
    site, person, page = connected
    sign_in(page, site)
    before = site.query("SELECT box, access FROM connection")
    page.goto("/connections/1/edit")
    page.get_by_label("Name", exact=True).fill("Training")
    press(page, "Save")
    assert site.query("SELECT box, access FROM connection") == before
    assert f"Signed in as {TRAINEE}" in press_test(person)


def test_a_service_principal(connected):
    """Its secret is kept sealed and gets a token when one is needed."""
    site, person, page = connected
    secret = canary.secret("dose-")
    page.goto("/connections/1/edit")
    page.get_by_label("Those of a service principal").check()
    press(page, "Save")
    main(page).to_contain_text("Enter the application id")
    page.get_by_label("Application id").fill("11111111-2222-3333")
    page.get_by_label("Token, or secret").fill(secret)
    press(page, "Save")
    assert "Signed in as 11111111-2222-3333." in press_test(person)
    photograph(page, "connection-principal")
    page.goto("/connections/1/edit")
    page.get_by_label("Token, or secret").fill("wrong")
    press(page, "Save")
    assert "R122" in press_test(person)
    canary.look_at_files(site.data)
    assert not canary.hits


@pytest.mark.settings(sign_in_workspace="simulator")
def test_sign_in_with_a_workspace(own_site, look):
    """Its people have accounts here, whose connection is there from the start."""
    with look() as page:
        page.goto("/login")
        photograph(page, "login-workspace")
        page.get_by_role("link", name="Sign in with 127.0.0.1").click()
        page.get_by_label("Sign in as").fill("ann@simulated.example")
        page.get_by_role("button", name="Sign in", exact=True).click()
        assert path(page) == "/mappings/new"
        page.goto("/account")
        main(page).to_contain_text("ann@simulated.example")
        expect(page.get_by_label("Current password")).to_have_count(0)
        photograph(page, "account-workspace")
        page.goto("/connections/1")
        press(page, "Test the connection")
        main(page).to_contain_text("Signed in as ann@simulated.example.")
        page.get_by_role("button", name="Sign out", exact=True).click()
        assert path(page) == "/login"
        assert own_site.query("SELECT box, access FROM connection") == [(None, None)]
        # The same person again, and somebody whose name an account here has.
        page.get_by_role("link", name="Sign in with 127.0.0.1").click()
        page.get_by_label("Sign in as").fill("ann@simulated.example")
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.get_by_role("button", name="Sign out", exact=True).click()
        page.get_by_role("link", name="Sign in with 127.0.0.1").click()
        page.get_by_label("Sign in as").fill("admin")
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_text("A112: There is a local account admin.")).to_be_visible()
    assert own_site.query("SELECT name FROM user WHERE external IS NOT NULL") == [
        ("ann@simulated.example",)
    ]


@pytest.mark.settings(sign_in_workspace="simulator")
def test_the_next_page(own_site, look):
    """Whoever wanted a page gets it after signing in, if it is one of ours."""

    def sign_in_there(page: Page, answer: str = "Sign in") -> None:
        page.get_by_role("link", name="Sign in with 127.0.0.1").click()
        page.get_by_role("button", name=answer, exact=True).click()

    with look() as page:
        page.goto("/generations?q=a%26b+c%2Fd")
        assert path(page) == "/login"
        # One who changes the mind has not lost the way.
        sign_in_there(page, "Refuse")
        assert path(page) == "/login"
        sign_in_there(page)
        assert page.url == f"http://127.0.0.1:{own_site.port}/generations?q=a%26b+c%2Fd"
        for elsewhere in ("//evil.example/", "https://evil.example/", "/\\\\evil.example"):
            page.get_by_role("button", name="Sign out", exact=True).click()
            page.goto(f"/oauth/login?{urlencode({'next': elsewhere})}")
            page.get_by_role("button", name="Sign in", exact=True).click()
            assert path(page) == "/mappings/new"
            # Nor does a cookie that somebody else has written lead away.
            page.get_by_role("button", name="Sign out", exact=True).click()
            page.goto("/oauth/login")
            (cookie,) = (c for c in page.context.cookies() if "oauth" in c["name"])
            cookie["value"] += f".{quote(elsewhere, safe='')}"
            page.context.add_cookies([cookie])
            page.get_by_role("button", name="Sign in", exact=True).click()
            assert path(page) == "/mappings/new"


@pytest.mark.settings(sign_in_workspace="simulator")
def test_whoever_may_sign_in_gets_in(own_site, look):
    """Whatever their connections are called, and whatever signs are in their names."""
    with look() as page:
        for _ in range(2):
            page.goto("/login")
            page.get_by_role("link", name="Sign in with 127.0.0.1").click()
            page.get_by_label("Sign in as").fill("o'brien@simulated.example")
            page.get_by_role("button", name="Sign in", exact=True).click()
            assert path(page) == "/mappings/new"
            # The connection keeps its name and becomes one with a token.
            page.goto("/connections/1/edit")
            page.get_by_label("Those of a personal access token, kept").check()
            page.get_by_label("Token, or secret").fill("dapi-canary-ob")
            press(page, "Save")
            page.get_by_role("button", name="Sign out", exact=True).click()
    assert own_site.query("SELECT name FROM user WHERE external IS NOT NULL") == [
        ("o-brien@simulated.example",)
    ]
    assert own_site.query("SELECT name FROM connection ORDER BY id") == [
        ("Simulated workspace",),
        ("Simulated workspace 2",),
    ]
