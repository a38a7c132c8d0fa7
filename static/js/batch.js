// Sends each photo of a folder alone, so that a broken connection costs one photo and no request is large. A zip goes as an
// ordinary form, as everything does without JavaScript.
(() => {
  const form = document.querySelector("[data-batch]");
  if (!form) return;
  const [input, said] = [form.querySelector("[data-batch-files]"), form.querySelector("[data-batch-said]")];
  const folder = form.querySelector("[data-batch-folder]");
  const tries = 3;

  const say = (words, number, total) => {
    said.hidden = false;
    said.textContent = words.replace("0", number).replace("1", total);
  };

  const send = async (file, label) => {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    body.append("files", file, label);
    for (let turn = 1; turn <= tries; turn += 1) {
      try {
        const answer = await fetch(form.action || location.href, { method: "POST", body, headers: { "X-One-By-One": "yes" } });
        if (answer.ok) return true;
        if (answer.status < 500) return false;
      } catch {
        // The network is gone for a moment; the same photo is sent again.
      }
      await new Promise((resolve) => { setTimeout(resolve, 1000 * turn); });
    }
    return false;
  };

  const sendAll = async (files) => {
    const button = form.querySelector("[type=submit]");
    button.disabled = true;
    const failed = [];
    for (const [place, file] of files.entries()) {
      say(form.dataset.batchSending, place, files.length);
      if (!(await send(file, file.webkitRelativePath || file.name))) failed.push(file.name);
    }
    button.disabled = false;
    if (!failed.length) {
      location.assign(location.pathname);
      return;
    }
    say(form.dataset.batchFailed, failed.join(", "), "");
  };

  form.addEventListener("submit", (event) => {
    const files = [...input.files];
    if (!files.length || files.some((file) => file.name.toLowerCase().endsWith(".zip"))) return;
    event.preventDefault();
    sendAll(files);
  });

  folder.hidden = false;
  folder.querySelector("input").addEventListener("change", (event) => {
    sendAll([...event.target.files].filter((file) => file.type.startsWith("image/")));
  });
})();
