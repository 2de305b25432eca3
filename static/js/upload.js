/* The file goes to the server as soon as it is chosen; without a script the button sends it. */
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-upload]");
  if (form && event.target.type === "file" && event.target.files.length) { send(form); }
});

function send(form) {
  const box = form.querySelector("[data-progress]");
  const bar = box.querySelector("progress");
  const button = form.querySelector("button");
  const request = new XMLHttpRequest();
  const free = () => { box.hidden = true; button.removeAttribute("aria-busy"); };
  request.open("POST", form.action);
  request.setRequestHeader("HX-Request", "true");
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) { bar.value = Math.round(100 * event.loaded / event.total); }
  });
  request.addEventListener("error", () => { free(); form.requestSubmit(); });
  request.addEventListener("load", () => {
    if (request.status === 200 && request.responseURL.split("?")[0] !== form.action.split("?")[0]) {
      location.assign(request.responseURL);
    } else if (request.status === 200 || request.status === 422) {
      const place = form.parentElement;
      place.innerHTML = request.responseText;
      const summary = place.querySelector("[data-focus]");
      if (summary) { summary.focus(); }
    } else {
      free();
      form.requestSubmit();
    }
  });
  box.hidden = false;
  button.setAttribute("aria-busy", "true");
  request.send(new FormData(form));
}
