// Reads the page's main part aloud with the voices of the reader's own device. The button stays hidden where there are none.
(() => {
  const button = document.querySelector("[data-read-aloud]");
  if (!button || !("speechSynthesis" in window)) return;
  const start = button.textContent;

  const show = (reading) => {
    button.setAttribute("aria-pressed", String(reading));
    button.textContent = reading ? button.dataset.stop : start;
  };

  const sentences = () => {
    const spoken = ":is(h1, h2, h3, p, li, dt, dd, label, legend, button, a.btn, a.row-link)";
    // A part that holds other parts is read through them, not twice.
    const parts = [...document.querySelectorAll(`main ${spoken}`)].filter((part) => !part.querySelector(spoken));
    return parts.filter((part) => part.checkVisibility?.() ?? true).map((part) => part.innerText.trim()).filter(Boolean);
  };

  button.addEventListener("click", () => {
    if (speechSynthesis.speaking) {
      speechSynthesis.cancel();
      show(false);
      return;
    }
    const queue = sentences();
    queue.forEach((text, index) => {
      const speech = new SpeechSynthesisUtterance(text);
      speech.lang = document.documentElement.lang.startsWith("zh") ? "zh-CN" : document.documentElement.lang;
      speech.rate = 0.95;
      if (index === queue.length - 1) speech.onend = () => show(false);
      speechSynthesis.speak(speech);
    });
    show(queue.length > 0);
  });

  addEventListener("pagehide", () => speechSynthesis.cancel());
  button.hidden = false;
})();
