// Django's two-box selects hang a label on an element without a role, where no screen reader looks for it.
// They are built when the page has loaded, by a listener that was there before this one.
addEventListener("load", () => {
  for (const tooltip of document.querySelectorAll(".help-tooltip[aria-label]")) {
    tooltip.setAttribute("role", "img");
  }
});
