// The one script of residents' pages: switches at once, reading aloud, and the small comforts. Every page works without it.
// Written for Chrome 60 (2017): no optional chaining, no newer methods; whatever may be missing is asked for first.
(function () {
  "use strict";

  var root = document.documentElement;
  var all = function (selector, inside) { return Array.prototype.slice.call((inside || document).querySelectorAll(selector)); };

  // -- Large print and high contrast: seen at once, and told to the server, which draws the next page so. -------------
  all("[data-switches]").forEach(function (form) {
    form.addEventListener("click", function (event) {
      var button = event.target.closest("[data-switch]");
      if (!button) return;
      event.preventDefault();
      var isOn = button.value === "yes";
      var body = new FormData(form);
      body.append(button.name, button.value);
      var ask = new XMLHttpRequest();
      ask.open("POST", form.action);
      ask.setRequestHeader("X-Requested-With", "script");
      ask.send(body);
      if (isOn) root.setAttribute("data-" + button.dataset.switch, button.dataset.on);
      else root.removeAttribute("data-" + button.dataset.switch);
      button.setAttribute("aria-pressed", String(isOn));
      button.value = isOn ? "no" : "yes";
    });
  });

  // -- Read aloud, with the voices of the reader's own device. Hidden where there are none. ---------------------------
  var isSeen = function (part) { return part.getClientRects().length > 0; };

  var sentences = function () {
    var names = ["h1", "h2", "h3", "p", "li", "dt", "dd", "label", "legend", "button", "a.btn", "a.row-link"];
    var inside = names.join(",");
    // A part that holds other parts is read through them, not twice.
    return all(names.map(function (name) { return "main " + name; }).join(","))
      .filter(function (part) { return !part.querySelector(inside) && isSeen(part); })
      .map(function (part) { return part.innerText.trim(); })
      .filter(Boolean);
  };

  var prepareReading = function (button) {
    var start = button.textContent;
    var show = function (isReading) {
      button.setAttribute("aria-pressed", String(isReading));
      button.textContent = isReading ? button.dataset.stop : start;
    };
    var language = root.lang.indexOf("zh") === 0 ? "zh-CN" : root.lang;
    button.addEventListener("click", function () {
      if (speechSynthesis.speaking) {
        speechSynthesis.cancel();
        show(false);
        return;
      }
      var queue = sentences();
      queue.forEach(function (text, index) {
        var speech = new SpeechSynthesisUtterance(text);
        speech.lang = language;
        speech.rate = 0.95;
        if (index === queue.length - 1) speech.onend = function () { show(false); };
        speechSynthesis.speak(speech);
      });
      show(queue.length > 0);
    });
    addEventListener("pagehide", function () { speechSynthesis.cancel(); });
    button.hidden = false;
  };
  if ("speechSynthesis" in window) all("[data-read-aloud]").forEach(prepareReading);

  // -- Something that is being worked on asks again every two seconds; its end loads the page anew. -------------------
  var watch = function (box) {
    var ask = new XMLHttpRequest();
    var again = function () { setTimeout(function () { watch(box); }, 2000); };
    ask.open("GET", box.getAttribute("hx-get"));
    ask.setRequestHeader("HX-Request", "true");
    ask.timeout = 20000;
    ask.onload = function () {
      if (ask.getResponseHeader("HX-Refresh") === "true") { location.reload(); return; }
      var fresh = ask.status === 200 && new DOMParser().parseFromString(ask.responseText, "text/html").querySelector(".progress");
      if (!fresh) { again(); return; }
      fresh = document.importNode(fresh, true);
      box.parentNode.replaceChild(fresh, box);
      box = fresh;
      again();
    };
    ask.onerror = ask.ontimeout = again;
    ask.send();
  };
  all(".progress[hx-get]").forEach(function (box) { setTimeout(function () { watch(box); }, 2000); });

  // -- Messages can be put away, secrets copied, pages printed; a summary of errors takes the focus. ------------------
  all("[data-toast-close]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { var toast = button.closest(".toast"); toast.parentNode.removeChild(toast); });
  });

  all("[data-copy]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      var words = button.querySelector("[data-copy-words]") || button;
      var before = words.textContent;
      getSelection().selectAllChildren(document.getElementById(button.dataset.copy));
      if (!document.execCommand("copy")) return; // it stays selected, ready for the reader's own fingers
      words.textContent = button.dataset.copied;
      setTimeout(function () { words.textContent = before; }, 2500);
    });
  });

  all("[data-print-page]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });

  var summary = document.querySelector("[data-error-summary]");
  if (summary) summary.focus();
})();
