// Where tiles stand: pure functions from a number and a box to rectangles {x, y, width, height}.

const GAP = 8;
const WIDEST = 16 / 9;

// grid packs n tiles as large as they can be. A tile is as wide as a cinema's picture at
// most and as tall as `tallest` (width by height): upright only where the box is.
export function grid(n, box, tallest = box.width < box.height ? 3 / 4 : 4 / 3) {
  let best;
  for (let columns = 1; columns <= n; columns++) {
    const rows = Math.ceil(n / columns);
    const size = inCell((box.width - GAP * (columns - 1)) / columns, (box.height - GAP * (rows - 1)) / rows, tallest);
    if (!best || size.width * size.height > best.width * best.height * 1.01) best = { columns, rows, ...size };
  }
  return Array.from({ length: n }, (_, i) => place(i, n, best, box));
}

// inCell is the largest tile that a cell takes.
function inCell(width, height, tallest) {
  return { width: Math.max(0, Math.min(width, height * WIDEST)), height: Math.max(0, Math.min(height, width / tallest)) };
}

// place centres the rows in the box, and the tiles of the last row in it.
function place(i, n, { columns, rows, width, height }, box) {
  const row = Math.floor(i / columns), column = i % columns;
  const inRow = row === rows - 1 ? n - row * columns : columns;
  const left = (box.width - inRow * width - (inRow - 1) * GAP) / 2;
  const top = (box.height - rows * height - (rows - 1) * GAP) / 2;
  return { x: box.x + left + column * (width + GAP), y: box.y + top + row * (height + GAP), width, height };
}

// spotlight gives the first tile nearly everything, and the others a strip: beside it in
// a wide box, below it in a tall one.
export function spotlight(n, box) {
  if (n < 2) return grid(n, box, 0);
  const wide = box.width > box.height;
  const strip = Math.min(wide ? 280 : 200, Math.max(wide ? 120 : 96, (wide ? box.width : box.height) * 0.2));
  const rest = (wide ? box.width : box.height) - strip - GAP;
  const main = wide ? { ...box, width: rest } : { ...box, height: rest };
  const side = wide
    ? { x: box.x + rest + GAP, y: box.y, width: strip, height: box.height }
    : { x: box.x, y: box.y + rest + GAP, width: box.width, height: strip };
  return [main, ...grid(n - 1, side, 1)];
}

// corner is the place of a small tile over the lower right of a box.
export function corner(box) {
  const tall = box.height > box.width;
  const width = Math.min(260, Math.max(96, box.width * (tall ? 0.3 : 0.22)));
  const height = tall ? width * 4 / 3 : width * 9 / 16;
  return { x: box.x + box.width - width - GAP, y: box.y + box.height - height - GAP, width, height };
}
