"""The site in Chromium with JavaScript off, from the first sign-in to the history."""

import gzip
import re
import secrets
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

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
    sign_in,
    visit,
    watch,
)
from harness import BUILD, SHEET, TOP, Person, Site
from playwright.sync_api import Browser, Locator, Page, expect

SAMPLES = TOP / "samples"
MESSY = SAMPLES / "messy_with_errors.csv"
LIGHT = 30_000  # bytes of a compressed page
FAULTY = SHEET + "erp.raw.orders,net,sales.silver.orders,,net * 2\n"
MERGE = """Source Table,Source Column,Target Table,Target Column,Transformation,Key
erp.raw.orders,order_id,sales.silver.orders,order_id,,Y
erp.raw.orders,amount,sales.silver.orders,amount,"coalesce(amount, 0)",
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site that fills with the sheets of these tests; each looks for its own."""
    site = Site(tmp_path_factory.mktemp("shop"))
    try:
        site.start()
        yield site
    finally:
        site.stop()


@pytest.fixture(scope="module")
def clerk(shop: Site) -> Person:
    return shop.person()


@pytest.fixture
def page(chromium: Browser, shop: Site, clerk: Person) -> Iterator[Page]:
    """A window of somebody who is signed in."""
    with visit(chromium, shop, clerk) as page:
        yield page


def new_sheet(clerk: Person, name: str, text: str) -> str:
    """The address of a new sheet."""
    fields = {"csrf": clerk.csrf(), "key": secrets.token_urlsafe(16), "name": name, "text": text}
    answer = clerk.post("/mappings", fields)
    assert answer.status == 303, answer.text
    return answer.header("Location")


def new_generation(clerk: Person, sheet: str, pattern: str = "merge") -> str:
    """The address of what the pattern makes of it, with the options of the sheet."""
    fields = {"csrf": clerk.csrf(), "key": secrets.token_urlsafe(16), "revision": "1"}
    answer = clerk.post(f"{sheet}/generations", {**fields, "pattern": pattern})
    assert answer.status == 303, answer.text
    return answer.header("Location")


def many_rows(count: int) -> str:
    """A sheet whose row 7 and every 50th after it have an error."""
    rows = ["source_table,source_column,target_table,target_column,transformation,key"]
    for row in range(2, count + 2):
        rule = "upper(" if row % 50 == 7 else ""
        key = "Y" if row % 1000 == 2 else ""
        rows.append(f"crm.raw.t{row // 1000},c{row},crm.gold.t{row // 1000},c{row},{rule},{key}")
    return "\n".join(rows) + "\n"


def many_targets(count: int) -> str:
    head, *rows = MERGE.splitlines()
    lines = [row.replace("orders", f"orders_{n:02}") for n in range(count) for row in rows]
    return "\n".join([head, *lines]) + "\n"


def problems(page: Page) -> list[str]:
    """The codes that the check page lists."""
    return page.locator(".problem .code-link").all_inner_texts()


def flash(page: Page):
    return page.get_by_role("status")


def compiled(sheet: bytes, name: str, folder: Path, *options: str) -> tuple[bytes, bytes]:
    """Notebook and plan as the command line makes them."""
    (folder / name).write_bytes(sheet)
    command = [BUILD / "text2code", "compile", folder / name, *options, "--output", folder]
    subprocess.run(command, check=True, capture_output=True)
    return (folder / name).with_suffix(".py").read_bytes(), (folder / "plan.json").read_bytes()


