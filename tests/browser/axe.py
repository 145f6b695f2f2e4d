"""Holds a page to WCAG 2.2 AA with axe-core, which npm installs beside the rehearsal."""

from functools import cache
from pathlib import Path

from playwright.async_api import Page

import bot.rehearsal

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@cache
def _script() -> str:
    folder = Path(bot.rehearsal.__file__).parent
    return (folder / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")


async def violations(page: Page) -> list[str]:
    """One line for every rule and element that breaks it."""
    # Evaluated rather than added as a tag: the page allows no scripts but its own.
    await page.evaluate(f"{_script()}; 0")
    found = await page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [
        f"{rule['id']} at {' '.join(map(str, node['target']))}: {node['html'][:160]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
