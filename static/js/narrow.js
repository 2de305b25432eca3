/* A long list of boxes to tick: typing hides the ones that do not fit, never a ticked one. */
document.querySelectorAll("[data-narrow]").forEach((list) => {
  const field = list.querySelector("input[type=search]");
  const rows = Array.from(list.querySelectorAll("label"));
  const plain = (text) => text.toLowerCase().replaceAll("ё", "е");
  field.hidden = rows.length < 12;
  field.addEventListener("input", () => {
    const wanted = plain(field.value.trim());
    rows.forEach((row) => {
      row.hidden = !row.querySelector("input").checked && !plain(row.textContent).includes(wanted);
    });
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") { event.preventDefault(); }
  });
});
