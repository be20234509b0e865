"""`make screenshots`: the pictures of README, taken of the running assistant in Debian's Chromium."""

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from benchmarks.talk import ARGUMENTS, CHROMIUM, ROUTE, Talk
from benchmarks.zone import Site, running_zone
from bot.settings import ROOT
from bot.train import train

FOLDER = ROOT / "docs" / "images"
COLOURS = 96
SIZES = {"desktop": {"width": 1200, "height": 800}, "phone": {"width": 390, "height": 844}}
SCENES = {
    "answer": "hoe beveilig ik mijn voordeur tegen inbrekers?",
    "emergency": "help hij slaat mij nu",
    "route": ROUTE,
}


def shoot(browser: Browser, zone: Site, size: str, scheme: str, scene: str) -> None:
    """One picture: size-scheme-scene.png."""
    page = browser.new_page(viewport=SIZES[size], color_scheme=scheme, reduced_motion="reduce")
    Talk(page, zone).open().say(SCENES[scene])
    if scene == "route":
        page.locator("wijkwijzer-chat .route").first.evaluate(
            "part => { const box = part.closest('.scroll'); box.scrollTop = part.offsetTop - box.offsetTop - 8 }")
    picture = Image.open(io.BytesIO(page.screenshot()))
    picture.convert("RGB").quantize(COLOURS).save(FOLDER / f"{size}-{scheme}-{scene}.png", optimize=True)
    page.close()


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
