"""A headless Chromium for the tests that click through a report.

They are skipped, with the reason, where there is no browser, no driver, or no Selenium; ``.ci/run``
installs them. ``CARDWATCH_AXE`` names axe-core's script, for the accessibility checks.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of these take seconds."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One browser for all tests; it may not reach any network."""
    webdriver = pytest.importorskip("selenium.webdriver", reason="Selenium is not installed")
    program = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    driver = shutil.which("chromedriver")
    if program is None or driver is None:
        pytest.skip("no Chromium with its chromedriver is installed")
    options = webdriver.ChromeOptions()
    options.binary_location = program
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--hide-scrollbars",
        "--window-size=1280,1000",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    service = webdriver.ChromeService(executable_path=driver)
    browser = webdriver.Chrome(options=options, service=service)
    yield browser
    browser.quit()


@pytest.fixture
def axe() -> str:
    """The text of axe-core's script."""
    path = os.environ.get("CARDWATCH_AXE", "")
    if not path:
        pytest.skip("CARDWATCH_AXE does not name axe-core's axe.min.js")
    return Path(path).read_text("utf-8")
