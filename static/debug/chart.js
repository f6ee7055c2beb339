// A chart of one figure over the last minutes: lines on a canvas, light or dark as the page.

const MARGIN = { left: 44, right: 8, top: 8, bottom: 20 };
const DASHES = [[], [6, 3], [2, 3], [10, 3, 2, 3]];

// draw shows lines, [{points: [{x, y}], colour, index}], x in ms before now and at most span.
export function draw(canvas, lines, span, { left, right }) {
  const brush = fit(canvas);
  const area = {
    x: MARGIN.left, y: MARGIN.top,
    width: canvas.clientWidth - MARGIN.left - MARGIN.right, height: canvas.clientHeight - MARGIN.top - MARGIN.bottom,
  };
  const top = niceTop(Math.max(0, ...lines.flatMap(({ points }) => points.map(({ y }) => y))));
  grid(brush, area, top, getComputedStyle(canvas));
  brush.textAlign = "left";
  brush.fillText(left, area.x, canvas.clientHeight - 5);
  brush.textAlign = "right";
  brush.fillText(right, area.x + area.width, canvas.clientHeight - 5);
  for (const line of lines) trace(brush, area, span, top, line);
}

// stroke draws a line's pattern, for its place in the table.
export function stroke(canvas, index) {
  const brush = fit(canvas);
  const y = canvas.clientHeight / 2;
  brush.strokeStyle = getComputedStyle(canvas).color;
  brush.setLineDash(DASHES[index % DASHES.length]);
  brush.lineWidth = 2.5;
  brush.beginPath();
  brush.moveTo(0, y);
  brush.lineTo(canvas.clientWidth, y);
  brush.stroke();
}

// fit gives the canvas as many pixels as the screen shows of it.
function fit(canvas) {
  const ratio = devicePixelRatio || 1;
  canvas.width = Math.round(canvas.clientWidth * ratio);
  canvas.height = Math.round(canvas.clientHeight * ratio);
  const brush = canvas.getContext("2d");
  brush.scale(ratio, ratio);
  return brush;
}

function grid(brush, area, top, { color }) {
  brush.font = "11px system-ui, sans-serif";
  brush.fillStyle = brush.strokeStyle = color;
  brush.textAlign = "right";
  brush.textBaseline = "middle";
  for (const part of [0, 0.5, 1]) {
    const y = area.y + area.height * (1 - part);
    brush.globalAlpha = 0.3;
    brush.fillRect(area.x, y, area.width, 1);
    brush.globalAlpha = 1;
    brush.fillText(String(Number((top * part).toPrecision(3))), area.x - 6, y);
  }
  brush.textBaseline = "alphabetic";
}

function trace(brush, area, span, top, { points, colour, index }) {
  brush.strokeStyle = brush.fillStyle = colour;
  brush.setLineDash(DASHES[index % DASHES.length]);
  brush.lineWidth = 2;
  brush.lineJoin = "round";
  brush.beginPath();
  const at = points.map(({ x, y }) => [area.x + area.width * (1 - x / span), area.y + area.height * (1 - y / top)]);
  for (const [x, y] of at) brush.lineTo(x, y);
  brush.stroke();
  brush.setLineDash([]);
  if (at.length) brush.fillRect(at.at(-1)[0] - 2, at.at(-1)[1] - 2, 4, 4);
}

// niceTop is a round number that all fits below.
function niceTop(highest) {
  if (highest <= 0) return 1;
  const step = 10 ** Math.floor(Math.log10(highest));
  return [1, 2, 5, 10].map((n) => n * step).find((top) => top >= highest);
}
