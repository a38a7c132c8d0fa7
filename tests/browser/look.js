// What a machine sees of an open page: a list of sentences, each a fault. `least` is the side in pixels that anything
// pressed must have, `scrolls` what may be moved sideways, `cuts` where text may be cut (each with its reason in looking.py).
({ least, scrolls, cuts }) => {
  const faults = [];
  const styles = new Map();
  const style = (element) => styles.get(element) ?? styles.set(element, getComputedStyle(element)).get(element);
  const say = (what, element) => {
    const words = (element.textContent || element.value || element.getAttribute("aria-label") || "").trim().replace(/\s+/g, " ").slice(0, 40);
    const name = element.tagName.toLowerCase() + (element.className && element.className.baseVal === undefined ? `.${element.className.trim().replace(/\s+/g, ".")}` : "");
    faults.push(`${what}: ${name} “${words}”`);
  };
  const isHidden = (element) => {
    for (let at = element; at && at !== document.body; at = at.parentElement) {
      if (style(at).clipPath === "inset(50%)" || style(at).clip === "rect(0px, 0px, 0px, 0px)" || style(at).opacity === "0") return true;
    }
    return !element.checkVisibility({ visibilityProperty: true });
  };

  const root = document.documentElement;
  const excess = root.scrollWidth - root.clientWidth;
  if (excess > 1) faults.push(`${excess} px wider than the screen`);

  // Text that its box hides, lets scroll sideways, or cannot hold.
  for (const element of document.body.querySelectorAll("*")) {
    const wide = element.scrollWidth - element.clientWidth > 1; // where nothing is hidden, a letter's own overhang is no loss
    const high = element.scrollHeight - element.clientHeight > 2;
    if (!(wide || high) || !element.clientWidth || element.matches("input, select, textarea, svg, svg *, option, iframe")) continue;
    const { overflowX, overflowY, display } = style(element);
    if (display === "inline") continue;
    if (!element.textContent.trim() || isHidden(element)) continue;
    const hides = (overflow) => overflow === "hidden" || overflow === "clip";
    if ((wide && hides(overflowX)) || (high && hides(overflowY))) {
      if (!element.matches(cuts)) say("cut text", element);
    } else if (wide && overflowX !== "visible") {
      if (!element.matches(scrolls)) say("scrolls sideways", element);
    } else if (element.scrollWidth - element.clientWidth > 4 && !element.querySelector(`:scope :is(${scrolls})`) && !element.querySelector(":scope .visually-hidden")) say("spills", element);
  }

  // What is pressed: large enough, and nothing lies on it.
  const pressed = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button]")]
    .filter((element) => !isHidden(element) && !element.matches(".skip:not(:focus), [disabled]"));
  // What of an area is seen: a box that scrolls hides the rest of what is in it.
  const shown = (element, { left, right, top, bottom }) => {
    const area = { left, right, top, bottom };
    for (let at = element.parentElement; at && at !== document.body; at = at.parentElement) {
      if (style(at).overflowX === "visible") continue;
      const box = at.getBoundingClientRect();
      Object.assign(area, { left: Math.max(area.left, box.left), right: Math.min(area.right, box.right), top: Math.max(area.top, box.top), bottom: Math.min(area.bottom, box.bottom) });
    }
    return area;
  };
  // A box and its words are one target; so is a checkbox within its label.
  const spots = pressed.map((element) => {
    const label = element.matches("[type=checkbox], [type=radio]") ? element.closest("label") ?? document.querySelector(`label[for="${CSS.escape(element.id)}"]`) : null;
    const areas = [element, ...(label ? [label] : [])].flatMap((part) => [...part.getClientRects()].map((area) => shown(part, area))).filter((area) => area.right - area.left > 1 && area.bottom - area.top > 1);
    return { element, areas };
  }).filter((spot) => spot.areas.length);
  const isInText = (element) => style(element).display === "inline" && [...element.parentElement.childNodes]
    .some((node) => node !== element && node.nodeType === Node.TEXT_NODE && /[\p{L}\p{N}]/u.test(node.textContent));
  spots.forEach(({ element, areas }, index) => {
    const width = Math.max(...areas.map((area) => area.right)) - Math.min(...areas.map((area) => area.left));
    const height = Math.max(...areas.map((area) => area.bottom)) - Math.min(...areas.map((area) => area.top));
    if (Math.min(width, height) < least - 0.5 && !isInText(element)) say(`only ${Math.round(width)} × ${Math.round(height)} px to press`, element);
    for (const other of spots.slice(index + 1)) {
      if (element.contains(other.element) || other.element.contains(element)) continue;
      const meet = areas.some((a) => other.areas.some((b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2));
      if (meet) say(`lies on “${(other.element.textContent || other.element.name || "").trim().slice(0, 30)}”`, element);
    }
  });
  return faults;
}
