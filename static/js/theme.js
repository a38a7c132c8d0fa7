// Runs in the head, before the first paint, so that a chosen theme never flashes.
// The key "theme" is shared with Django admin, which knows the same three values.
(() => {
  const root = document.documentElement;
  const read = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const write = (key, value) => { try { localStorage.setItem(key, value); } catch { /* private window: the choice lasts one page */ } };
  const themes = ["auto", "light", "dark"];

  const theme = () => (themes.includes(read("theme")) ? read("theme") : "auto");
  root.classList.add("js");
  root.dataset.theme = theme();

  const showTheme = (button) => {
    const current = root.dataset.theme;
    const label = button.dataset[`label${current[0].toUpperCase()}${current.slice(1)}`];
    button.querySelectorAll("[data-theme-icon]").forEach((icon) => { icon.hidden = icon.dataset.themeIcon !== current; });
    const words = button.querySelector("[data-theme-words]");
    if (words && label) words.textContent = label;
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-theme-toggle]").forEach((button) => { button.hidden = false; showTheme(button); });
  });

  document.addEventListener("click", (event) => {
    const themeButton = event.target.closest("[data-theme-toggle]");
    if (themeButton) {
      root.dataset.theme = themes[(themes.indexOf(root.dataset.theme) + 1) % themes.length];
      write("theme", root.dataset.theme);
      document.querySelectorAll("[data-theme-toggle]").forEach(showTheme);
    }
  });
})();
