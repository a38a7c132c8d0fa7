// Menus close on Escape, on a click elsewhere and when another opens; arrow keys move inside them.
// The side navigation folds on phones; toasts can be put away; an error summary takes the focus.
(() => {
  const openMenus = () => [...document.querySelectorAll("details.menu[open]")];

  document.addEventListener("click", (event) => {
    openMenus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });

    const toggle = event.target.closest("[data-side-toggle]");
    if (toggle) {
      const side = document.getElementById(toggle.getAttribute("aria-controls")).closest(".side");
      toggle.setAttribute("aria-expanded", String(side.classList.toggle("is-open")));
    }
    const close = event.target.closest("[data-toast-close]");
    if (close) close.closest(".toast").remove();
  });

  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.("details.menu");
    if (!menu) return;
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    menu.open = true;
    const stops = [...menu.querySelectorAll("summary, input, a[href], button")].filter((stop) => stop.offsetParent);
    const step = event.key === "ArrowDown" ? 1 : stops.length - 1;
    stops[(stops.indexOf(document.activeElement) + step) % stops.length]?.focus();
  });

  // The switcher: its search takes the focus, and Enter opens the first property that it found.
  document.addEventListener("toggle", (event) => {
    if (event.target.matches?.("[data-switcher][open]")) event.target.querySelector("input")?.focus();
  }, true);

  document.addEventListener("submit", (event) => {
    if (!event.target.querySelector("[data-first-on-enter]")?.value.trim()) return;
    const first = event.target.parentElement.querySelector(".switcher-rows a[href]");
    if (first) { event.preventDefault(); first.click(); }
  });

  document.addEventListener("focusin", (event) => {
    openMenus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  const prepare = (root) => {
    root.querySelectorAll?.("[data-toast-close]").forEach((button) => { button.hidden = false; });
    root.querySelector?.("[data-error-summary]")?.focus();
  };
  prepare(document);
  document.addEventListener("htmx:load", (event) => prepare(event.detail.elt));
})();
