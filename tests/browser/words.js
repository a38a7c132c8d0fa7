// Every text that a reader of the page meets, with what is read to those who do not see it. Left out: what is marked as
// another language or as a program's, and what somebody typed.
() => {
  const root = document.documentElement.lang.toLowerCase();
  const skipped = "script, style, template, noscript, code, kbd, samp, pre, textarea, [translate=no], option[value] > wbr";
  const found = new Set();
  const add = (text) => { const said = (text ?? "").replace(/\s+/g, " ").trim(); if (said) found.add(said); };
  const isForeign = (element) => {
    const named = element.closest("[lang]");
    return named.lang.toLowerCase().split("-")[0] !== root.split("-")[0];
  };
  add(document.title);
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    if (!element.closest(skipped) && !isForeign(element)) add(walk.currentNode.textContent);
  }
  for (const element of document.body.querySelectorAll("[aria-label], [placeholder], [title], [alt], [data-label], [data-stop], input[type=submit]")) {
    if (element.closest(skipped) || isForeign(element)) continue;
    for (const name of ["aria-label", "placeholder", "title", "alt", "data-label", "data-stop"]) add(element.getAttribute(name));
    if (element.matches("input[type=submit]")) add(element.value);
  }
  return [...found];
}
