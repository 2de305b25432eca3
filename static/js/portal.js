/* Shared bits of every page. All of them only shorten what links and forms do without a script. */
const texts = document.body.dataset;
const live = document.getElementById("live");

/* Say a sentence aloud once. */
function announce(text) {
  if (live) { live.textContent = ""; setTimeout(() => { live.textContent = text; }, 50); }
}

/* Show a message where the server shows its own. */
function flash(text) {
  const place = document.getElementById("flash");
  if (!place) { return; }
  const box = document.createElement("div");
  box.className = "flash flash--bad";
  box.setAttribute("role", "alert");
  const line = document.createElement("p");
  line.textContent = text;
  box.append(line);
  place.replaceChildren(box);
  box.scrollIntoView({ block: "nearest" });
}

/* Move the focus to what asks for it: an error summary, a heading of a dialog. */
function focusAsked(root) {
  const asked = root.querySelector("[data-focus]");
  if (asked) { asked.focus(); }
}

/* A link with data-dialog opens its confirm page as a dialog. */
let dialog = null;
async function openDialog(link) {
  const answer = await fetch(link.href, { headers: { "HX-Request": "true" } });
  if (!answer.ok || answer.redirected) { location.href = link.href; return; }
  if (!dialog) {
    dialog = document.createElement("dialog");
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.closest("[data-close]")) { event.preventDefault(); dialog.close(); }
    });
    document.body.append(dialog);
  }
  dialog.innerHTML = await answer.text();
  const title = dialog.querySelector("h1, h2");
  if (title) { title.id = "dialog-h"; dialog.setAttribute("aria-labelledby", "dialog-h"); }
  const form = dialog.querySelector("form");
  if (form && !form.getAttribute("action")) { form.action = link.href; }
  dialog.onclose = () => link.focus();
  dialog.showModal();
  focusAsked(dialog);
}
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-dialog]");
  if (link && !event.metaKey && !event.ctrlKey && !event.shiftKey && window.HTMLDialogElement) {
    event.preventDefault();
    openDialog(link).catch(() => { location.href = link.href; });
  }
  if (event.target.closest("[data-print]")) { window.print(); }
  const copied = event.target.closest("[data-copy]");
  if (copied && navigator.clipboard) { navigator.clipboard.writeText(copied.dataset.copy).then(() => announce(copied.dataset.copied || "")); }
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => { if (!menu.contains(event.target)) { menu.open = false; } });
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") { return; }
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => { menu.open = false; menu.firstElementChild.focus(); });
});

/* A button with data-insert writes its words where the cursor of a field stands, at first its end. */
document.querySelectorAll("[data-insert]").forEach((button) => {
  const field = document.getElementById(button.dataset.into);
  field.setSelectionRange(field.value.length, field.value.length);
  button.hidden = false;
  button.addEventListener("click", () => {
    field.focus();
    field.setRangeText(button.dataset.insert, field.selectionStart, field.selectionEnd, "end");
    announce(button.dataset.done);
  });
});

/* One press of a button sends one form. */
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (event.target.method !== "post" || !button || event.defaultPrevented) { return; }
  if (button.getAttribute("aria-busy") === "true") { event.preventDefault(); return; }
  button.setAttribute("aria-busy", "true");
  button.dataset.sent = "";
  setTimeout(() => free(button), 8000);
});
function free(button) { button.removeAttribute("aria-busy"); delete button.dataset.sent; }
window.addEventListener("pageshow", () => document.querySelectorAll("[data-sent]").forEach(free));

document.addEventListener("change", (event) => {
  const drop = event.target.closest("[data-drop]");
  if (drop && event.target.type === "file") { showFiles(drop, event.target); }
});

/* Chosen files: name and size; a file over the limit is refused before it is sent. */
const MB = 1024 * 1024;
const numbers = new Intl.NumberFormat("ru", { maximumFractionDigits: 1 });
function showFiles(drop, input) {
  const limit = Number(drop.dataset.limit);
  const files = Array.from(input.files);
  const big = files.find((file) => file.size > limit);
  const list = drop.querySelector("[data-files]");
  list.replaceChildren(...files.map((file) => {
    const row = document.createElement("p");
    const size = file.size < MB ? numbers.format(Math.ceil(file.size / 1024)) + "\u00a0" + drop.dataset.kb : numbers.format(file.size / MB) + "\u00a0" + drop.dataset.mb;
    row.textContent = file.name + ", " + size;
    if (file.size > limit) {
      row.className = "err";
      row.textContent = file.name + ": " + drop.dataset.tooBig.replace("{size}", Math.ceil(file.size / MB)).replace("{limit}", limit / MB);
    }
    return row;
  }));
  if (big) { input.value = ""; }
  input.setAttribute("aria-invalid", big ? "true" : "false");
}
document.querySelectorAll("[data-drop]").forEach((drop) => {
  const over = (on) => (event) => { event.preventDefault(); drop.classList.toggle("is-over", on); };
  drop.addEventListener("dragover", over(true));
  drop.addEventListener("dragleave", over(false));
  drop.addEventListener("drop", (event) => {
    over(false)(event);
    const input = drop.querySelector("input[type=file]");
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
});

/* htmx: where the focus goes after a swap, and what is said when the network is gone. */
document.addEventListener("htmx:afterRequest", (event) => event.detail.elt.querySelectorAll("[data-sent]").forEach(free));
document.addEventListener("htmx:afterSwap", (event) => {
  const place = event.detail.target;
  focusAsked(place.isConnected ? place : document); // a control that replaced itself is gone
});
document.addEventListener("htmx:sendError", () => flash(texts.offline));
document.addEventListener("htmx:responseError", () => flash(texts.failed));
focusAsked(document);
