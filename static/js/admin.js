// Django's two-box selects hang a label on an element without a role, where no screen reader looks for it.
// They are built when the page has loaded, by a listener that was there before this one.
addEventListener("load", () => {
  for (const tooltip of document.querySelectorAll(".help-tooltip[aria-label]")) {
    tooltip.setAttribute("role", "img");
  }
});

// The boxes that search while one types are named by what is chosen in them, so an empty one has no name. They
// are built, and built again, whenever their script sees fit.
const name = (element, attribute, value) => {
  if (element && element.getAttribute(attribute) !== value) {
    element.setAttribute(attribute, value);
  }
};
const nameSearchBoxes = () => {
  for (const box of document.querySelectorAll(".select2-selection[role=combobox]")) {
    const select = box.closest(".select2")?.previousElementSibling;
    const chosen = box.querySelector(".select2-selection__rendered");
    const label = select?.id && document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
    if (label) {
      label.id ||= `${select.id}_label`;
      name(box, "aria-labelledby", chosen?.id ? `${label.id} ${chosen.id}` : label.id);
      name(chosen, "aria-labelledby", label.id);
    } else if (select) {
      // A table of inlines names its columns in the heading alone.
      const heading = select.closest("table")?.rows[0]?.cells[select.closest("td")?.cellIndex];
      const text = heading?.textContent.trim() || select.name;
      name(box, "aria-label", text);
      name(chosen, "aria-label", text);
    }
  }
};
nameSearchBoxes();
new MutationObserver(nameSearchBoxes).observe(document.body, {
  attributeFilter: ["aria-labelledby"],
  childList: true,
  subtree: true,
});
