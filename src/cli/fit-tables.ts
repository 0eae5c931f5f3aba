/** Tables on their way to a terminal: no wider than it, so that no row breaks into two. */

/** A cell that is cut keeps so many characters. */
const LEAST = 8;
/** A frame's character and the spaces around a cell. */
const FRAME = 3;

/** The text with every framed table at most `width` characters wide, where its cells can be cut so far: the widest first, in their middle. */
export function fitTables(text: string, width: number): string {
  const lines = text.split("\n");
  const fitted: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    const end = line.startsWith("┌") ? lines.indexOf(`└${bottomOf(line)}`, at) : -1;
    if (end < 0) {
      fitted.push(line);
      continue;
    }
    fitted.push(...fitTable(lines.slice(at, end + 1), width));
    at = end;
  }
  return fitted.join("\n");
}

/** What a table ends with that begins with this line. */
const bottomOf = (top: string): string => top.slice(1).replaceAll("┬", "┴").replace("┐", "┘");

function fitTable(lines: readonly string[], width: number): readonly string[] {
  const [top = ""] = lines;
  const wide = top
    .slice(1, -1)
    .split("┬")
    .map((rule) => rule.length - 2);
  const widths = narrowed(wide, width);
  if (widths.every((size, column) => size === wide[column])) return lines;
  return lines.map((line) => {
    const cells = line.split("│");
    if (cells.length !== wide.length + 2) return ruled(line, widths);
    return `│${cells
      .slice(1, -1)
      .map((cell, column) => ` ${cut(cell.slice(1, -1), widths[column] ?? cell.length)} `)
      .join("│")}│`;
  });
}

/** A line of a frame with the new widths. */
function ruled(line: string, widths: readonly number[]): string {
  const [joint = ""] = /[┬┼┴]/.exec(line) ?? [];
  return `${line.slice(0, 1)}${widths.map((size) => "─".repeat(size + 2)).join(joint)}${line.slice(-1)}`;
}

/** The widths of the columns, taken from the widest until all fit or nothing more can be taken. */
function narrowed(widths: readonly number[], width: number): readonly number[] {
  const sizes = [...widths];
  let over = sizes.reduce((sum, size) => sum + size + FRAME, 1) - width;
  while (over > 0) {
    const widest = Math.max(...sizes);
    if (widest <= LEAST) return widths;
    sizes[sizes.indexOf(widest)] = widest - 1;
    over--;
  }
  return sizes;
}

/** Exactly so many characters of a cell; what stood to one side stays there. */
function cut(cell: string, size: number): string {
  const plain = cell.trim();
  if (plain.length <= size) return cell.startsWith(" ") ? plain.padStart(size) : plain.padEnd(size);
  const front = Math.ceil((size - 1) / 2);
  return `${plain.slice(0, front)}…${plain.slice(plain.length - (size - 1 - front))}`;
}
