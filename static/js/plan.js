// Places marks on a floor plan by pointer and by arrow keys. The number fields are what is sent; without this script they do it alone.
(() => {
  const plan = document.querySelector("[data-plan]");
  if (!plan) return;
  const field = (axis, id) => document.getElementById(`id_${axis}_${id}`);
  const bounded = (value) => Math.min(100, Math.max(0, Math.round(value * 10) / 10));
  const marks = [...plan.querySelectorAll("[data-mark]")];
  const buttonOf = (id) => document.querySelector(`[data-place="${id}"]`);

  const draw = (mark) => {
    const id = mark.dataset.mark;
    const [x, y] = [field("x", id).value, field("y", id).value];
    const isPlaced = x !== "" && y !== "";
    const place = mark.parentElement;
    if (isPlaced) {
      place.setAttribute("x", `${bounded(Number(x))}%`);
      place.setAttribute("y", `${bounded(Number(y))}%`);
    }
    place.classList.toggle("is-off", !isPlaced);
    if (buttonOf(id)) buttonOf(id).hidden = isPlaced;
  };

  const move = (mark, x, y) => {
    field("x", mark.dataset.mark).value = bounded(x);
    field("y", mark.dataset.mark).value = bounded(y);
    draw(mark);
  };

  let held = null;
  plan.addEventListener("pointerdown", (event) => {
    held = event.target.closest("[data-mark]");
    if (!held) return;
    event.preventDefault();
    held.focus();
    plan.setPointerCapture(event.pointerId);
  });
  plan.addEventListener("pointermove", (event) => {
    if (!held) return;
    const box = plan.getBoundingClientRect();
    move(held, ((event.clientX - box.left) / box.width) * 100, ((event.clientY - box.top) / box.height) * 100);
  });
  for (const end of ["pointerup", "pointercancel"]) plan.addEventListener(end, () => { held = null; });

  plan.addEventListener("keydown", (event) => {
    const mark = event.target.closest("[data-mark]");
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const step = steps[event.key];
    if (!mark || !step) return;
    event.preventDefault();
    const size = event.shiftKey ? 5 : 1;
    const id = mark.dataset.mark;
    move(mark, Number(field("x", id).value) + step[0] * size, Number(field("y", id).value) + step[1] * size);
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-place]");
    if (!button) return;
    const mark = marks.find((one) => one.dataset.mark === button.dataset.place);
    move(mark, 50, 50);
    mark.focus();
  });

  document.addEventListener("input", (event) => {
    const mark = marks.find((one) => event.target.id.endsWith(`_${one.dataset.mark}`));
    if (mark) draw(mark);
  });
  marks.forEach(draw);
})();
