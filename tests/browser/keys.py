"""Somebody without a mouse: the focus is walked to what is wanted, and seen at every stop."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

# More stops than any page has before what somebody came for.
MOST = 120
# How what can take the focus looks while it has none: itself and the label around it, which may carry the ring.
REMEMBER = """() => {
  window.unfocused ||= new WeakMap();
  const look = (node) => { const s = getComputedStyle(node); return [s.outlineStyle, s.outlineWidth, s.outlineColor,
    s.boxShadow, s.borderColor, s.backgroundColor].join(); };
  window.lookOf = (node) => look(node) + (node.closest("label") ? look(node.closest("label")) : "");
  document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]").forEach((node) => {
    if (node !== document.activeElement && !unfocused.has(node)) unfocused.set(node, lookOf(node));
  });
}"""
STOP = """(wanted) => {
  const node = document.activeElement;
  // What moves in when it takes the focus is judged where it arrives.
  node.getBoundingClientRect();
  document.getAnimations().forEach((one) => { if (isFinite(one.effect.getComputedTiming().endTime)) one.finish(); });
  const seen = (node.closest("label") || node).getBoundingClientRect();
  return {
    lost: node === document.body || node === document.documentElement,
    marked: !unfocused.has(node) || unfocused.get(node) !== lookOf(node),
    onScreen: seen.bottom > 0 && seen.top < innerHeight && seen.width > 0 && seen.height > 0,
    there: node.matches(wanted),
    what: node.outerHTML.slice(0, 200),
  };
}"""


@dataclass
class Keys:
    """Nothing but Tab, Shift+Tab, arrows, Enter, Space and letters."""

    page: Page
    stops: int = 0

    def to(self, wanted: str, key: str = "Tab") -> None:
        """Walk the focus to what this selector names. At no stop may it be lost, hidden, or back where it was."""
        self.page.evaluate(REMEMBER)
        before = ""
        for _press in range(MOST):
            self.page.keyboard.press(key)
            stop: dict[str, Any] = self.page.evaluate(STOP, wanted)
            self.stops += 1
            assert not stop["lost"], f"The focus fell out of the page before {wanted}, after {before}"
            assert stop["marked"], f"Nothing shows that the focus is here: {stop['what']}"
            assert stop["onScreen"], f"The focus is off the screen: {stop['what']}"
            assert stop["what"] != before or stop["there"], f"The focus is held at {before}"
            if stop["there"]:
                return
            before = stop["what"]
        raise AssertionError(f"{wanted} was not reached; the focus is at {before}")

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