def download(page: Page, name: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("link", name=name, exact=True).click()
    return Path(download.value.path()).read_bytes()


def test_the_main_job(chromium: Browser, own_site: Site, tmp_path: Path) -> None:
    with visit(chromium, own_site) as page:
        enter(page, own_site)
        upload_and_correct(page)
        generate(page, tmp_path)
        look_it_up(page)
        leave(page, own_site)


def enter(page: Page, site: Site) -> None:
    """The one-time password opens nothing but the page for a better one."""
    page.goto("/")
    assert path(page) == "/login"
    photograph(page, "01-sign-in")
    sign_in(page, "admin", site.password)
    assert path(page) == "/account"
    page.goto("/generations")
    assert path(page) == "/account"
    photograph(page, "02-new-password")
    page.get_by_label("Current password").fill(site.password)
    site.password = canary.secret()
    page.get_by_label("New password", exact=True).fill(site.password)
    page.get_by_label("New password again").fill(site.password)
    press(page, "Set the new password")
    assert path(page) == "/mappings/new"
    expect(flash(page)).to_contain_text("Your password is changed")
    follow(page, "History")
    expect(page.get_by_role("heading", name="No generations yet")).to_be_visible()
    photograph(page, "03-history-empty")


def upload_and_correct(page: Page) -> None:
    """From a file full of faults to a clean sheet, cell by cell."""
    follow(page, "Generate")
    photograph(page, "04-upload")
    page.get_by_label("CSV file").set_input_files(MESSY)
    press(page, "Upload and check")
    assert problems(page) == ["M201", "M303", "M305", "E101"]
    expect(page.get_by_role("button", name="Choose a pattern")).to_be_disabled()
    photograph(page, "05-check-problems")

    # The link of a problem leads into the cell, the button on to the next one.
    follow(page, "row 1, Quelle")
    cell = page.get_by_label("Column 1 not recognised")
    expect(cell).to_be_focused()
    expect(cell).to_have_accessible_description(re.compile("M201.*did you mean it here"))
    photograph(page, "06-edit-headers")
    cell.fill("source_table")
    press(page, "Save, then the next problem")
    expect(flash(page)).to_contain_text("Saved. 3 errors are left.")
    assert problems(page) == ["M303", "M305", "E101"]

    cell = page.get_by_label("tgt_col target_column")
    expect(cell).to_be_focused()
    expect(cell).to_have_attribute("aria-invalid", "true")
    photograph(page, "07-edit-row")
    cell.fill("booked_on")
    press(page, "Save, then the next problem")
    assert problems(page) == ["M305", "E101"]

    cell = page.get_by_label("tgt_col target_column")
    expect(cell).to_be_focused()
    cell.fill("vat_amount")
    press(page, "Save row 5")
    expect(flash(page)).to_contain_text("Saved. 1 error is left.")
    assert problems(page) == ["E101"]
    expect(page.locator("#R5 .mark-error")).to_have_text("*")

    page.get_by_role("link", name="Edit row 5").click()
    cell = page.get_by_label("Transformation")
    expect(cell).to_have_value("vat *")
    cell.fill("vat * 1.19")
    press(page, "Save row 5")
    expect(flash(page)).to_contain_text("Saved. No errors are left.")
    expect(flash(page)).to_be_in_viewport()
    expect(page.locator("#R5")).to_be_in_viewport()
    expect(page.get_by_text("No problems found.")).to_be_visible()
    expect(page.get_by_role("img", name="Sources and target of erp.clean.invoices")).to_be_visible()
    photograph(page, "08-check-clean")


def generate(page: Page, folder: Path) -> None:
    """What is downloaded is what the command line makes of the same."""
    follow(page, "Choose a pattern")
    page.get_by_role("radio", name="MERGE upsert").check()
    page.get_by_role("group", name="Key columns").get_by_label("invoice_no").and_(
        page.locator("[name*='.merge.']")
    ).check()
    photograph(page, "09-pattern")
    press(page, "Generate code")
    expect(page.get_by_role("heading", level=1)).to_contain_text("messy_with_errors succeeded")
    photograph(page, "10-code")

    sheet = download(page, "Download mapping")
    assert b"vat * 1.19" in sheet
    notebook, plan = compiled(
        sheet, MESSY.name, folder, "--pattern", "merge", "--option", "keys=invoice_no"
    )
    assert download(page, "Download messy_with_errors.py") == notebook
    assert download(page, "Download plan.json") == plan
    raw = follow(page, "Raw")
    assert raw.body() == notebook
    assert raw.headers["content-type"] == "text/plain; charset=utf-8"
    page.go_back()


def look_it_up(page: Page) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name="History").click()
    row = page.get_by_role("row").filter(has_text="erp.clean.invoices")
    expect(row).to_contain_text("MERGE upsert")
    photograph(page, "11-history")
    page.get_by_label("Name or target").fill("no such thing")
    press(page, "Filter")
    expect(page.get_by_role("heading", name="Nothing matches")).to_be_visible()
    photograph(page, "12-history-nothing")
    follow(page, "Show all")
    page.get_by_label("Name or target").fill("INVOICES")
    page.get_by_label("Pattern").select_option("MERGE upsert")
    press(page, "Filter")
    expect(row).to_be_visible()
    follow(page, "messy_with_errors.csv")
    expect(page.get_by_role("heading", level=1)).to_contain_text("messy_with_errors")


