"""A model of the simulated workspace writes code: live, stopped, begun anew, looked on, down."""

import re
from collections.abc import Iterator

import canary
import pytest
from browser import axe_findings, axe_source, follow, path, photograph, press, visit
from harness import TOP, Person, Site, control
from playwright.sync_api import Browser, Page, expect

SHEET = (TOP / "samples" / "order_lines_merge.csv").read_text()
MODEL = "databricks-claude-sonnet-4-5"


@pytest.fixture
def connected(own_site: Site, chromium: Browser) -> Iterator[tuple[Site, Person, Page]]:
    """Somebody who has connected the simulated workspace, and a sheet."""
    person = own_site.person()
    with visit(chromium, own_site, person) as page:
        page.goto("/connections/new")
        press(page, "Connect the simulated workspace")
        assert path(page) == "/connections/1"
        follow(page, "Edit")
        page.locator("#token").fill(canary.secret("dapi-"))
        press(page, "Save")
        yield own_site, person, page


def begin(page: Page) -> None:
    """Let the model write; the page that comes is still being sent."""
    page.goto("/mappings/new")
    page.get_by_label("Sheet as text").fill(SHEET)
    press(page, "Check the text")
    follow(page, "Choose a pattern")
    page.get_by_label(f"{MODEL} of Simulated workspace").check()
    with page.expect_navigation(wait_until="commit"):
        page.get_by_role("button", name="Generate code").click(no_wait_after=True)


def test_connect(connected):
    """The connection is tested; it is said everywhere that nothing is real."""
    _, _, page = connected
    expect(page.get_by_role("main")).to_contain_text("nothing in it is real")
    press(page, "Test the connection")
    expect(page.get_by_role("main")).to_contain_text(f"The endpoint {MODEL} is ready.")
    photograph(page, "connection")
    page.goto("/connections")
    expect(page.get_by_role("table")).to_contain_text("simulated")
    photograph(page, "connections")
    page.goto("/connections/1/edit")
    photograph(page, "connection-edit")


def test_nobody_says_how_the_token_is_kept(connected):
    """A browser always does; whatever else sends the form is told what it lacks."""
    _, _, page = connected
    page.goto("/connections/new")
    inputs = page.locator("form:has(button[name=auth]) input").all()
    form = {field.get_attribute("name"): field.get_attribute("value") for field in inputs}
    origin = page.url.removesuffix("/connections/new")
    answer = page.request.post(page.url, form=form, headers={"Origin": origin})
    assert answer.status == 422
    assert re.search(r'<p class="field-error">[^<]+</p></fieldset>', answer.text())


def test_choose_an_endpoint(connected):
    """What the workspace has is offered, and can be chosen."""
    _, _, page = connected
    expect(page.get_by_text("to choose from")).to_have_count(0)
    press(page, "Test the connection")
    page.get_by_text("3 serving endpoints to choose from").click()
    photograph(page, "connection-endpoints")
    other = page.get_by_role("button", name="Use it: databricks-").first
    name = other.get_attribute("value")
    other.click()
    expect(page.locator("dl.facts").last).to_contain_text(name)
    page.goto("/connections/1/edit")
    expect(page.locator(f'datalist option[value="{name}"]')).to_have_count(1)
    expect(page.get_by_label("Serving endpoint")).to_have_value(name)


def test_live(connected):
    """The code comes word by word, passes the gate, and is there afterwards."""
    site, _, page = connected
    control(site, "settings", tokens_per_second=1000)
    begin(page)
    expect(page.get_by_text("The model is asked.")).to_be_visible()
    expect(page.get_by_text("Checked against the plan: passed")).to_be_visible()
    expect(page.locator("template")).to_have_count(0)  # it has become a shadow root
    expect(page.get_by_role("button", name="Stop")).to_be_hidden()  # it has ended
    photograph(page, "live", full=False)
    follow(page, "Open the code")
    assert path(page) == "/generations/1"
    expect(page.get_by_role("heading", name="The model's answer")).to_be_visible()
    photograph(page, "model-code", full=False)
    follow(page, "Tests")
    expect(page.get_by_role("main")).to_contain_text("def test_column_order_lines")
    assert path(page) == "/generations/1/tests"
    page.goto("/generations/1")
    page.reload()
    expect(page.get_by_text("Checked against the plan")).to_be_visible()


