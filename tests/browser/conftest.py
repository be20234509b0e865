"""Chromium, driven from a thread of its own: Playwright's loop must not meet that of other tests."""

import contextlib
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Callable, Iterator, TypeVar

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from benchmarks.talk import ARGUMENTS, CHROMIUM
from benchmarks.zone import Site, running_zone
from tests.dashboard.conftest import Dashboard, dashboard, first_day, released

__all__ = ["dashboard", "first_day", "released"]  # fixtures

WATCH = """window.violations = [];
document.addEventListener('securitypolicyviolation',
    event => window.violations.push(event.violatedDirective + ' ' + event.blockedURI));"""
SECONDS = 120
DESKTOP, PHONE = {"width": 1200, "height": 900}, {"width": 320, "height": 640}

Result = TypeVar("Result")


@dataclass
class Visit:
    """A browser window on a dashboard; `requests` are the addresses that it asked for."""

    page: Page
    url: str
    requests: list[str] = field(default_factory=list)

    def open(self, path: str, status: int = 200) -> Page:
        """Go to a page and see that it answers."""
        answer = self.page.goto(self.url + path)
        assert answer.status == status, f"{path}: {answer.status}"
        return self.page


class Chromium:
    """One browser for all tests; each visit has a window, cookies and preferences of its own."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._cookies: dict[str, list[dict[str, str]]] = {}  # one login a dashboard: an account has few sessions at once
        self._playwright: Playwright = self._do(lambda: sync_playwright().start())
        self._browser: Browser = self._do(lambda: self._playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS))

    def visit(self, dashboard: Dashboard, look: Callable[[Visit], Result], login: bool = True, **preferences: Any) -> Result:
        """What `look` returns of a window on the dashboard; its assertions count."""
        cookies = self._login(dashboard) if login else []
        return self._do(lambda: self._visit(dashboard.url, look, cookies, {"viewport": DESKTOP, **preferences}))

    def look(self, url: str, look: Callable[[Visit], Result], **preferences: Any) -> Result:
        """What `look` returns of a window that may go anywhere; `url` is the site that it starts from."""
        return self._do(lambda: self._visit(url, look, [], {"viewport": DESKTOP, **preferences}))

    def close(self) -> None:
        """Stop the browser."""
        self._do(self._browser.close)
        self._do(self._playwright.stop)
        self._thread.shutdown()

    def _visit(self, url: str, look: Callable[[Visit], Result], cookies: list[Any], preferences: dict[str, Any]) -> Result:
        context = self._browser.new_context(**preferences)
        try:
            context.add_cookies(cookies)
            context.add_init_script(WATCH)
            visit = Visit(context.new_page(), url)
            visit.page.on("request", lambda request: visit.requests.append(request.url))
            return look(visit)
        finally:
            context.close()

    def _login(self, dashboard: Dashboard) -> list[dict[str, str]]:
        if dashboard.url not in self._cookies:
            with contextlib.closing(dashboard.login()) as client:
                self._cookies[dashboard.url] = [{"name": cookie.name, "value": cookie.value, "url": dashboard.url}
                                                for cookie in client.cookies.jar if cookie.value]
        return self._cookies[dashboard.url]

    def _do(self, what: Callable[[], Result]) -> Result:
        return self._thread.submit(what).result(SECONDS)


@pytest.fixture(scope="session")
def zone(model: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The example site and the assistant that it embeds."""
    with running_zone(tmp_path_factory.mktemp("zone")) as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """The browser; without Debian's Chromium these tests are skipped, but never where everything must be tested."""
    if not CHROMIUM.exists():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{CHROMIUM} is not there (apt-get install chromium)")
    browser = Chromium()
    yield browser
    browser.close()
