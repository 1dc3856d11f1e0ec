// Walks a drawing by its arrow keys: from point to point of a chart, from regency to regency of the map.
// The line below the drawing says where one stands. Without this script the same figures are in the tables.

const AHEAD = { ArrowRight: 1, ArrowLeft: -1 };

function said(point) {
  return point.getAttribute("aria-label") ?? point.querySelector("title").textContent;
}

// Points of a chart: they are no links, so the chart itself takes the focus and marks where it stands.
function walkPoints(stage, points, line) {
  let here = -1;

  function stand(index) {
    points[here]?.classList.remove("is-current");
    here = Math.min(Math.max(index, 0), points.length - 1);
    points[here].classList.add("is-current");
    line.textContent = said(points[here]);
    hover(stage, here);
  }

  stage.tabIndex = 0;
  stage.setAttribute("role", "application");
  stage.setAttribute("aria-label", line.dataset.name);
  stage.setAttribute("aria-describedby", line.id);
  stage.addEventListener("focus", () => { line.textContent = line.dataset.hint; });
  stage.addEventListener("blur", () => {
    points[here]?.classList.remove("is-current");
    here = -1;
    line.textContent = "";
  });
  stage.addEventListener("keydown", (event) => {
    const last = points.length - 1;
    if (event.key in AHEAD) stand(here < 0 ? last : here + AHEAD[event.key]);
    else if (event.key === "Home") stand(0);
    else if (event.key === "End") stand(last);
    else return;
    event.preventDefault();
  });
}

// Once plotly has drawn over the server's drawing, the point is shown there: its marked traces, one after another.
function hover(stage, index) {
  const canvas = stage.querySelector(".chart__canvas");
  if (!canvas?.data) return;
  let rest = index;
  for (const [curveNumber, trace] of canvas.data.entries()) {
    if (!trace.mode?.includes("markers")) continue;
    if (rest < trace.x.length) {
      window.Plotly.Fx.hover(canvas, [{ curveNumber, pointNumber: rest }]);
      return;
    }
    rest -= trace.x.length;
  }
}

// Regencies are links: they take the focus themselves, and Enter leads where a click does.
function walkLinks(drawing, links, line) {
  drawing.addEventListener("focusin", (event) => {
    const link = event.target.closest("a");
    line.textContent = link ? said(link) : "";
  });
  drawing.addEventListener("focusout", () => { line.textContent = ""; });
  drawing.addEventListener("keydown", (event) => {
    const here = links.indexOf(event.target.closest("a"));
    if (here < 0) return;
    const next = event.key in AHEAD ? links[here + AHEAD[event.key]] : beside(links, here, event.key);
    if (next === undefined) return;
    event.preventDefault();
    next?.focus();
  });
}

// The nearest link above or below; null where there is none, undefined for any other key.
function beside(links, here, key) {
  if (key !== "ArrowUp" && key !== "ArrowDown") return undefined;
  const places = links.map((link) => link.getBoundingClientRect());
  const way = key === "ArrowDown" ? 1 : -1;
  const reach = (place) => (place.top - places[here].top) * way;
  const far = (place) => Math.hypot(place.top - places[here].top, place.left - places[here].left);
  const [nearest] = [...links.keys()]
    .filter((index) => reach(places[index]) > places[here].height / 2)
    .sort((one, other) => far(places[one]) - far(places[other]));
  return nearest === undefined ? null : links[nearest];
}

for (const line of document.querySelectorAll("[data-walk]")) {
  const drawing = document.getElementById(line.dataset.walk);
  const points = [...(drawing?.querySelectorAll(line.dataset.points) ?? [])];
  if (points.length === 0) continue;
  if (points[0].matches("a")) walkLinks(drawing, points, line);
  else walkPoints(drawing.closest(".chart") ?? drawing, points, line);
}
