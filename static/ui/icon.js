// Icons that scripts add. Their shapes are symbols in the page.

const SVG = "http://www.w3.org/2000/svg";

// icon is the picture of a symbol; it says nothing to a screen reader.
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}