def test_stop_and_resume(connected, chromium: Browser):
    """Stop ends it at once; a second viewer sees what the first one does; it can begin anew."""
    site, person, page = connected
    control(site, "settings", tokens_per_second=20)
    begin(page)
    expect(page.get_by_text("It answers.")).to_be_visible()
    with visit(chromium, site, person) as second:
        second.goto("/generations/1/live", wait_until="commit")
        expect(second.locator(".live-text").first).to_be_visible()
        with page.expect_navigation():
            page.get_by_role("button", name="Stop").click()
        expect(second.get_by_text("It was stopped.")).to_be_visible()
    page.reload()
    expect(page.locator("h1")).to_contain_text("stopped")
    photograph(page, "model-stopped")
    control(site, "settings", tokens_per_second=1000)
    with page.expect_navigation(wait_until="commit"):
        page.get_by_role("button", name="Ask the model again").click(no_wait_after=True)
    expect(page.get_by_text("The code is ready.")).to_be_visible()
    assert site.query("SELECT status FROM generation") == [("succeeded",)]


def test_what_the_gate_refuses(connected):
    """A column from another source: refused twice, with the line, and the compiler beside it."""
    site, _, page = connected
    control(site, "settings", tokens_per_second=0, misbehaviour="wrong_column")
    begin(page)
    expect(page.get_by_text("Checked against the plan: refused.")).to_have_count(2)
    follow(page, "What can be done")
    expect(page.get_by_role("main")).to_contain_text("R121")
    expect(page.locator(".problem-place").first).to_be_visible()
    photograph(page, "model-refused")
    expect(page.get_by_label("The compiler's code")).to_contain_text("def load_order_lines")
    press(page, "Take the compiler's code")
    expect(page.locator("h1")).to_contain_text("succeeded")


def test_a_pattern_that_is_a_prompt(connected):
    """No compiler knows it: a model follows it, and what can be checked is."""
    site, person, page = connected
    document = "name: own_words\ntitle: In our words\nsummary: As the prompt says.\n"
    document += "description: The house's way.\nprompt: Replace the table.\n"
    page.goto("/patterns/new")
    page.get_by_label("Definition").fill(document)
    press(page, "Save the pattern")
    expect(page.get_by_role("main")).to_contain_text("for a model of one of your connections")
    photograph(page, "pattern-prompt")
    control(site, "settings", tokens_per_second=0)
    page.goto("/mappings/new")
    page.get_by_label("Sheet as text").fill(SHEET)
    press(page, "Check the text")
    follow(page, "Choose a pattern")
    page.get_by_role("radio", name="In our words").check()
    photograph(page, "pattern-prompt-chosen")
    press(page, "Generate code")
    expect(page.get_by_role("main")).to_contain_text("P151")
    page.get_by_label(f"{MODEL} of Simulated workspace").check()
    with page.expect_navigation(wait_until="commit"):
        page.get_by_role("button", name="Generate code").click(no_wait_after=True)
    expect(page.get_by_text("Checked against the plan: passed with remarks")).to_be_visible()
    follow(page, "Open the code")
    expect(page.get_by_role("main")).to_contain_text("The whole table is replaced; whether")
    photograph(page, "pattern-prompt-code", full=False)
    follow(page, "Tests")
    expect(page.get_by_role("main")).to_contain_text("def test_column_order_lines")
    expect(page.get_by_role("main")).not_to_contain_text("def test_load_order_lines")