def leave(page: Page, site: Site) -> None:
    page.get_by_role("button", name="Sign out").click()
    assert path(page) == "/login"
    expect(flash(page)).to_contain_text("You are signed out.")
    page.goto("/generations?pattern=merge")
    assert path(page) == "/login"
    page.get_by_label("Password").fill(canary.secret())
    page.get_by_label("Name").fill("admin")
    press(page, "Sign in")
    expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    expect(page.get_by_label("Name")).to_have_value("admin")
    photograph(page, "13-sign-in-refused")
    page.get_by_label("Password").fill(site.password)
    press(page, "Sign in")
    assert page.url.endswith("/generations?pattern=merge")


def test_a_pasted_sheet(page: Page) -> None:
    page.goto("/mappings/new")
    page.get_by_label("Sheet as text").fill(SHEET)
    page.get_by_label("Name", exact=True).fill("pasted orders.csv")
    press(page, "Check the text")
    expect(page.get_by_role("heading", level=1)).to_have_text("pasted orders.csv")
    assert problems(page) == []
    assert download(page, "Download CSV").decode() == SHEET


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("sales_full_load.csv", "Full load"),
        ("orders_incremental.csv", "Incremental append"),
        ("order_lines_merge.csv", "MERGE upsert"),
    ],
)
def test_a_sample_needs_three_presses(page: Page, name: str, pattern: str) -> None:
    page.goto("/mappings/new")
    assert download(page, f"CSV of {name}") == (SAMPLES / name).read_bytes()
    press(page, f"Use this sample: {name}")
    assert problems(page) == []
    follow(page, "Choose a pattern")
    expect(page.get_by_role("radio", name=pattern)).to_be_checked()
    photograph(page, f"20-pattern-of-{name.removesuffix('.csv')}")
    press(page, "Generate code")
    expect(page.get_by_role("heading", level=1)).to_contain_text("succeeded")


def test_a_rejected_upload_keeps_what_was_typed(page: Page) -> None:
    page.goto("/mappings/new")
    press(page, "Upload and check")
    field = page.get_by_label("CSV file")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("Choose a file, or paste the sheet"))
    page.get_by_label("Sheet as text").fill("\n \n")
    page.get_by_label("Name", exact=True).fill("forgotten.csv")
    press(page, "Check the text")
    expect(page.get_by_label("Name", exact=True)).to_have_value("forgotten.csv")
    text = page.get_by_label("Sheet as text")
    expect(text).to_have_accessible_description(re.compile("Paste the sheet with its header row"))
    expect(text).to_have_value("\n \n")
    photograph(page, "21-upload-rejected")


def test_a_rejected_password_tells_why(page: Page) -> None:
    page.goto("/account")
    page.get_by_label("Current password").fill(canary.secret())
    page.get_by_label("New password", exact=True).fill(canary.secret())
    page.get_by_label("New password again").fill(canary.secret())
    press(page, "Set the new password")
    expect(page.get_by_label("New password again")).to_have_accessible_description(
        re.compile("repetition differ")
    )
    photograph(page, "22-password-rejected")


