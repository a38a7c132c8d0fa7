// Shows the code of this half minute. All codes of the next hour came with the page, so it works without a network.
(() => {
  const box = document.querySelector("[data-pass]");
  if (!box) return;
  const [path, digits, left, over] = ["path", "digits", "left", "over"].map((name) => box.querySelector(`[data-pass-${name}]`));
  const retry = 45000;
  const patience = 30000;
  let codes;
  let shown;
  let nextTry = 0;

  const take = () => {
    const { first, now, seconds, size } = Object.fromEntries(["first", "now", "seconds", "size"].map((name) => [name, Number(box.dataset[name])]));
    const pictures = box.dataset.pictures.split(" ").map((picture) => picture.split(":"));
    // The phone's clock may be wrong; what counts is how much time went by since the codes were made.
    codes = { first, seconds, size, pictures, ahead: now - Date.now() / 1000 };
    shown = -1;
  };

  // The next hour takes the place of this one only once it is here: whoever stands at a door with a bad network keeps the code.
  const fetchNext = async () => {
    if (!navigator.onLine || document.visibilityState !== "visible" || Date.now() < nextTry) return;
    nextTry = Date.now() + retry;
    try {
      const answer = await fetch(location.href, { cache: "no-store", signal: AbortSignal.timeout(patience) });
      if (answer.status !== 200) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const next = page.querySelector("[data-pass]");
      if (!next) {
        location.reload(); // there is no pass any more, and the page says so
        return;
      }
      Object.assign(box.dataset, next.dataset);
      take();
      show();
    } catch {
      // No network after all. The codes that are here go on; it tries again.
    }
  };

  const draw = (hex, size) => {
    const bits = [...hex].map((digit) => parseInt(digit, 16).toString(2).padStart(4, "0")).join("").slice(-size * size);
    let line = "";
    for (let y = 0; y < size; y += 1) {
      const row = bits.slice(y * size, (y + 1) * size);
      for (const run of row.matchAll(/1+/g)) line += `M${run.index} ${y}h${run[0].length}v1H${run.index}z`;
    }
    return line;
  };

  const show = () => {
    const { first, seconds, size, pictures, ahead } = codes;
    const time = Date.now() / 1000 + ahead;
    const place = Math.floor(time / seconds) - first;
    const picture = pictures[place];
    box.classList.toggle("is-over", !picture);
    over.hidden = Boolean(picture);
    // A phone in sight of a network fetches the next hour by itself, before this one is over.
    if (!picture || place > pictures.length / 2) fetchNext();
    if (!picture) return;
    left.textContent = left.dataset.words.replace("0", Math.ceil(seconds - (time % seconds)));
    if (place === shown) return;
    shown = place;
    digits.textContent = `${picture[0].slice(0, 3)} ${picture[0].slice(3)}`;
    path.setAttribute("d", draw(picture[1], size));
  };

  take();
  show();
  setInterval(show, 1000);
  document.addEventListener("visibilitychange", show);
})();
