"""Somebody who has a keyboard and nothing else."""

from __future__ import annotations

import re

from playwright.sync_api import Page

FAR = 90  # presses of Tab in which every control of a page is reached

# What a reader of screens would call what has the focus now, and whether the eye finds it there.
FOCUSED = """
(() => {
  const el = document.activeElement;
  if (!el || el === document.body) return { name: "", seen: true };
  const style = getComputedStyle(el);
  const label = el.labels?.[0]?.innerText ?? el.getAttribute("aria-label") ?? el.innerText ?? "";
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  return { name: label.trim().replace(/\\s+/g, " "), seen: ring || el.matches("h1, h2, main") };
})()
"""


class Keys:
    def __init__(self, page: Page) -> None:
        self.page = page

    def goes_to(self, name: str | re.Pattern[str]) -> None:
        """Tab after Tab, and the focus is seen wherever it is."""
        passed = []
        for _ in range(FAR):
            self.page.keyboard.press("Tab")
            focused = self.page.evaluate(FOCUSED)
            assert focused["seen"], f"The focus is not seen on {focused['name']!r}"
            passed.append(focused["name"][:60])
            if re.match(name if isinstance(name, str) else name.pattern, focused["name"]):
                return
        raise AssertionError(f"{name!r} was not reached: {passed}")

    def presses(self, name: str | re.Pattern[str], key: str = "Enter") -> None:
        self.goes_to(name)
        self.page.keyboard.press(key)

    def types(self, name: str, text: str) -> None:
        self.goes_to(name)
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.type(text)

    def goes_round(self, key: str) -> int:
        """How many presses it takes to come back to the first control: nothing holds the focus for good."""
        self.page.evaluate("document.activeElement?.blur()")
        self.page.keyboard.press(key)
        self.page.evaluate("window.firstOne = document.activeElement")
        for presses in range(1, FAR):
            self.page.keyboard.press(key)
            if self.page.evaluate("document.activeElement === window.firstOne"):
                return presses
        raise AssertionError(f"The focus does not come round: {self.page.evaluate(FOCUSED)['name']!r}")