def test_rejected_options_keep_what_was_chosen(page: Page, clerk: Person) -> None:
    page.goto(new_sheet(clerk, "two_targets.csv", many_targets(2)) + "/pattern")
    first, second = (page.get_by_role("group", name=f"sales.silver.orders_0{n}") for n in (0, 1))

    def key(target: Locator, name: str) -> Locator:
        keys = target.get_by_role("group", name="Key columns")
        return keys.get_by_role("checkbox", name=name)

    page.get_by_role("radio", name="MERGE upsert").check()
    key(first, "order_id").uncheck()
    key(second, "amount").check()
    second.get_by_label("Order column").select_option("amount")
    assert press(page, "Generate code").status == 422
    expect(page.get_by_text("sales.silver.orders_00 has no key column.")).to_be_visible()
    expect(page.get_by_role("radio", name="MERGE upsert")).to_be_checked()
    expect(key(first, "order_id")).not_to_be_checked()
    expect(key(second, "order_id")).to_be_checked()
    expect(key(second, "amount")).to_be_checked()
    expect(second.get_by_label("Order column")).to_have_value("amount")
    photograph(page, "23-options-rejected")

    # The options of a generation are where the next one starts.
    key(first, "amount").check()
    press(page, "Generate code")
    follow(page, "Generate again")
    expect(page.get_by_text("The options are those of generation")).to_be_visible()
    expect(key(first, "order_id")).not_to_be_checked()
    expect(key(first, "amount")).to_be_checked()
    expect(second.get_by_label("Order column")).to_have_value("amount")


def test_two_people_edit_one_row(page: Page, clerk: Person) -> None:
    sheet = new_sheet(clerk, "contested.csv", FAULTY)
    page.goto(f"{sheet}?edit=4")
    other = page.context.new_page()
    other.goto(f"{sheet}?edit=4")
    other.get_by_label("Source Column").fill("net_value")
    press(other, "Save row 4")

    page.get_by_label("Target Column").fill("doubled")
    page.get_by_label("Transformation").fill("net * 2 + 1")
    assert press(page, "Save row 4").status == 409
    expect(page.get_by_role("alert")).to_contain_text("The sheet has been changed")
    expect(page.get_by_role("alert")).to_be_in_viewport()
    expect(page.get_by_label("Target Column")).to_have_value("doubled")
    expect(page.get_by_label("Transformation")).to_have_value("net * 2 + 1")
    field = page.get_by_label("Source Column")
    expect(field).to_have_value("net")
    expect(field).to_have_accessible_description("In the sheet now: net_value")
    photograph(page, "24-conflict")
    field.fill("net_value")
    press(page, "Save row 4")
    assert problems(page) == []
    expect(page.locator("#R4")).to_contain_text("net_value")
    expect(page.locator("#R4")).to_contain_text("doubled")


def test_a_conflict_in_a_row_that_is_not_shown_or_gone(page: Page, clerk: Person) -> None:
    sheet = new_sheet(clerk, "moving.csv", many_rows(250))
    page.goto(f"{sheet}?rows=problems")
    page.get_by_role("link", name="Edit row 157", exact=True).click()
    fields = page.get_by_role("form", name="Edit row 157")
    fields.get_by_label("transformation").fill("lower(c157)")
    other = page.context.new_page()
    other.goto(f"{sheet}?edit=157&page=2")
    other.get_by_label("transformation").fill("upper(c157)")
    press(other, "Save row 157")
    expect(other.locator("#R157")).to_be_in_viewport()

    # Row 157 has no problem any more, but what was typed belongs there.
    assert press(page, "Save row 157").status == 409
    expect(fields.get_by_label("transformation")).to_have_value("lower(c157)")
    other.get_by_text("Upload a corrected sheet").click()
    other.get_by_label("CSV file").set_input_files(
        files=[{"name": "short.csv", "mimeType": "text/csv", "buffer": MERGE.encode()}]
    )
    press(other, "Replace and check")
    expect(flash(other)).to_contain_text("No errors are left.")
    assert press(page, "Save row 157").status == 409
    expect(fields.get_by_label("Transformation")).to_have_value("lower(c157)")


