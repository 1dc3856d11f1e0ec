// Mounts plotly over a chart that the server has already drawn, once the reader scrolls to it.
// Without this script, or where the library or the figure does not load, the server's drawing stays.

const CONFIG = { displayModeBar: false, responsive: true };
let library;

function load(address) {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("load", () => resolve(window.Plotly));
    script.addEventListener("error", reject);
    document.head.append(script);
  });
  return library;
}

// The figure is made with the colours of the day; at night the page's own take their place.
const COLOURS = { "#0b5c6b": "--accent", "#a8480f": "--target", "#24343b": "--ink", "#dde5e8": "--line" };

function coloured(text) {
  const style = getComputedStyle(document.documentElement);
  return Object.entries(COLOURS).reduce(
    (result, [colour, name]) => result.replaceAll(colour, style.getPropertyValue(name).trim()),
    text,
  );
}

async function figureAt(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  return JSON.parse(coloured(await answer.text()));
}

async function mount(chart) {
  const [figure, plotly] = await Promise.all([figureAt(chart.dataset.chart), load(chart.dataset.library)]);
  const canvas = document.createElement("div");
  canvas.className = "chart__canvas";
  chart.append(canvas);
  await plotly.newPlot(canvas, figure.data, figure.layout, CONFIG);
  chart.classList.add("chart--mounted");
  chart.dataset.ready = "";
}

const observer = new IntersectionObserver((entries) => {
  for (const entry of entries.filter((each) => each.isIntersecting)) {
    observer.unobserve(entry.target);
    mount(entry.target).catch((error) => console.warn("The chart stays as drawn by the server:", error));
  }
});

for (const chart of document.querySelectorAll("[data-chart]")) {
  observer.observe(chart);
}
