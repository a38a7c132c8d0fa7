// Takes one still from the camera and puts it into the form's ordinary file field. Frames stay on this device: only the still
// that the person sees and submits is sent. Without JavaScript or a camera the file field alone does the work.
// Hints are worked out here, from a copy of 72 × 96 points twice a second. They never lock the button.
// Written for Chrome 60 (2017), as resident.js is.
(function () {
  "use strict";

  var WIDTH = 72, HEIGHT = 96;
  var EVERY = 500, SAID_EVERY = 2000; // milliseconds

  // Light, difference of the two sides, movement since the last look, and sharpness, of the points inside the oval.
  var measure = function (points, before) {
    var sum = 0, left = 0, right = 0, moved = 0, edges = 0, count = 0;
    var grey = new Uint8ClampedArray(WIDTH * HEIGHT);
    for (var at = 0; at < grey.length; at += 1) grey[at] = 0.3 * points[4 * at] + 0.59 * points[4 * at + 1] + 0.11 * points[4 * at + 2];
    for (var y = 14; y < 70; y += 1) {
      for (var x = 16; x < 56; x += 1) {
        var spot = y * WIDTH + x;
        sum += grey[spot];
        edges += Math.abs(4 * grey[spot] - grey[spot - 1] - grey[spot + 1] - grey[spot - WIDTH] - grey[spot + WIDTH]);
        if (before) moved += Math.abs(grey[spot] - before[spot]);
        if (x < 36) left += grey[spot]; else right += grey[spot];
        count += 1;
      }
    }
    return { grey: grey, light: sum / count, sides: Math.abs(left - right) / (count / 2), moved: moved / count, edges: edges / count };
  };

  // Which hint comes first, or "good". `faces` is null where the browser cannot find faces: then nothing is said of them.
  var judge = function (seen, faces) {
    if (seen.light < 60) return "dark";
    if (seen.light > 225) return "bright";
    if (faces) {
      if (faces.length === 0) return "face";
      if (faces.length > 1) return "alone";
      var box = faces[0].boundingBox;
      if (box.width < 0.28) return "closer";
      if (box.width > 0.8) return "back";
      if (Math.abs(box.x + box.width / 2 - 0.5) > 0.16) return "middle";
    }
    if (seen.moved > 14) return "still";
    if (seen.sides > 70) return "side";
    return seen.edges < 4 ? "blur" : "good";
  };

  // Faces as parts of the picture from 0 to 1; null where there is no finder or it fails.
  var finder = function () {
    var detector = null;
    try { if ("FaceDetector" in window) detector = new window.FaceDetector({ fastMode: true, maxDetectedFaces: 3 }); } catch (missing) { detector = null; }
    return function (video) {
      if (!detector) return Promise.resolve(null);
      return detector.detect(video).then(function (found) {
        return found.map(function (face) {
          var box = face.boundingBox;
          return { boundingBox: { x: box.x / video.videoWidth, width: box.width / video.videoWidth } };
        });
      }, function () { detector = null; return null; });
    };
  };

  // Looks while the camera is open. Says a hint when it is a new one, and not more often than every two seconds.
  var guide = function (video, oval, line) {
    var canvas = document.createElement("canvas");
    canvas.width = WIDTH;
    canvas.height = HEIGHT;
    var pen = canvas.getContext("2d");
    var find = finder();
    var timer = 0, before = null, said = "", saidAt = 0;

    var say = function (hint) {
      oval.classList.toggle("is-good", hint === "good");
      var now = Date.now();
      if (hint === said || now - saidAt < SAID_EVERY) return;
      said = hint;
      saidAt = now;
      line.textContent = line.getAttribute("data-" + hint);
    };

    var look = function () {
      if (!video.videoWidth) return;
      // What the stage shows of the camera: its middle, three by four.
      var width = Math.min(video.videoWidth, video.videoHeight * 0.75), height = width / 0.75;
      pen.drawImage(video, (video.videoWidth - width) / 2, (video.videoHeight - height) / 2, width, height, 0, 0, WIDTH, HEIGHT);
      var seen = measure(pen.getImageData(0, 0, WIDTH, HEIGHT).data, before);
      before = seen.grey;
      find(video).then(function (faces) { if (timer) say(judge(seen, faces)); });
    };

    return {
      start: function () { if (!timer) timer = setInterval(look, EVERY); line.hidden = false; },
      stop: function () { clearInterval(timer); timer = 0; before = null; said = ""; line.hidden = true; line.textContent = ""; },
    };
  };

  var start = function (photo) {
    if (photo.dataset.ready) return;
    photo.dataset.ready = "yes";
    var part = function (name) { return photo.querySelector("[data-photo-" + name + "]"); };
    var input = part("input"), stage = part("stage"), video = part("video"), image = part("image"), oval = part("guide");
    var open = part("open"), shoot = part("shoot"), again = part("again"), failure = part("failure");
    var hints = guide(video, oval, part("hint"));
    var canShoot = navigator.mediaDevices && navigator.mediaDevices.getUserMedia && window.DataTransfer;
    var stream = null;

    var show = function (state) {
      stage.hidden = state === "idle";
      video.hidden = oval.hidden = shoot.hidden = state !== "live";
      image.hidden = again.hidden = state !== "still";
      open.hidden = state !== "idle" || !canShoot;
      if (state === "live") hints.start(); else hints.stop();
    };

    var stop = function () {
      if (stream) stream.getTracks().forEach(function (track) { track.stop(); });
      stream = video.srcObject = null;
    };

    var preview = function () {
      stop();
      if (image.src) URL.revokeObjectURL(image.src);
      if (!input.files.length) { show("idle"); return; }
      image.src = URL.createObjectURL(input.files[0]);
      show("still");
    };

    var fail = function () {
      stop();
      failure.hidden = false;
      show("idle");
    };

    var live = function () {
      failure.hidden = true;
      var wanted = { video: { facingMode: "user", width: { ideal: 1280 }, height: { ideal: 1280 } }, audio: false };
      navigator.mediaDevices.getUserMedia(wanted).then(function (given) {
        stream = video.srcObject = given;
        return video.play();
      }).then(function () {
        show("live");
        shoot.focus();
      }).catch(fail);
    };

    var still = function () {
      var canvas = document.createElement("canvas");
      canvas.width = video.videoWidth;
      canvas.height = video.videoHeight;
      canvas.getContext("2d").drawImage(video, 0, 0);
      canvas.toBlob(function (blob) {
        try {
          var files = new DataTransfer();
          files.items.add(new File([blob], "photo.jpg", { type: "image/jpeg" }));
          input.files = files.files;
        } catch (tooOld) { fail(); return; } // the file field, which opens the phone's own camera, still does it
        preview();
        again.focus();
      }, "image/jpeg", 0.92);
    };

    open.addEventListener("click", live);
    shoot.addEventListener("click", still);
    again.addEventListener("click", function () { input.value = ""; preview(); if (!open.hidden) live(); });
    input.addEventListener("change", preview);
    addEventListener("pagehide", stop);
    show("idle");
  };

  var prepare = function (box) { Array.prototype.forEach.call(box.querySelectorAll("[data-photo]"), start); };
  prepare(document);
  document.addEventListener("htmx:load", function (event) { prepare(event.detail.elt); });
})();
