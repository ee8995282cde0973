"""Patterns of an organisation: an editor writes one, somebody else compiles with it."""

import secrets
import subprocess
from collections.abc import Iterator
from pathlib import Path

import canary
import pytest
from browser import (
    RULES,
    axe_findings,
    axe_source,
    follow,
    path,
    photograph,
    press,
    visit,
)
from harness import BUILD, TOP, Person, Site
from playwright.sync_api import Browser, Page, expect

SHEET = (TOP / "samples" / "customers_scd2.csv").read_text()
NAME = "customer_dimension"


def document(title: str, options: str, name: str = NAME) -> str:
    """A pattern that extends SCD type 2."""
    example = "".join(
        f"  {line}\n"
        for line in (
            "source_table,source_column,target_table,target_column,role",
            "crm.raw.customers,id,crm.gold.customers,customer_id,key",
            "crm.raw.customers,name,crm.gold.customers,name,tracked",
            "crm.raw.customers,at,crm.gold.customers,changed_at,sequence",
        )
    )
    return (
        f"name: {name}\ntitle: {title}\nsummary: Our customers.\ndescription: How we do it.\n"
        f"extends: scd2\noptions:\n{options}prompt: Do it our way.\nexample: |\n{example}"
    )


FIXED = """  - name: valid_from
    default: gueltig_ab
    access: fixed
  - name: vanished
    default: close
    access: hidden
"""
OPEN = """  - name: valid_from
    default: gueltig_von
"""


