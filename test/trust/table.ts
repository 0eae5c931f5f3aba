/** Rows under a head; columns of numbers to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const columns = head.map((name, column) => {
    const cells = rows.map((row) => row[column] ?? "");
    const isNumber = cells.every((cell) => /^[\d.]+$/.test(cell));
    const width = Math.max(...[name, ...cells].map(({ length }) => length));
    return { isNumber, width };
  });
  const line = (row: readonly string[]) =>
    columns
      .map(({ isNumber, width }, i) =>
        isNumber ? (row[i] ?? "").padStart(width) : (row[i] ?? "").padEnd(width),
      )
      .join("  ")
      .trimEnd();
  return `${[head, ...rows].map(line).join("\n")}\n`;
}