def test_a_large_sheet_is_corrected_where_one_is(page: Page, clerk: Person) -> None:
    sheet = new_sheet(clerk, "five_thousand.csv", many_rows(5000))
    page.goto(sheet)
    expect(page.get_by_text("1–100 of 5,000")).to_be_visible()
    expect(page.get_by_text("And 50 more: they are marked in the sheet.")).to_be_visible()
    photograph(page, "25-check-large")
    follow(page, "Next")
    expect(page.get_by_role("rowheader", name="102", exact=True)).to_be_visible()
    page.goto(f"{sheet}?page=37")
    page.get_by_role("link", name="Edit row 3657").click()
    page.get_by_label("transformation").fill("upper(c3657)")
    press(page, "Save row 3657")
    expect(page.get_by_text("3,601–3,700 of 5,000")).to_be_visible()
    expect(page.locator("#R3657")).to_be_in_viewport()
    expect(flash(page)).to_be_in_viewport()

    follow(page, "Only the 99 with problems")
    photograph(page, "26-check-only-problems")
    page.get_by_role("link", name="Edit row 107", exact=True).click()
    page.get_by_label("transformation").fill("upper(c107)")
    press(page, "Save, then the next problem")
    assert "rows=problems" in page.url
    expect(page.get_by_role("button", name="Save row 157")).to_be_visible()
    expect(page.get_by_label("transformation")).to_be_focused()


def test_files_that_are_no_sheets(page: Page, clerk: Person) -> None:
    for name, text in (
        ("unclosed.csv", SHEET + 'a.b,"c,d.e,f\n'),
        ("prose.csv", "Hello,world\nthis is,no mapping\n"),
        ("headers_only.csv", SHEET.splitlines()[0] + "\n"),
    ):
        page.goto(new_sheet(clerk, name, text))
        assert len(problems(page)) > 0
        expect(page.get_by_role("button", name="Choose a pattern")).to_be_disabled()
        photograph(page, f"27-{name.removesuffix('.csv')}")
        # Somebody who knows the address gets no further.
        page.goto(f"{page.url}/pattern")
        expect(page.get_by_role("alert")).to_contain_text("Correct the errors")
    page.goto("/mappings/new")
    page.get_by_label("CSV file").set_input_files(
        files=[{"name": "book.xlsx", "mimeType": "", "buffer": b"PK\x03\x04" + bytes(200)}]
    )
    press(page, "Upload and check")
    assert problems(page) == ["M109"]
    expect(page.get_by_label("CSV file")).to_be_visible()
    photograph(page, "27-workbook")
    page.get_by_label("CSV file").set_input_files(SAMPLES / "order_lines_merge.csv")
    press(page, "Replace and check")
    expect(flash(page)).to_contain_text("No errors are left.")


def test_a_form_sent_again_leads_to_the_same(clerk: Person) -> None:
    """Reloading what a POST answered, or an answer that was lost on its way."""
    fields = {"csrf": clerk.csrf(), "key": secrets.token_urlsafe(16)}
    sheet = {**fields, "name": "again.csv", "text": MERGE}
    first, second = (clerk.post("/mappings", sheet) for _ in range(2))
    where = first.header("Location")
    assert second.header("Location") == where
    wish = {**fields, "revision": "1", "pattern": "merge"}
    first, second = (clerk.post(f"{where}/generations", wish) for _ in range(2))
    assert first.status == second.status == 303
    assert first.header("Location") == second.header("Location")
    other = clerk.post(f"{where}/generations", {**wish, "pattern": "full_load"})
    assert other.header("Location") != first.header("Location")


@pytest.mark.parametrize("size", [10 * 1024 * 1024 + 1, 30 * 1024 * 1024])
def test_an_upload_above_the_limit(page: Page, tmp_path: Path, size: int) -> None:
    large = tmp_path / "large.csv"
    with large.open("wb") as stream:
        stream.truncate(size)
    page.goto("/mappings/new")
    page.get_by_label("CSV file").set_input_files(large)
    assert press(page, "Upload and check").status == 413
    expect(page.get_by_text(re.compile("10 MB"))).not_to_have_count(0)
    assert page.title().endswith("text2code")
    photograph(page, f"28-too-large-{size // 1024 // 1024}")


def focused(page: Page) -> str:
    """What has the focus, in words."""
    return page.evaluate(
        "(e => e.id || e.name || e.getAttribute('aria-label') || e.innerText.trim())"
        "(document.activeElement)"
    )


