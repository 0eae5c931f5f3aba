/** Elements of the page. Text of models is text everywhere: no markup is made of it. */
import type { Told } from "./messages.ts";

export function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no ${id}`);
  return found;
}

export function field(id: string): HTMLInputElement | HTMLSelectElement {
  return element(id) as HTMLInputElement | HTMLSelectElement;
}

export function clear(id: string): void {
  element(id).replaceChildren();
}

/** An element that holds text. */
export function cells(tag: string, text: string): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}

/** Options behind the first one. */
export function choices(select: HTMLSelectElement, values: readonly string[]): void {
  select.append(...values.map((value) => new Option(value, value)));
}

/** Names and values into a `dl`. */
export function list(id: string, entries: Readonly<Record<string, string>>): void {
  element(id).replaceChildren(
    ...Object.entries(entries).map(([name, value]) => {
      const group = document.createElement("div");
      group.append(cells("dt", name), cells("dd", value));
      return group;
    }),
  );
}

/** Sorts a table by a column, numbers by size; largest first, and the other way round when it is asked again. */
function sortBy(header: HTMLElement, column: number): void {
  const falls = header.getAttribute("aria-sort") !== "descending";
  for (const other of header.parentElement?.children ?? []) other.removeAttribute("aria-sort");
  header.setAttribute("aria-sort", falls ? "descending" : "ascending");
  const body = header.closest("table")?.tBodies[0];
  const key = (row: Element): string => row.children[column]?.textContent.replaceAll(",", "") ?? "";
  const compare = new Intl.Collator("en", { numeric: true });
  const order = (a: Element, b: Element): number =>
    Number.parseFloat(key(a)) - Number.parseFloat(key(b)) || compare.compare(key(a), key(b));
  const rows = [...(body?.rows ?? [])].sort((a, b) => (falls ? order(b, a) : order(a, b)));
  body?.append(...rows);
}

/** Rows into the `table` of that id, which its head sorts. */
export function table(id: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const header = document.createElement("thead");
  const headRow = header.appendChild(document.createElement("tr"));
  for (const [column, name] of head.entries()) {
    const cell = cells("th", "");
    cell.setAttribute("scope", "col");
    const button = cells("button", name);
    button.setAttribute("type", "button");
    button.addEventListener("click", () => {
      sortBy(cell, column);
    });
    cell.append(button);
    headRow.append(cell);
  }
  const body = document.createElement("tbody");
  for (const row of rows) {
    const line = body.appendChild(document.createElement("tr"));
    line.append(...row.map((text, i) => cells(i === 0 ? "th" : "td", text)));
    line.firstElementChild?.setAttribute("scope", "row");
  }
  element(id).replaceChildren(header, body);
}

/** Problems, each with what was found and how to mend it. */
export function problemList(problems: readonly Told[]): HTMLElement {
  const made = document.createElement("ul");
  made.append(
    ...problems.map(({ code, fix, found, node, supported }) => {
      const entry = cells("li", "");
      entry.append(
        cells("strong", `${node}: `),
        `${found}. Supported: ${supported}. `,
        cells("em", fix),
        ` (${code})`,
      );
      return entry;
    }),
  );
  return made;
}
