// Icons that scripts add. Their shapes are symbols in the page.

const SVG = "http://www.w3.org/2000/svg";

// icon is the picture of a symbol.
export const icon = (name) => picture(`icon-${name}`);

// picture shows the symbol of an id; it says nothing to a screen reader.
export function picture(id, className) {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  if (className) svg.setAttribute("class", className);
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#${id}`);
  svg.append(use);
  return svg;
}
