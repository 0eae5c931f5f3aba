/** Text and numbers on their way into HTML: templates do not escape. */

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (found) => entities[found] ?? found);
}

/** A number for people, with its exact value, as the JSON has it, for machines. */
export function dataCell(value: number, digits = 0): string {
  const shown = Number.isInteger(value)
    ? value.toLocaleString("en-US")
    : value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `<data value="${value}">${shown}</data>`;
}
