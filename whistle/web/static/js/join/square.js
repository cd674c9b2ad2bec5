/** A QR code drawn from rows of "0" and "1": one path, no style, black on white in any scheme. */

const SVG = "http://www.w3.org/2000/svg";
const QUIET = 4; // modules of white around it, as the standard asks for

function made(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

/** The path of all dark modules, row by row; neighbours are one stroke. Pure. */
export const pathOf = (rows) =>
  rows
    .flatMap((row, y) =>
      [...row.matchAll(/1+/g)].map(({ index, 0: run }) => {
        const [x, width] = [index + QUIET, run.length];
        return `M${x} ${y + QUIET}h${width}v1h-${width}z`;
      }),
    )
    .join("");

/** The picture, named `label` for those who do not see it. */
export function drawn(rows, label) {
  const size = rows.length + 2 * QUIET;
  const square = made("svg", { viewBox: `0 0 ${size} ${size}`, role: "img", "aria-label": label, class: "square" });
  square.append(
    made("rect", { width: size, height: size, fill: "#fff" }),
    made("path", { d: pathOf(rows), fill: "#000", "shape-rendering": "crispEdges" }),
  );
  return square;
}
