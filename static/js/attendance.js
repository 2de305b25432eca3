/* Attendance on a phone: a tap counts at once, is kept in the phone and sent when it can be.
   The queue holds one wish per person, so sending it twice changes nothing. */
const form = document.querySelector("[data-attendance]");
const words = form.dataset;
const by = (id) => document.getElementById(id);
const boxes = new Map(Array.from(form.querySelectorAll("[name=person]"), (box) => [box.value, box]));
const folded = (text) => text.toLowerCase().replaceAll("ё", "е");
const find = by("att-q");
let queue = {};
try { queue = JSON.parse(localStorage.getItem(words.key)) || {}; } catch { /* starts empty */ }
let busy = false;
let said = 0;
let beyond = 0; // marked elsewhere since the page was drawn

function keep() {
  try { localStorage.setItem(words.key, JSON.stringify(queue)); } catch { /* kept in the page only */ }
}

function draw(box, on, note) {
  const row = box.closest(".att__r");
  box.checked = on;
  row.classList.toggle("is-wait", box.value in queue);
  row.querySelector("[data-note]").textContent = note;
}

/* Rows keep their places under the finger until the next reload; the numbers above them do not. */
function group(id, on) {
  const rows = Array.from(boxes.values()).filter((box) => box.checked === on && (on || !box.closest("#att-others")));
  const number = rows.length + (on ? beyond : 0);
  by(id).querySelector("[data-n]").textContent = number;
  by(id).hidden = !number && !by(id).querySelector("li");
}

function groups() { group("att-un", false); group("att-on", true); }

function state(text) { by("att-state").textContent = text; }

function show(answer) {
  boxes.forEach((box, id) => { if (!(id in queue)) { draw(box, id in answer.people, answer.people[id] || ""); } });
  by("att-count").textContent = answer.counter;
  beyond = Object.keys(answer.people).filter((id) => !boxes.has(id)).length;
  groups();
  const tens = Math.floor(answer.count / 10);
  if (tens !== said) { said = tens; announce(answer.counter); }
}

/* Send the wishes of one kind; true when nothing is left. */
async function send() {
  const ids = Object.keys(queue);
  if (busy || !ids.length) { return !ids.length; }
  busy = true;
  const wish = queue[ids[0]];
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.csrfmiddlewaretoken.value);
  if (wish !== "off") { body.set("mode", wish); }
  const sent = ids.filter((id) => queue[id] === wish);
  sent.forEach((id) => body.append(wish === "off" ? "off" : "on", id));
  let again = false;
  try {
    const answer = await fetch(words.attendance, { method: "POST", body });
    if (answer.status >= 500) { throw new Error(answer.status); }
    const json = answer.redirected || answer.status === 403 ? null : await answer.json();
    if (json) {
      sent.forEach((id) => { if (queue[id] === wish) { delete queue[id]; } });
      keep();
      show(json);
      again = true;
    }
    state(json ? json.error : words.failed);
  } catch {
    state(words.offline);
    setTimeout(send, 5000);
  }
  busy = false;
  return again ? send() : false;
}

function tap(box, on) {
  const mode = form.querySelector("[name=mode]:checked");
  queue[box.value] = on ? (mode ? mode.value : "on") : "off";
  keep();
  draw(box, on, words.unsent);
  groups();
  const undo = by("att-undo");
  undo.hidden = false;
  undo.querySelector("span").textContent = (on ? words.on : words.off).replace("{name}", box.closest(".att__r").querySelector(".att__n").textContent);
  undo.querySelector("button").textContent = on ? words.undoOn : words.undoOff;
  undo.querySelector("button").onclick = () => { tap(box, !on); box.focus(); };
  if (find.value) { find.value = ""; filter(); find.focus(); }
  send();
}

/* Only rows whose names begin with the typed words. */
function filter() {
  const parts = folded(find.value).split(/\s+/).filter(Boolean);
  const hits = [];
  boxes.forEach((box) => {
    const row = box.closest("li");
    const name = " " + folded(row.querySelector(".att__n").textContent);
    row.hidden = !parts.every((part) => name.includes(" " + part));
    if (!row.hidden) { hits.push(box); }
  });
  if (by("att-others")) { by("att-others").open = parts.length > 0; }
  by("att-none").hidden = hits.length > 0;
  by("att-add").search = find.value ? "?q=" + encodeURIComponent(find.value) : "";
  return hits;
}

form.addEventListener("change", (event) => { if (event.target.name === "person") { tap(event.target, event.target.checked); } });
find.addEventListener("input", filter);
find.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") { return; }
  event.preventDefault();
  const hits = filter();
  if (find.value && hits.length === 1 && !hits[0].checked) { tap(hits[0], true); }
});
by("att-close").addEventListener("submit", async (event) => {
  if (!Object.keys(queue).length) { return; }
  event.preventDefault();
  if (await send()) { event.target.submit(); }
});
window.addEventListener("online", send);
setInterval(async () => {
  if (Object.keys(queue).length) { send(); return; }
  if (busy || document.hidden) { return; }
  try { const answer = await fetch(words.attendance); if (answer.ok && !answer.redirected && !Object.keys(queue).length) { show(await answer.json()); } } catch { /* next time */ }
}, 10000);

by("att-find").hidden = false;
by("att-save").hidden = true;
boxes.forEach((box, id) => { if (id in queue) { draw(box, queue[id] !== "off", words.unsent); } });
groups();
send();
