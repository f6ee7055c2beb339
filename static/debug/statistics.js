// What the quality events told in the last minutes: charts, and a table with the figures
// of this moment, which is the legend, too.

import { create } from "../ui/element.js";
import { label, say, write } from "../ui/language.js";
import { draw, stroke } from "./chart.js";

const MINUTE = 60_000; // ms
const SPAN = 5 * MINUTE;

// METRICS are what is drawn: of each the digits after the point.
const METRICS = { bitrate: 0, fps: 0, rtt: 0, loss: 1, height: 0 };
const COLOURS = 6;
const DIRECTIONS = { publishQualityUpdate: "published", playQualityUpdate: "played" };

export class Statistics {
  #series = new Map(); // by direction and stream id
  #canvases = {};
  #body;
  #queued = 0;

  constructor(root, n) {
    root.append(this.#table(n), this.#charts());
    this.observer = new ResizeObserver(() => this.#soon());
    this.observer.observe(root);
    this.scheme = matchMedia("(prefers-color-scheme: dark)");
    this.onScheme = () => this.#soon();
    this.scheme.addEventListener("change", this.onScheme);
  }

  // take notes what a quality event tells.
  take(name, [streamID, stats]) {
    const direction = DIRECTIONS[name];
    if (!direction) return;
    const key = `${direction} ${streamID}`;
    if (!this.#series.has(key)) this.#add(key, direction, streamID);
    const series = this.#series.get(key);
    const now = performance.now();
    series.points = [...series.points.filter(({ time }) => now - time < SPAN), { time: now, ...figures(stats) }];
    this.#soon();
  }

  refresh() { this.#paint(); }

  close() {
    this.observer.disconnect();
    this.scheme.removeEventListener("change", this.onScheme);
  }

  #add(key, direction, streamID) {
    const index = this.#series.size;
    const row = this.#body.insertRow();
    const swatch = create("canvas", { className: `swatch series-${index % COLOURS}`, ariaHidden: "true" });
    row.append(create("th", { scope: "row" }, swatch, create("span", {}, ` ${streamID}`)));
    write(row.insertCell(), `debug.${direction}`);
    this.#series.set(key, { index, swatch, points: [], cells: Object.keys(METRICS).map(() => row.insertCell()) });
  }

  #soon() { this.#queued ||= setTimeout(() => this.#paint(), 50); }

  #paint() {
    this.#queued = 0;
    const now = performance.now();
    for (const { cells, points, swatch, index } of this.#series.values()) {
      Object.keys(METRICS).forEach((metric, i) => { cells[i].textContent = shown(metric, points.at(-1)); });
      stroke(swatch, index);
    }
    const span = this.#span(now);
    const labels = { left: say("debug.ago", { n: span / MINUTE }), right: say("debug.now") };
    for (const [metric, canvas] of Object.entries(this.#canvases)) {
      const lines = [...this.#series.values()].map(({ points, swatch, index }) => ({
        index, colour: getComputedStyle(swatch).color,
        points: points.filter((it) => it[metric] !== undefined && now - it.time <= span).map((it) => ({ x: now - it.time, y: it[metric] })),
      }));
      draw(canvas, lines, span, labels);
    }
  }

  // span is how much is drawn: whole minutes, until there are five.
  #span(now) {
    const age = Math.max(0, ...[...this.#series.values()].map(({ points }) => now - points[0].time));
    return Math.min(SPAN, MINUTE * Math.max(1, Math.ceil(age / MINUTE)));
  }

  #table(n) {
    const table = create("table");
    const head = table.createTHead().insertRow();
    write(table.createCaption(), "debug.figures");
    for (const word of ["stream", "direction", ...Object.keys(METRICS)]) {
      const cell = create("th", { scope: "col" });
      write(cell, `debug.${word}`);
      head.append(cell);
    }
    this.#body = table.createTBody();
    const box = create("div", { className: "scroll", tabIndex: 0, role: "region" }, table);
    label(box, "debug.statisticsOf", { n });
    return box;
  }

  #charts() {
    const charts = Object.keys(METRICS).map((metric) => {
      const caption = create("figcaption", { className: "small" });
      const canvas = create("canvas", { role: "img" });
      write(caption, `debug.chart.${metric}`);
      canvas.dataset.wordLabel = `debug.chart.${metric}`;
      this.#canvases[metric] = canvas;
      return create("figure", {}, caption, canvas);
    });
    return create("div", { className: "charts" }, ...charts);
  }
}

// figures are what is drawn of an event's statistics.
function figures({ video = {}, audio = {}, currentRoundTripTime }) {
  const loss = video.videoPacketsLostRate ?? audio.audioPacketsLostRate;
  return {
    bitrate: (video.videoBitrate ?? 0) + (audio.audioBitrate ?? 0),
    fps: video.videoFPS,
    rtt: currentRoundTripTime === undefined ? undefined : currentRoundTripTime * 1000,
    loss: loss === undefined ? undefined : loss * 100,
    height: video.frameHeight, width: video.frameWidth,
  };
}

// shown is a figure with its unit.
function shown(metric, point) {
  const value = point?.[metric];
  if (value === undefined) return "–";
  if (metric === "height") return point.width ? `${point.width} × ${value}` : "–";
  return say(`debug.unit.${metric}`, { n: value.toFixed(METRICS[metric]) });
}
