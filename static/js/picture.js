// Saves a chart that the server has drawn as a PNG: the drawing with its computed style, on a white ground.

const SCALE = 2;
const STYLES = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin", "stroke-linecap",
  "paint-order", "font-family", "font-size", "font-weight", "text-anchor", "opacity", "vector-effect",
];

function styledCopy(drawing) {
  const copy = drawing.cloneNode(true);
  const originals = [drawing, ...drawing.querySelectorAll("*")];
  const copies = [copy, ...copy.querySelectorAll("*")];
  originals.forEach((element, index) => {
    const style = getComputedStyle(element);
    for (const name of STYLES) copies[index].setAttribute(name, style.getPropertyValue(name));
    copies[index].removeAttribute("class");
  });
  const patterns = document.querySelector("svg.definitions defs");
  if (patterns) copy.prepend(styledPatterns(patterns));
  return copy;
}

function styledPatterns(patterns) {
  const copy = patterns.cloneNode(true);
  const originals = patterns.querySelectorAll("rect");
  copy.querySelectorAll("rect").forEach((rect, index) => {
    rect.setAttribute("fill", getComputedStyle(originals[index]).fill);
    rect.removeAttribute("class");
  });
  return copy;
}

function loaded(address) {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.addEventListener("load", () => resolve(image));
    image.addEventListener("error", reject);
    image.src = address;
  });
}

async function picture(drawing) {
  const { width, height } = drawing.viewBox.baseVal;
  const copy = styledCopy(drawing);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", width * SCALE);
  copy.setAttribute("height", height * SCALE);
  const text = new XMLSerializer().serializeToString(copy);
  const address = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  try {
    const canvas = document.createElement("canvas");
    canvas.width = width * SCALE;
    canvas.height = height * SCALE;
    const ground = canvas.getContext("2d");
    ground.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--surface") || "white";
    ground.fillRect(0, 0, canvas.width, canvas.height);
    ground.drawImage(await loaded(address), 0, 0);
    return await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  } finally {
    URL.revokeObjectURL(address);
  }
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

for (const button of document.querySelectorAll("[data-picture]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    save(await picture(document.getElementById(button.dataset.picture)), `${button.dataset.name}.png`);
  });
}