def tab_to(page: Page, what: str, limit: int = 60) -> list[str]:
    """Tabs until that has the focus, which is always to be seen; all that had it before."""
    passed: list[str] = []
    for _ in range(limit):
        page.keyboard.press("Tab")
        now = focused(page)
        if now == what:
            return passed
        passed.append(now)
    raise AssertionError(f"{what} is not among {passed}")


def test_the_keyboard_is_enough(page: Page, clerk: Person) -> None:
    page.goto("/mappings/new")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    photograph(page, "29-skip-link", full=False)
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    # The first thing to do is the first thing there.
    assert tab_to(page, "Upload and check") == ["file"]
    assert tab_to(page, "Check the text") == ["text", "name"]
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("keyboard.csv")
    page.keyboard.press("Shift+Tab")
    page.keyboard.insert_text(FAULTY)
    tab_to(page, "Check the text")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    tab_to(page, "row 4, Target Column")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert focused(page) == "cell-3"
    page.keyboard.type("doubled")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_text("No problems found.")).to_be_visible()

    page.goto(page.url.partition("#")[0])
    tab_to(page, "Choose a pattern")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    tab_to(page, "pattern-full_load")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="Incremental append")).to_be_checked()
    page.keyboard.press("ArrowUp")
    tab_to(page, "Generate code")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    passed = tab_to(page, "Download keyboard.py")
    # Steps, crumbs, then the main thing.
    assert passed[-1] == "History"


def test_the_focus_is_seen(page: Page, clerk: Person) -> None:
    page.goto(new_sheet(clerk, "focus.csv", FAULTY) + "?edit=4")
    page.keyboard.press("Tab")
    places = 0
    while not page.evaluate("document.activeElement === document.body"):
        style, width = page.evaluate(
            "(s => [s.outlineStyle, parseFloat(s.outlineWidth)])"
            "(getComputedStyle(document.activeElement))"
        )
        assert style != "none" and width >= 2, focused(page)
        places += 1
        page.keyboard.press("Tab")
    assert places > 20


def test_what_is_copied_is_the_code(page: Page, clerk: Person) -> None:
    sheet = new_sheet(clerk, "copied.csv", MERGE)
    where = new_generation(clerk, sheet)
    notebook = clerk.get(f"{where}/raw").text
    page.goto(where)
    page.evaluate("() => getSelection().selectAllChildren(document.querySelector('.code'))")
    page.keyboard.press("Control+C")
    page.goto("/mappings/new")
    page.get_by_label("Sheet as text").focus()
    page.keyboard.press("Control+V")
    copied = page.get_by_label("Sheet as text").input_value()
    assert copied.rstrip("\n") == notebook.rstrip("\n")


def test_the_code_folds_and_its_lines_are_addresses(page: Page, clerk: Person) -> None:
    where = new_generation(clerk, new_sheet(clerk, "folds.csv", MERGE))
    page.goto(where)
    helpers = page.locator("details.fold").filter(has_text="Helpers")
    line = helpers.locator(".line").nth(3)
    number = line.locator(".line-number").inner_text().strip()
    expect(line).to_be_visible()
    helpers.locator("summary").click()
    expect(line).not_to_be_visible()
    page.goto(f"{where}#L{number}")
    expect(line).to_be_in_viewport()
    outline = page.get_by_role("navigation", name="Sections of the code")
    outline.get_by_role("link", name="Run").click()
    expect(page.get_by_text("load_orders()").last).to_be_in_viewport()
    numbers = page.locator(".line-number").all_inner_texts()
    lines = clerk.get(f"{where}/raw").text.count("\n")
    assert [int(n) for n in numbers] == list(range(1, lines + 1))


def test_a_line_leads_to_its_row_of_the_sheet(page: Page, clerk: Person) -> None:
    page.goto(new_generation(clerk, new_sheet(clerk, "rows.csv", MERGE)))
    number = page.get_by_title("Row 2 of the sheet").first
    expect(number.locator("..")).to_contain_text(".alias(")
    number.click()
    expect(page.locator("#R2")).to_be_in_viewport()
    assert "row=2" in page.url


