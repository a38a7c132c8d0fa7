// Keys of staff pages: / finds, g and a letter goes to a section, j and k walk a list, ? shows them all.
// Never in a field and never with Ctrl, Alt or Meta; a switch in the list of keys turns them off (WCAG 2.1.4).
(() => {
  const WAIT = 1500; // milliseconds in which a letter follows “g”
  const dialog = () => document.getElementById("keys");
  const read = () => { try { return localStorage.getItem("keys"); } catch { return null; } };
  const write = (value) => { try { localStorage.setItem("keys", value); } catch { /* private window: one page */ } };
  let isOn = read() !== "off";
  let goUntil = 0;

  const showState = () => document.documentElement.classList.toggle("keys-off", !isOn);
  showState();

  const isTyping = (target) => target.closest?.("input, textarea, select, [contenteditable]");

  const show = () => {
    const box = dialog();
    if (!box || box.open) return;
    box.querySelector("[data-keys-switch]").checked = isOn;
    box.showModal();
  };

  // The first link of each row of a table, and the button of each thing that waits.
  const stops = () => [...document.querySelectorAll("main .table tbody tr, main .todo > li, main .found > li")]
    .map((row) => row.querySelector("a[href]"))
    .filter((link) => link && link.offsetParent);

  const walk = (step) => {
    const links = stops();
    if (!links.length) return;
    const at = links.findIndex((link) => link === document.activeElement);
    const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + step, 0), links.length - 1);
    links[next].focus();
    links[next].scrollIntoView({ block: "nearest" });
  };

  const find = () => {
    const field = document.querySelector("[data-find]") ?? document.querySelector("main input[type=search]");
    field?.focus();
    field?.select();
    return Boolean(field);
  };

  const switchProperty = () => {
    const menu = document.querySelector("[data-switcher]");
    if (!menu) return;
    menu.open = true;
    menu.querySelector("summary").focus();
  };

  const ACTS = {
    "/": find,
    "?": show,
    j: () => walk(1),
    k: () => walk(-1),
    o: switchProperty,
    g: () => { goUntil = Date.now() + WAIT; },
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.matches?.("[data-find]")) event.target.blur();
    if (!isOn || event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (isTyping(event.target) || dialog()?.open) return;
    const isGoing = Date.now() < goUntil;
    goUntil = 0;
    if (isGoing) {
      const link = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
      if (link) { event.preventDefault(); link.click(); }
      return;
    }
    // Arrows scroll the page, but for somebody who walks a list already.
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && stops().includes(document.activeElement)) {
      event.preventDefault();
      walk(step);
      return;
    }
    const act = ACTS[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-keys-switch]")) return;
    isOn = event.target.checked;
    write(isOn ? "on" : "off");
    showState();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-keys-show]")) show();
    if (event.target === dialog()) dialog().close();
  });

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-keys-show]").forEach((button) => { button.hidden = !dialog(); });
  });
})();
