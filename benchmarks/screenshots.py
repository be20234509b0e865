"""`make screenshots`: the pictures of README, taken of the running assistant in Debian's Chromium."""

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.zone import Site, running_zone
from bot.settings import ROOT
from bot.train import train

FOLDER = ROOT / "docs" / "images"
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
COLOURS = 96
SIZES = {"desktop": {"width": 1200, "height": 800}, "phone": {"width": 390, "height": 844}}
IDLE = """n => { const root = document.querySelector("wijkwijzer-chat").shadowRoot;
    return root.querySelector(".writing").hidden && root.querySelectorAll(".message:not(.own)").length > n }"""
SCENES = {
    "answer": ["hoe beveilig ik mijn voordeur tegen inbrekers?"],
    "emergency": ["help hij slaat mij nu"],
    "route": ["mijn vriend heeft mij gisteren geslagen, ik ben nu veilig bij mijn zus"],
}


def shoot(browser: Browser, zone: Site, size: str, scheme: str, scene: str) -> None:
    """One picture: size-scheme-scene.png."""
    page = browser.new_page(viewport=SIZES[size], color_scheme=scheme, reduced_motion="reduce")
    page.goto(zone.url)
    page.locator("wijkwijzer-chat .launch").click()
    page.wait_for_function(IDLE, arg=0)
    for text in SCENES[scene]:
        _say(page, text)
    if scene == "route":
        page.locator("wijkwijzer-chat .route").first.evaluate(
            "part => { const box = part.closest('.scroll'); box.scrollTop = part.offsetTop - box.offsetTop - 8 }")
    picture = Image.open(io.BytesIO(page.screenshot()))
    picture.convert("RGB").quantize(COLOURS).save(FOLDER / f"{size}-{scheme}-{scene}.png", optimize=True)
    page.close()


def _say(page: Page, text: str) -> None:
    before = page.locator("wijkwijzer-chat .message:not(.own)").count()
    page.get_by_label("Je bericht").fill(text)
    page.keyboard.press("Enter")
    page.wait_for_function(IDLE, arg=before)
    page.wait_for_timeout(300)


def main() -> int:
    """Take all pictures; they replace the old ones."""
    train()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, running_zone(Path(folder)) as zone, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for size in SIZES:
            for scheme in ("light", "dark"):
                for scene in SCENES:
                    shoot(browser, zone, size, scheme, scene)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