def test_history_pages_filters_and_sorts(page: Page, clerk: Person) -> None:
    for n in range(30):
        pattern = "full_load" if n % 3 else "merge"
        sheet = new_sheet(clerk, f"ledger_{n:02}.csv", MERGE.replace("orders", f"ledger_{n:02}"))
        new_generation(clerk, sheet, pattern)
    page.goto("/generations?q=ledger_")
    names = page.locator("tbody th")
    expect(page.get_by_text("1–25 of 30")).to_be_visible()
    assert names.all_inner_texts()[:2] == ["ledger_29.csv", "ledger_28.csv"]
    follow(page, "Name")
    assert names.first.inner_text() == "ledger_00.csv"
    expect(page.get_by_role("columnheader", name="Name")).to_have_attribute(
        "aria-sort", "ascending"
    )
    follow(page, "Next")
    assert names.all_inner_texts() == [f"ledger_{n}.csv" for n in range(25, 30)]
    expect(page.get_by_text("26–30 of 30")).to_be_visible()
    page.get_by_label("Pattern").select_option("MERGE upsert")
    press(page, "Filter")
    # The order is kept, the page starts anew.
    assert names.all_inner_texts() == [f"ledger_{n:02}.csv" for n in range(0, 30, 3)]
    photograph(page, "30-history-filtered")
    listed = download(page, "Download CSV").decode().splitlines()
    assert len(listed) == 11
    follow(page, "Reset")
    expect(page.get_by_label("Name or target")).to_have_value("")
    photograph(page, "31-history-long")


def test_the_watch_sees_what_it_is_for(chromium: Browser, shop: Site) -> None:
    """A page with an inline style, a script, and a picture from elsewhere is found out."""
    base = f"http://127.0.0.1:{shop.port}"
    context = chromium.new_context(base_url=base)
    findings = watch(context, base)

    def spoil(route) -> None:
        answer = route.fetch()
        body = answer.text().replace(
            "</main>",
            '<p style="color: red">x</p><script>1</script>'
            '<img src="http://127.0.0.1:9/x.png" alt=""><img src="/static/none.png" alt=""></main>',
        )
        route.fulfill(response=answer, body=body)

    context.route("**/login", spoil)
    context.new_page().goto("/login")
    context.close()
    text = "\n".join(findings)
    assert "style" in text and "script" in text and "img-src" in text, text
    assert "/static/none.png: 404" in text, text


def test_axe_sees_what_it_is_for(chromium: Browser) -> None:
    page = chromium.new_page()
    page.set_content("<img src=x><p style='color: #999; background: #aaa'>pale</p>")
    found = "\n".join(axe_findings(page, axe_source()))
    page.close()
    assert "image-alt: " in found and "color-contrast: " in found


@pytest.fixture(scope="module")
def places(clerk: Person) -> dict[str, str]:
    """The address of a page of each kind."""
    faulty = new_sheet(clerk, "faulty.csv", FAULTY)
    clean = new_sheet(clerk, "order_lines.csv", MERGE)
    several = new_sheet(clerk, "several.csv", many_targets(12))
    some = new_sheet(clerk, "some.csv", many_targets(4))
    large = new_sheet(clerk, "large.csv", many_rows(300))
    wide = new_sheet(clerk, "wide.csv", many_rows(300).replace("upper(", ""))
    joins = new_sheet(
        clerk, "order_lines_merge.csv", (SAMPLES / "order_lines_merge.csv").read_text()
    )
    made = new_generation(clerk, clean)
    return {
        "upload": "/mappings/new",
        "check": faulty,
        "check-edit": f"{faulty}?edit=4",
        "check-headers": f"{faulty}?edit=1",
        "check-clean": clean,
        "check-joins": joins,
        "check-several": several,
        "check-large": f"{large}?page=2",
        "check-only-problems": f"{large}?rows=problems",
        "check-unreadable": new_sheet(clerk, "unclosed.csv", SHEET + 'a,"b'),
        "pattern": f"{clean}/pattern",
        "pattern-several": f"{several}/pattern",
        "code": made,
        "code-several": new_generation(clerk, some),
        "lineage": f"{new_generation(clerk, joins)}/lineage",
        "lineage-several": f"{new_generation(clerk, some)}/lineage?target=2&source=1",
        "lineage-wide": f"{new_generation(clerk, wide)}/lineage",
        "lineage-nothing": f"{made}/lineage?column=no+such+thing",
        "history": "/generations",
        "history-nothing": "/generations?q=no+such+thing",
        "account": "/account",
        "errors": "/errors",
        "not-found": "/no/such/page",
    }


