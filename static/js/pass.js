// Shows the code of this half minute. All codes of the next hour came with the page, so it works without a network.
// Written for Chrome 60 (2017), as resident.js is.
(function () {
  "use strict";

  var box = document.querySelector("[data-pass]");
  if (!box) return;
  var part = function (name) { return box.querySelector("[data-pass-" + name + "]"); };
  var path = part("path"), digits = part("digits"), left = part("left"), over = part("over");
  var RETRY = 45000, PATIENCE = 30000; // milliseconds
  var codes = null, shown = -1, nextTry = 0;

  var take = function () {
    var number = function (name) { return Number(box.dataset[name]); };
    var pictures = box.dataset.pictures.split(" ").map(function (picture) { return picture.split(":"); });
    // The phone's clock may be wrong; what counts is how much time went by since the codes were made.
    codes = { first: number("first"), seconds: number("seconds"), size: number("size"), pictures: pictures, ahead: number("now") - Date.now() / 1000 };
    shown = -1;
  };

  // The next hour takes the place of this one only once it is here: whoever stands at a door with a bad network keeps the code.
  var fetchNext = function () {
    if (!navigator.onLine || document.visibilityState !== "visible" || Date.now() < nextTry) return;
    nextTry = Date.now() + RETRY;
    var ask = new XMLHttpRequest();
    ask.open("GET", location.href);
    ask.setRequestHeader("Cache-Control", "no-cache");
    ask.timeout = PATIENCE;
    // Without a network after all, nothing is loaded: the codes that are here go on, and it tries again.
    ask.onload = function () {
      if (ask.status !== 200) return;
      var next = new DOMParser().parseFromString(ask.responseText, "text/html").querySelector("[data-pass]");
      if (!next) {
        location.reload(); // there is no pass any more, and the page says so
        return;
      }
      Object.keys(next.dataset).forEach(function (name) { box.dataset[name] = next.dataset[name]; });
      take();
      show();
    };
    ask.send();
  };

  var draw = function (hex, size) {
    var bits = hex.split("").map(function (digit) { return ("000" + parseInt(digit, 16).toString(2)).slice(-4); }).join("").slice(-size * size);
    var line = "";
    for (var y = 0; y < size; y += 1) {
      for (var x = 0; x < size; x += 1) {
        var start = x;
        while (x < size && bits[y * size + x] === "1") x += 1;
        if (x > start) line += "M" + start + " " + y + "h" + (x - start) + "v1H" + start + "z";
      }
    }
    return line;
  };

  var show = function () {
    var time = Date.now() / 1000 + codes.ahead;
    var place = Math.floor(time / codes.seconds) - codes.first;
    var picture = codes.pictures[place];
    box.classList.toggle("is-over", !picture);
    over.hidden = Boolean(picture);
    // A phone in sight of a network fetches the next hour by itself, before this one is over.
    if (!picture || place > codes.pictures.length / 2) fetchNext();
    if (!picture) return;
    left.textContent = left.dataset.words.replace("0", Math.ceil(codes.seconds - (time % codes.seconds)));
    if (place === shown) return;
    shown = place;
    digits.textContent = picture[0].slice(0, 3) + " " + picture[0].slice(3);
    path.setAttribute("d", draw(picture[1], codes.size));
  };

  take();
  show();
  setInterval(show, 1000);
  document.addEventListener("visibilitychange", show);
})();
