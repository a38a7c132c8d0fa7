// Takes one still from the camera and puts it into the form's ordinary file field. Frames stay on this device: only the still
// that the person sees and submits is sent. Without JavaScript or a camera the file field alone does the work.
(() => {
  const start = (photo) => {
    if (photo.dataset.ready) return;
    photo.dataset.ready = "yes";
    const part = (name) => photo.querySelector(`[data-photo-${name}]`);
    const [input, stage, video, image, failure] = ["input", "stage", "video", "image", "failure"].map(part);
    const [open, shoot, again] = ["open", "shoot", "again"].map(part);
    let stream = null;

    const show = (state) => {
      stage.hidden = state === "idle";
      video.hidden = part("guide").hidden = shoot.hidden = state !== "live";
      image.hidden = again.hidden = state !== "still";
      open.hidden = state !== "idle" || !navigator.mediaDevices?.getUserMedia;
    };

    const stop = () => {
      stream?.getTracks().forEach((track) => track.stop());
      stream = video.srcObject = null;
    };

    const preview = () => {
      stop();
      if (image.src) URL.revokeObjectURL(image.src);
      if (!input.files.length) { show("idle"); return; }
      image.src = URL.createObjectURL(input.files[0]);
      show("still");
    };

    const live = async () => {
      failure.hidden = true;
      try {
        stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "user", width: { ideal: 1280 }, height: { ideal: 1280 } }, audio: false });
        video.srcObject = stream;
        await video.play();
        show("live");
        shoot.focus();
      } catch {
        stop();
        failure.hidden = false;
        show("idle");
      }
    };

    const still = () => {
      const canvas = document.createElement("canvas");
      canvas.width = video.videoWidth;
      canvas.height = video.videoHeight;
      canvas.getContext("2d").drawImage(video, 0, 0);
      canvas.toBlob((blob) => {
        const files = new DataTransfer();
        files.items.add(new File([blob], "photo.jpg", { type: "image/jpeg" }));
        input.files = files.files;
        preview();
        again.focus();
      }, "image/jpeg", 0.92);
    };

    open.addEventListener("click", live);
    shoot.addEventListener("click", still);
    again.addEventListener("click", () => { input.value = ""; preview(); if (!open.hidden) live(); });
    input.addEventListener("change", preview);
    addEventListener("pagehide", stop);
    show("idle");
  };

  const prepare = (root) => root.querySelectorAll?.("[data-photo]").forEach(start);
  prepare(document);
  document.addEventListener("htmx:load", (event) => prepare(event.detail.elt));
})();