@pytest.mark.parametrize("misbehaviour", ["obey", "garbage", "truncated", "python2", "error"])
def test_what_goes_wrong(connected, misbehaviour: str):
    """Whatever a model does, its code is not offered unless it has passed."""
    site, _, page = connected
    control(site, "settings", tokens_per_second=0, misbehaviour=misbehaviour)
    begin(page)
    page.locator('[slot="end"]').wait_for()
    ((status, error),) = site.query("SELECT status, error FROM generation")
    if misbehaviour == "obey":  # the sheet holds nothing to obey
        assert (status, error) == ("succeeded", "")
    else:
        assert status == "failed" and re.match(r"R\d{3}: ", error), error


def test_the_model_is_down(connected):
    """A fault of the server is told as what it is, and the compiler is offered."""
    site, _, page = connected
    control(site, "faults", pattern="POST *chat/completions*", status=403, body="error", times=9)
    begin(page)
    page.locator('[slot="end"]').wait_for()
    follow(page, "What can be done")
    expect(page.get_by_role("main")).to_contain_text("R111")
    expect(page.get_by_role("button", name="Take the compiler's code")).to_be_visible()


PLAIN_WORDS = """source_table,source_column,target_table,target_column,transformation
crm.raw.people,name,crm.silver.people,name,upper case of the name
crm.raw.people,city,crm.silver.people,city,
"""


def ask_for_rows(page: Page, wish: str = "") -> None:
    page.get_by_text("Let a model propose rows").click()
    page.get_by_label("What you wish for").fill(wish)
    with page.expect_navigation(wait_until="commit"):
        page.get_by_role("button", name="Ask for rows").click(no_wait_after=True)
    expect(page.get_by_text("Read as rows of the sheet: 1 row.")).to_be_visible()
    follow(page, "Look them over")


def test_rows_are_proposed(connected, chromium: Browser):
    """For words in place of an expression, and from a sentence; a person accepts each row."""
    site, person, page = connected
    control(site, "settings", tokens_per_second=0)
    page.goto("/mappings/new")
    page.get_by_label("Sheet as text").fill(PLAIN_WORDS)
    press(page, "Check the text")
    expect(page.get_by_text("Correct the error first")).to_be_visible()
    page.get_by_text("Let a model propose rows").click()
    photograph(page, "proposal-form")
    page.reload()
    ask_for_rows(page)
    row = page.get_by_role("row", name="for row 2")
    expect(row).to_contain_text("upper(name)")
    expect(row.locator("del")).to_have_text("upper case of the name")
    photograph(page, "proposal")
    with visit(chromium, site, person, java_script_enabled=True, bypass_csp=True) as window:
        window.goto("/generations/1")
        assert axe_findings(window, axe_source()) == []
    row.get_by_role("checkbox").uncheck()
    press(page, "Put the chosen rows into the sheet")
    expect(page.get_by_text("No row is chosen.")).to_be_visible()
    page.get_by_role("checkbox").check()
    press(page, "Put the chosen rows into the sheet")
    expect(page.get_by_text("1 row is in the sheet now.")).to_be_visible()
    expect(page.get_by_role("link", name="Choose a pattern")).to_be_visible()
    # A sentence becomes a new row; the sheet as it was is another revision.
    ask_for_rows(page, "Year of the name")
    expect(page.get_by_role("row", name="new")).to_contain_text("year_of_the_name")
    press(page, "Put the chosen rows into the sheet")
    expect(page.get_by_role("region", name="The sheet")).to_contain_text("year(name)")
    page.goto("/generations/1")
    expect(page.get_by_text("The sheet has changed since")).to_be_visible()
    assert site.query("SELECT number, note FROM revision WHERE number > 1 ORDER BY number") == [
        (2, f"1 of 1 rows that {MODEL} proposed (generation 1)"),
        (3, f"1 of 1 rows that {MODEL} proposed (generation 2)"),
    ]


