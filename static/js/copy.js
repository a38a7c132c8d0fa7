// Copies a secret that is shown once. Without the clipboard interface the text is selected, ready for the reader's own keys.
(() => {
  const prepare = (root) => root.querySelectorAll?.("[data-copy]").forEach((button) => { button.hidden = false; });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const source = document.getElementById(button.dataset.copy);
    const words = button.querySelector("[data-copy-words]") ?? button;
    try {
      await navigator.clipboard.writeText(source.textContent.trim());
      const before = words.textContent;
      words.textContent = button.dataset.copied;
      setTimeout(() => { words.textContent = before; }, 2500);
    } catch {
      getSelection().selectAllChildren(source);
    }
  });

  prepare(document);
  document.addEventListener("htmx:load", (event) => prepare(event.detail.elt));
})();
