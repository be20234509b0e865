"""A resident in front of the widget: opens it, types, presses, reads."""

import re
from pathlib import Path
from typing import Any, Optional

from playwright.sync_api import Locator, Page

from benchmarks.zone import Site

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]
ROUTE = "mijn man heeft mij gisteren geslagen, ik ben nu veilig bij mijn zus"  # what shows a route at once
TIMEOUT = 20_000
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
IDLE = """() => { const root = document.querySelector("wijkwijzer-chat").shadowRoot;
    return root.querySelector(".writing").hidden && root.querySelectorAll(".message:not(.own)").length > 0 }"""
MORE = "n => document.querySelector('wijkwijzer-chat').shadowRoot.querySelectorAll('.message:not(.own)').length > n"
TOKEN = "sessionStorage.getItem('wijkwijzer')"


class Talk:
    """The widget on one page. `page` is Playwright's; selectors see into the shadow root."""

    def __init__(self, page: Page, zone: Site, path: str = "/", full: bool = False) -> None:
        self.page, self.full = page, full
        self.page.set_default_timeout(TIMEOUT)
        self.page.goto((zone.chat if full else zone.url) + ("/chat" if full else path))

    @property
    def widget(self) -> Locator:
        return self.page.locator("wijkwijzer-chat")

    def open(self) -> "Talk":
        """Press the button that opens the chat and wait for the first message."""
        self.widget.locator(".launch").click()
        return self.idle()

    def begin(self) -> "Talk":
        """The first message of the chat, wherever it stands: the full page opens by itself."""
        return self.idle() if self.full else self.open()

    def idle(self) -> "Talk":
        """Wait until the assistant is done."""
        self.page.wait_for_function(IDLE)
        return self

    def say(self, text: str) -> "Talk":
        """Type and send, and wait for what comes."""
        before = self.widget.locator(".message:not(.own)").count()
        self.field.fill(text)
        self.field.press("Enter")
        self.page.wait_for_function(MORE, arg=before)
        return self.idle()

    @property
    def field(self) -> Locator:
        return self.page.get_by_label("Je bericht")

    def button(self, name: str) -> Locator:
        return self.widget.get_by_role("button", name=name, exact=True).last

    def menu(self, name: str) -> None:
        """Something of the menu."""
        self.button("Meer").click()
        self.button(name).click()

    def text(self) -> str:
        """All that the transcript shows."""
        return self.widget.locator(".list").inner_text()

    def alert(self) -> str:
        """What an error says."""
        return self.widget.locator(".alert").inner_text()

    def token(self) -> Optional[str]:
        """What the tab remembers."""
        return self.page.evaluate(TOKEN)

    def focused(self) -> str:
        """Text or label of what has the focus, inside the widget."""
        return self.page.evaluate("""() => { const part = document.querySelector("wijkwijzer-chat").shadowRoot.activeElement;
            return part ? part.id || part.textContent : document.activeElement.tagName }""")


def alive(page: Page, zone: Site, token: str) -> bool:
    """True when the server still knows this conversation."""
    answer = page.request.post(f"{zone.chat}/chat/sessions/resume", headers={"Authorization": f"Bearer {token}"})
    assert answer.status in (200, 401), answer.status
    return answer.status == 200


def fake(page: Page, body: Any, status: int = 200, path: str = "messages") -> None:
    """Answer one call of the chat API in the server's place."""
    page.route(re.compile(rf"/chat/{path}$"), lambda route: route.fulfill(
        status=status, json=body, headers={"Access-Control-Allow-Origin": "*"})
        if route.request.method == "POST" else route.continue_())