def test_rows_that_are_none(connected):
    """Answers that are no sheet are refused, and said to be."""
    site, _, page = connected
    control(site, "settings", tokens_per_second=0, misbehaviour="garbage")
    page.goto("/mappings/new")
    page.get_by_label("Sheet as text").fill(PLAIN_WORDS)
    press(page, "Check the text")
    page.get_by_text("Let a model propose rows").click()
    with page.expect_navigation(wait_until="commit"):
        page.get_by_role("button", name="Ask for rows").click(no_wait_after=True)
    page.locator('[slot="end"]').wait_for()
    ((status, error),) = site.query("SELECT status, error FROM generation")
    assert status == "failed" and re.match(r"R\d{3}: ", error), error
    assert site.query("SELECT count(*) FROM revision") == [(1,)]


def test_no_token_is_anywhere(connected):
    """Neither the log nor the database nor a page holds a token that was stored."""
    site, person, page = connected
    control(site, "settings", tokens_per_second=0)
    press(page, "Test the connection")
    begin(page)
    page.locator('[slot="end"]').wait_for()
    for address in ("/connections", "/connections/1", "/connections/1/edit", "/generations/1"):
        assert canary.MARK not in person.get(address).text
    canary.look_at_files(site.data)
    canary.look_at_processes(site.processes())
    assert not canary.hits
    assert (site.data / "seal.key").stat().st_mode & 0o777 == 0o600


def test_axe(connected, chromium: Browser):
    """Nothing to object to, in the shadow root neither."""
    site, person, page = connected
    control(site, "settings", tokens_per_second=0)
    begin(page)
    page.locator('[slot="end"]').wait_for()
    source = axe_source()
    with visit(chromium, site, person, java_script_enabled=True, bypass_csp=True) as window:
        for address in ("/connections", "/connections/1", "/connections/new", "/generations/1"):
            window.goto(address)
            assert axe_findings(window, source) == []


def begin_with_tests(page: Page) -> None:
    """The same, with tests by the model, too."""
    page.goto("/mappings/new")
    page.get_by_label("Sheet as text").fill(SHEET)
    press(page, "Check the text")
    follow(page, "Choose a pattern")
    page.get_by_label(f"{MODEL} of Simulated workspace").check()
    page.get_by_text("For a model", exact=True).click()
    expect(page.get_by_label("Compiled from the sheet")).to_be_checked()
    page.get_by_label("By the model").check()
    photograph(page, "tests-form")
    with page.expect_navigation(wait_until="commit"):
        page.get_by_role("button", name="Generate code").click(no_wait_after=True)


def misbehave_at_the_tests(site: Site, misbehaviour: str) -> None:
    """The first answer, the code, is as it should be; the tests are not."""
    chat = "POST *chat/completions*"
    control(site, "faults", pattern=chat, misbehaviour="none", times=1)
    control(site, "faults", pattern=chat, misbehaviour=misbehaviour, times=-1)


def test_tests_of_the_model(connected):
    """Chosen, the model writes code and then tests, and these are marked as its own."""
    site, _, page = connected
    control(site, "settings", tokens_per_second=1500)
    begin_with_tests(page)
    expect(page.get_by_text("Checked against the plan: passed")).to_be_visible()
    expect(page.locator(".live-step", has_text="The model writes tests.")).to_be_visible()
    expect(page.get_by_text("The tests were checked: passed.")).to_be_visible()
    photograph(page, "tests-live", full=False)
    follow(page, "Open the code")
    expect(page.get_by_text("are by the model: checked, not proven")).to_be_visible()
    photograph(page, "tests-code", full=False)
    page.get_by_role("navigation", name="Code and tests").get_by_role("link", name="Tests").click()
    assert path(page) == "/generations/1/tests"
    main = page.get_by_role("main")
    expect(main).to_contain_text(f"Written by the model {MODEL}; checked, not proven")
    expect(main).to_contain_text("def test_column_order_lines")
    photograph(page, "tests-tab", full=False)
    ((text, tests, error),) = site.query(
        "SELECT a.tests_text, t.tests, a.tests_error FROM answer a JOIN artifact t USING (generation)"
    )
    assert (text, error) == (tests, "")  # its very bytes
    # What was chosen is chosen again, and the same question has the same answer.
    follow(page, "Generate again")
    expect(page.get_by_label("By the model")).to_be_checked()
    page.get_by_label(f"{MODEL} of Simulated workspace").check()
    with page.expect_navigation(wait_until="commit"):
        page.get_by_role("button", name="Generate code").click(no_wait_after=True)
    expect(page.get_by_text("The same was asked before")).to_be_visible()
    follow(page, "Open the code")
    expect(page.get_by_text("are by the model: checked, not proven")).to_be_visible()


