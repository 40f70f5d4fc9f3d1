"""A browser walks the office in both languages; axe finds nothing serious, the console stays silent."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

pytestmark = [
    pytest.mark.browser,
    # Playwright's driver leaves its own event loop and pipes to be collected.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
SCREENS = {
    "en": "Today|Strategy|Customers & value|Reality check|Decisions|Money|Studio|Test & learn|"
    "Radar & channels|Team|Reports|All figures|Data & settings",
    "fr": "Aujourd’hui|Stratégie|Clients et valeur|Épreuve du réel|Décisions|Argent|Studio|"
    "Tester et apprendre|Radar et canaux|Équipe|Notes|Tous les chiffres|Données et réglages",
}
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]
Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as program:
        chromium = program.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Browser, office: Any) -> Iterator[Visit]:
    """Opens a page as somebody; what the console complained of fails the test."""
    complaints: list[str] = []
    contexts = []

    def open_as(role: str | None, path: str, *, width: int = 1440, **more: Any) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, reduced_motion="reduce", **more
        )
        contexts.append(context)
        if role is not None:
            session = office.made["sessions"][role]
            context.add_cookies([{"name": "cmo_session", "value": session, "url": office.url}])
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if broken(said) else None)
        page.goto(office.url + path)
        return page

    yield open_as
    for context in contexts:
        context.close()
    assert complaints == []


def broken(said: ConsoleMessage) -> bool:
    """Whether the console tells of a fault; that a page is forbidden or gone is an answer."""
    return said.type == "error" and "the server responded with a status of 4" not in said.text


def serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{page.url} {one['id']}: {one['nodes'][0]['html'][:200]}"
        for one in found
        if one["impact"] in {"serious", "critical"}
    ]


def home(page: Page) -> str:
    return "/".join(page.url.split("/", 3)[:3])


def speak(page: Page, language: str) -> None:
    page.goto(home(page) + "/data/me/")
    page.locator("#id_language").select_option(language)
    page.locator("main form button").first.click()
    expect(page.locator("html")).to_have_attribute("lang", language)


@pytest.mark.parametrize(("language", "role"), [("en", "cmo"), ("fr", "manager")])
def test_every_screen_is_reached_by_the_menu_and_accessible(visit: Visit, language: str, role: str) -> None:
    page = visit(role, "/")
    speak(page, language)
    wrong = []
    for name in SCREENS[language].split("|"):
        page.locator(".side nav").get_by_role("link", name=name, exact=True).click()
        expect(page.locator("h1")).to_be_visible()
        expect(page.locator(".side nav [aria-current=page]")).to_have_text(name)
        wrong += serious(page)
    speak(page, "en")
    assert wrong == []


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("viewer", "/api/v1/docs"),
        (None, "/account/login/"),
        (None, "/welcome/invited/"),
        (None, "/guest/guest/"),
        (None, "/guest/old/"),
        (None, "/open/join/"),
        (None, "/open/newsroom/"),
        (None, "/open/leave/nobody/"),
        ("owner", "/studio/calendar/"),
        ("owner", "/data/people/"),
        ("owner", "/data/audit/"),
        ("owner", "/data/webhooks/"),
        ("owner", "/data/upload/"),
        ("owner", "/data/me/"),
        ("viewer", "/data/keys/"),
        ("owner", "/account/two-factor/"),
        ("owner", "/account/password/change/"),
        ("viewer", "/data/people/"),
        ("viewer", "/measures/sales.revenue/"),
        ("viewer", "/data/table/orders/"),
        ("viewer", "/reports/board/"),
        ("approver", "/approvals/"),
    ],
)
def test_the_other_pages_are_accessible_too(visit: Visit, role: str | None, path: str) -> None:
    assert serious(visit(role, path)) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_a_telephone(visit: Visit, scheme: str) -> None:
    page = visit("viewer", "/", width=390, color_scheme=scheme)
    wide = []
    for path in (
        "/",
        "/strategy/",
        "/reality/",
        "/money/",
        "/reports/board/",
        "/measures/media.roi/",
        "/data/",
    ):
        page.goto(home(page) + path)
        if page.evaluate("document.documentElement.scrollWidth") > 390:
            wide.append(path)
    assert wide == []
    assert serious(page) == []


def test_the_menu_of_a_telephone_opens_and_closes_by_keyboard(visit: Visit) -> None:
    page = visit("viewer", "/", width=390)
    summary = page.locator("details.menu > summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Money", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Money", exact=True)).to_be_hidden()
    expect(summary).to_be_focused()


def test_the_first_key_leads_past_the_menu(visit: Visit) -> None:
    page = visit("viewer", "/today/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_plan_is_proposed_and_approved_with_and_without_scripts(
    visit: Visit,
    office: Any,
    scripts: bool,  # noqa: FBT001 - a case
) -> None:
    if scripts:
        page = visit("cmo", f"/money/scenario/{office.made['walked']}/")
        page.get_by_role("button", name="Propose this plan for approval").click()
        expect(page.get_by_role("status")).to_contain_text("Somebody else has to approve it")
        approver = visit("approver", "/approvals/")
        waiting = approver.locator("article").filter(
            has=approver.locator(f"a[href*='{office.made['walked']}']")
        )
        waiting.get_by_role("button", name="Approve").click()
        expect(approver.get_by_role("status")).to_contain_text("Approved")
    else:
        page = visit("analyst", "/data/jobs/", java_script_enabled=False)
        page.get_by_role("button", name="Check the data only").click()
        expect(page.locator("#job [role=status]")).to_contain_text("")
        page.get_by_role("link", name="Jobs").click()
        expect(page.locator("h1")).to_contain_text("What was done in the background")


def test_a_job_tells_how_far_it_is_until_it_is_done(visit: Visit) -> None:
    page = visit("owner", "/data/")
    page.get_by_role("button", name="Check the data only").click()
    expect(page.locator("#job [role=status]")).to_contain_text("done", timeout=120_000)
    expect(page.locator(".told")).to_contain_text("orders")


WIZARD = {
    "en": (
        "Bring data",
        "Look at them",
        "would be kept",
        "Take them, and review",
        "Taken as batch",
        "Make a key",
    ),
    "fr": (
        "Apporter des données",
        "Les examiner",
        "seraient retenues",
        "Les prendre, et revoir",
        "Pris comme lot",
        "Faire une clé",
    ),
}


@pytest.mark.parametrize(("language", "role"), [("en", "owner"), ("fr", "analyst")])
def test_data_is_brought_a_belief_is_judged_and_a_program_gets_its_key(
    visit: Visit, office: Any, language: str, role: str
) -> None:
    bring, look, kept, take, taken, make = WIZARD[language]
    config = office.folder / "cmo.yaml"
    before = config.read_text(encoding="utf-8")
    rows = "".join(f"{language}{i},c{i % 9},2026-03-{1 + i % 27:02d},{20 + i}.50\n" for i in range(40))
    page = visit(role, "/")
    speak(page, language)
    page.goto(home(page) + "/data/")
    page.get_by_role("link", name=bring, exact=True).click()
    text = f"order_id,customer_id,ordered_at,revenue\n{rows}"
    file = {"name": f"walk-{language}.csv", "mimeType": "text/csv", "buffer": text.encode()}
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name=look).click()
    expect(page.locator("#job [role=status], main h2").first).to_be_visible()
    page.wait_for_url("**/data/upload/*/")
    looked = page.url
    for _ in range(120):
        if page.locator("main h2").count():
            break
        page.wait_for_timeout(1000)
        page.goto(looked)
    expect(page.locator("main")).to_contain_text(kept)
    wrong = serious(page)
    page.get_by_role("button", name=take).click()
    expect(page.locator(".told")).to_contain_text(taken, timeout=180_000)
    page.goto(home(page) + "/reality/")
    expect(page.locator("h1")).to_be_visible()
    page.goto(home(page) + "/data/keys/")
    page.locator("#id_name").fill("walk")
    page.get_by_role("button", name=make).click()
    expect(page.locator(".fresh code")).to_contain_text("cmo_")
    wrong += serious(page)
    speak(page, "en")
    config.write_text(before, encoding="utf-8")
    assert wrong == []