PLACES = (
    "upload check check-edit check-headers check-clean check-joins check-several check-large "
    "check-only-problems check-unreadable pattern pattern-several code code-several lineage "
    "lineage-several lineage-wide lineage-nothing history history-nothing account errors not-found"
).split()


@pytest.mark.parametrize("name", PLACES)
def test_axe_finds_nothing(
    chromium: Browser, shop: Site, clerk: Person, places: dict[str, str], name: str
) -> None:
    source = axe_source()
    for size, scheme, rules in (
        ("desktop", "light", RULES),
        ("phone", "light", RULES),
        ("desktop", "dark", ["color-contrast"]),
    ):
        options = {"java_script_enabled": True, "bypass_csp": True}
        with visit(chromium, shop, clerk, size=size, scheme=scheme, **options) as page:
            page.goto(places[name])
            # What is folded is looked at too.
            page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
            assert axe_findings(page, source, rules) == [], f"{size}, {scheme}"


def test_axe_finds_nothing_in_what_follows_a_form(
    chromium: Browser, shop: Site, clerk: Person, places: dict[str, str]
) -> None:
    source = axe_source()
    options = {"java_script_enabled": True, "bypass_csp": True}
    with visit(chromium, shop, **options) as page:
        page.goto("/login")
        assert axe_findings(page, source) == []
        sign_in(page, "admin", "not it")
        expect(page.get_by_role("alert")).to_be_visible()
        assert axe_findings(page, source) == []
        page.goto("/no/such/page")
        assert axe_findings(page, source) == []
        page.goto("/errors")
        assert axe_findings(page, source) == []
        page.goto("/static/no-such-file.css")
        assert axe_findings(page, source) == []
    with visit(chromium, shop, clerk, **options) as page:
        page.goto("/mappings/new")
        press(page, "Upload and check")
        assert axe_findings(page, source) == []
        page.goto(places["check-edit"])
        press(page, "Save row 4")
        expect(flash(page)).to_be_visible()
        assert axe_findings(page, source) == []
        page.goto(places["pattern"])
        page.get_by_role("radio", name="MERGE upsert").check()
        page.locator("[name='option.merge.orders.keys'][value='order_id']").uncheck()
        assert press(page, "Generate code").status == 422
        assert axe_findings(page, source) == []


@pytest.mark.parametrize("name", PLACES)
def test_pages_are_light(clerk: Person, places: dict[str, str], name: str) -> None:
    answer = clerk.get(places[name], headers={"Accept-Encoding": "gzip"})
    assert answer.header("Content-Encoding") == "gzip"
    assert len(answer.body) < LIGHT
    assert gzip.decompress(answer.body).rstrip().endswith(b"</html>")


# Links of a picture have an address, too, but another kind of href.
ADDRESSES = "links => links.map(a => new URL(a.getAttribute('href'), document.baseURI).href)"


def test_links_lead_somewhere(page: Page, clerk: Person, places: dict[str, str]) -> None:
    """All links of all kinds of pages, as a browser resolves them."""
    asked: dict[str, int] = {}
    for place in places.values():
        page.goto(place)
        for link in page.locator("a[href]").evaluate_all(ADDRESSES):
            address = urlsplit(link)
            assert address.port == clerk.port, link
            target = address.path + (f"?{address.query}" if address.query else "")
            if target not in asked:
                asked[target] = clerk.get(target).status
    assert asked.pop(places["not-found"]) == 404  # its own skip link
    assert {target for target, status in asked.items() if status not in (200, 303)} == set()