@pytest.mark.parametrize(
    ("misbehaviour", "code"),
    [
        ("wrong_column", "R125"),
        ("python2", "R125"),
        ("truncated", "R105"),
        ("garbage", r"R\d{3}"),
        ("error", r"R\d{3}"),
    ],
)
def test_tests_that_are_not_used(connected, chromium: Browser, misbehaviour: str, code: str):
    """The code is there with the compiled tests, beside the reason."""
    site, person, page = connected
    control(site, "settings", tokens_per_second=0)
    misbehave_at_the_tests(site, misbehaviour)
    begin_with_tests(page)
    page.locator('[slot="end"]').wait_for()
    expect(page.locator('[slot="end"]')).to_contain_text("with the compiled tests")
    ((status, error, tests_error),) = site.query(
        "SELECT status, error, tests_error FROM generation g JOIN answer a ON a.generation = g.id"
    )
    assert (status, error) == ("succeeded", "")
    assert re.match(code, tests_error), tests_error
    photograph(page, f"tests-live-{misbehaviour}", full=False)
    follow(page, "Open the code")
    main = page.get_by_role("main")
    expect(main).to_contain_text("The model's tests are not used.")
    expect(page.get_by_role("link", name="Download").first).to_be_visible()
    if code == "R125":
        expect(page.locator(".problem-place").first).to_be_visible()
        photograph(page, f"tests-refused-{misbehaviour}", full=False)
        page.locator("summary", has_text="What the model wrote as tests").click()
        expect(page.locator("#T1")).to_be_visible()
        with visit(chromium, site, person, java_script_enabled=True, bypass_csp=True) as window:
            window.goto("/generations/1")
            assert axe_findings(window, axe_source()) == []
    page.get_by_role("navigation", name="Code and tests").get_by_role("link", name="Tests").click()
    expect(main).to_contain_text("What is expected was computed from the sheet")


def test_prose_around_tests(connected):
    """A fence and kind words around them do not matter."""
    site, _, page = connected
    control(site, "settings", tokens_per_second=0, misbehaviour="prose")
    begin_with_tests(page)
    page.locator('[slot="end"]').wait_for()
    ((tests, error),) = site.query(
        "SELECT t.tests, a.tests_error FROM answer a JOIN artifact t USING (generation)"
    )
    assert error == ""
    assert "def test_" in tests and "```" not in tests


def test_stop_at_the_tests(connected, chromium: Browser):
    """Once the code has passed, stopping keeps it; a second viewer sees code and tests."""
    site, person, page = connected
    control(site, "settings", tokens_per_second=0)
    misbehave_at_the_tests(site, "stall")
    begin_with_tests(page)
    expect(page.locator(".live-step", has_text="The model writes tests.")).to_be_visible()
    with visit(chromium, site, person) as second:
        second.goto("/generations/1/live", wait_until="commit")
        expect(second.locator(".live-text").first).to_contain_text("def load_order_lines")
        expect(second.get_by_text("— The model writes tests. —")).to_be_visible()
        with page.expect_navigation():
            page.get_by_role("button", name="Stop").click()
        expect(second.locator('[slot="end"]')).to_contain_text("with the compiled tests. R126")
    page.reload()
    expect(page.locator("h1")).to_contain_text("succeeded")
    expect(page.get_by_role("main")).to_contain_text("R126")
    photograph(page, "tests-stopped", full=False)