def command(site: Site, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The command line on the data of the site."""
    return subprocess.run(
        [BUILD / "text2code", *arguments, "--data", site.data],
        capture_output=True,
        text=True,
        check=False,
        env={"T2C_SHARE": str(TOP)},
    )


def new_person(site: Site, name: str, role: str) -> Person:
    """Somebody with a password of their own."""
    added = command(site, "user", "add", name, "--role", role)
    assert added.returncode == 0, added.stderr
    person = site.visitor()
    page = person.sign_in(name, added.stdout.split()[-1])
    password = canary.secret()
    page = person.submit(page, current=added.stdout.split()[-1], password=password, repeat=password)
    assert page.status == 200, page.text
    return person


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with a pattern that its administrator has put beside the data."""
    site = Site(tmp_path_factory.mktemp("office"))
    try:
        folder = site.data / "patterns"
        folder.mkdir(parents=True)
        site.data.chmod(0o700)
        (folder / "house_rule.yaml").write_text(document("House rule", OPEN, "house_rule"))
        site.start()
        yield site
    finally:
        site.stop()


@pytest.fixture(scope="module")
def editor(office: Site) -> Person:
    return new_person(office, "edith", "editor")


@pytest.fixture(scope="module")
def clerk(office: Site) -> Person:
    return new_person(office, "carl", "user")


def text_of(page: Page) -> str:
    return page.get_by_label("Definition").input_value()


def new_sheet(clerk: Person) -> str:
    """The address of a sheet that has what a history needs."""
    fields = {"csrf": clerk.csrf(), "key": secrets.token_urlsafe(16), "text": SHEET}
    answer = clerk.post("/mappings", {**fields, "name": "customers.csv"})
    assert answer.status == 303, answer.text
    return answer.header("Location")


def test_an_editor_writes_and_somebody_compiles(
    chromium: Browser, office: Site, editor: Person, clerk: Person, tmp_path: Path
) -> None:
    with visit(chromium, office, editor) as page:
        write(page)
        change(page)
        exported = export(page)
    with visit(chromium, office, clerk) as page:
        notebook = compile_with_it(page, new_sheet(clerk), tmp_path)
    # What was exported makes the same on the command line, but for its version.
    (tmp_path / "own.yaml").write_bytes(exported)
    (tmp_path / "customers.csv").write_text(SHEET)
    made = subprocess.run(
        [BUILD / "text2code", "compile", tmp_path / "customers.csv"]
        + ["--pattern-file", tmp_path / "own.yaml", "--output", tmp_path / "out"],
        capture_output=True,
        text=True,
        check=False,
        env={"T2C_SHARE": str(TOP)},
    )
    assert made.returncode == 0, made.stderr + made.stdout
    here = (tmp_path / "out" / "customers.py").read_text()
    assert notebook.replace("`, version 2,", "`,") == here


def write(page: Page) -> None:
    """From the template of a base: checked, corrected, saved."""
    page.goto("/patterns")
    expect(page.get_by_role("row", name="House rule")).to_contain_text("administrator")
    follow(page, "New pattern")
    follow(page, "SCD type 2")
    assert "name: own_scd2" in text_of(page)
    photograph(page, "20-pattern-new")
    page.get_by_label("Definition").fill(document("Customer", FIXED.replace("vanished", "vanish")))
    page.get_by_label("What is changed").fill("our standard")
    assert press(page, "Save the pattern").status == 422
    problem = page.locator(".problem")
    expect(problem).to_contain_text("P145")
    expect(problem).to_contain_text("Did you mean vanished?")
    follow(page, "line 10")
    expect(page.locator("#L10")).to_contain_text("name: vanish")
    photograph(page, "21-pattern-problems")
    text = text_of(page)
    assert "title: Customer\n" in text
    assert page.get_by_label("What is changed").input_value() == "our standard"
    page.get_by_label("Definition").fill(text.replace("name: vanish\n", "name: vanished\n"))
    assert press(page, "Check").status == 200
    expect(page.get_by_role("status")).to_contain_text(f"Saving makes the new pattern {NAME}.")
    press(page, "Save the pattern")
    assert path(page) == f"/patterns/{NAME}"
    expect(page.get_by_role("status")).to_contain_text("Version 1")
    photograph(page, "22-pattern-own")


def change(page: Page) -> None:
    follow(page, "Edit")
    text = text_of(page).replace("title: Customer\n", "title: Customer dimension\n")
    page.get_by_label("Definition").fill(text)
    press(page, "Check")
    expect(page.get_by_role("region", name="Changes")).to_contain_text("Customer dimension")
    photograph(page, "23-pattern-change")
    page.get_by_label("What is changed").fill("its full name")
    press(page, "Save as version 2")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Customer dimension")
    history = page.get_by_role("region", name="History")
    expect(history).to_contain_text("its full name")
    expect(history).to_contain_text("our standard")
    follow(page, "Version 1")
    expect(page.get_by_text("This is version 1.")).to_be_visible()
    with page.expect_navigation():
        page.locator(".flash").get_by_role("link", name="Version 2").click()


def export(page: Page) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("link", name=f"Export {NAME}.yaml").click()
    assert download.value.suggested_filename == f"{NAME}.yaml"
    return Path(download.value.path()).read_bytes()


def compile_with_it(page: Page, sheet: str, folder: Path) -> str:
    """By somebody who may not write patterns."""
    page.goto("/patterns")
    expect(page.get_by_role("link", name="New pattern")).to_have_count(0)
    page.goto(f"{sheet}/pattern")
    page.get_by_role("radio", name="Customer dimension").check()
    options = page.get_by_role("group", name="Options of Customer dimension")
    expect(options).to_contain_text("fixed by the pattern")
    expect(options).to_contain_text("gueltig_ab")
    expect(options.get_by_text("Keys that the sources no longer have")).to_have_count(0)
    photograph(page, "24-pattern-chosen")
    press(page, "Generate code")
    expect(page.locator(".facts")).to_contain_text("Customer dimension, version 2")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download customers.py").click()
    notebook = Path(download.value.path()).read_text()
    assert 'valid_from="gueltig_ab"' in notebook
    return notebook


def test_two_editors_at_once(chromium: Browser, office: Site, editor: Person) -> None:
    office_admin = office.person()
    with visit(chromium, office, editor) as mine, visit(chromium, office, office_admin) as theirs:
        mine.goto("/patterns/new?base=merge")
        mine.get_by_label("Definition").fill(document("Shared", FIXED, "shared"))
        press(mine, "Save the pattern")
        for page in (mine, theirs):
            page.goto("/patterns/shared/edit")
        theirs.get_by_label("Definition").fill(document("Theirs", FIXED, "shared"))
        press(theirs, "Save as version 2")
        mine.get_by_label("Definition").fill(document("Mine", FIXED, "shared"))
        assert press(mine, "Save as version 2").status == 409
        expect(mine.get_by_role("alert")).to_contain_text("it is at version 2")
        expect(mine.get_by_role("heading", name="What would change")).to_be_visible()
        expect(mine.locator("main")).to_contain_text("Theirs")
        assert "title: Mine" in text_of(mine)
        photograph(mine, "25-pattern-conflict")
        press(mine, "Save as version 3")
        expect(mine.get_by_role("heading", level=1)).to_contain_text("Mine")


def test_import_in_the_browser_and_on_the_command_line(
    chromium: Browser, office: Site, editor: Person, tmp_path: Path
) -> None:
    file = tmp_path / "moved.yaml"
    file.write_text(document("Moved", FIXED, "moved"))
    with visit(chromium, office, editor) as page:
        page.goto("/patterns")
        follow(page, "Import")
        page.get_by_label("Pattern file").set_input_files(file)
        press(page, "Read the file")
        expect(page.get_by_role("status")).to_contain_text("Saving makes the new pattern moved.")
        assert "title: Moved" in text_of(page)
        assert editor.get("/patterns/moved").status == 404
        press(page, "Save the pattern")
        assert path(page) == "/patterns/moved"
    assert command(office, "pattern", "export", "moved").stdout == file.read_text()
    file.write_text(document("Moved on", OPEN, "moved"))
    said = command(office, "pattern", "import", file, "--check")
    assert said.stdout == "moved would become version 2\n"
    said = command(office, "pattern", "import", file, "--note", "by hand")
    assert (said.returncode, said.stdout) == (0, "moved is version 2\n")
    file.write_text(document("Broken", "  - name: nonsense\n", "moved"))
    said = command(office, "pattern", "import", file)
    assert said.returncode == 3
    assert said.stdout.startswith("P145\t7\t")
    listed = command(office, "pattern", "list").stdout
    assert "moved\t2\tscd2\tenabled\t" in listed
    assert editor.get("/patterns/moved").text.count("by hand") == 1


def test_a_file_of_the_installation(office: Site, editor: Person, clerk: Person) -> None:
    """It cannot be edited; when its file changes, the next start makes a version."""
    assert editor.get("/patterns/house_rule/edit").status == 409
    assert "House rule" in clerk.get(f"{new_sheet(clerk)}/pattern").text
    (office.data / "patterns" / "house_rule.yaml").write_text(
        document("House rules", OPEN, "house_rule")
    )
    office.stop()
    office.start()
    page = clerk.get("/patterns/house_rule")
    assert "House rules" in page.text and "2 of 2" in page.text
    assert "a file of the installation" in page.text


def test_disabled_and_enabled(chromium: Browser, office: Site, editor: Person) -> None:
    with visit(chromium, office, editor) as page:
        page.goto("/patterns/new?base=prompt")
        press(page, "Save the pattern")
        expect(page.locator("main")).to_contain_text("for a model of one of your connections")
        photograph(page, "26-pattern-prompt")
        press(page, "Disable")
        expect(page.get_by_role("status")).to_contain_text("Disabled")
        press(page, "Enable")
        expect(page.get_by_role("region", name="History")).to_contain_text("Enabled")
        page.goto("/patterns")
        photograph(page, "27-patterns")


def test_axe_finds_nothing(chromium: Browser, office: Site, editor: Person, clerk: Person) -> None:
    source = axe_source()
    options = {"java_script_enabled": True, "bypass_csp": True}
    pages = ("/patterns", "/patterns/merge", "/patterns/house_rule", "/patterns/new?import=yes")
    for size, scheme, rules in (
        ("desktop", "light", RULES),
        ("phone", "light", RULES),
        ("desktop", "dark", ["color-contrast"]),
    ):
        with visit(chromium, office, editor, size=size, scheme=scheme, **options) as page:
            for place in pages:
                page.goto(place)
                page.evaluate(
                    "document.querySelectorAll('details').forEach(d => { d.open = true; })"
                )
                assert axe_findings(page, source, rules) == [], f"{place}, {size}, {scheme}"
            page.goto("/patterns/new")
            page.get_by_label("Definition").fill("name: Bad\n")
            press(page, "Check")
            assert axe_findings(page, source, rules) == [], f"problems, {size}, {scheme}"
        with visit(chromium, office, clerk, size=size, scheme=scheme, **options) as page:
            page.goto(f"{new_sheet(clerk)}/pattern")
            page.get_by_role("radio", name="House rule").check()
            # The buttons stay in sight; at the end of the page they cover nothing.
            page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
            assert axe_findings(page, source, rules) == [], f"choice, {size}, {scheme}"
