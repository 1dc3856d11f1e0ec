// The export page's "select all": one box that sets the box of every column.
for (const toggle of document.querySelectorAll("[data-toggle-all]")) {
  toggle.addEventListener("change", () => {
    for (const box of document.querySelectorAll(".export-column input[type=checkbox]")) {
      box.checked = toggle.checked;
    }
  });
}
