/** Search over the pages: the index lies beside this script, nothing is asked of a server. */
import MiniSearch from "minisearch";

interface Section {
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

const input = document.getElementById("search") as HTMLInputElement;
const results = document.getElementById("found") as HTMLElement;
let index: Promise<MiniSearch<Section>> | undefined;

async function readIndex(): Promise<MiniSearch<Section>> {
  const response = await fetch(new URL("sections.json", import.meta.url));
  const made = new MiniSearch<Section>({
    fields: ["title", "text"],
    storeFields: ["title"],
    searchOptions: { prefix: true, fuzzy: 0.2, boost: { title: 3 } },
  });
  made.addAll((await response.json()) as Section[]);
  return made;
}

async function search(): Promise<void> {
  const words = input.value;
  const found = (await (index ??= readIndex())).search(words).slice(0, 12);
  if (words !== input.value) return;
  results.replaceChildren(
    ...found.map(({ id, title }) => {
      const entry = document.createElement("li");
      const link = entry.appendChild(document.createElement("a"));
      link.href = String(id);
      link.textContent = String(title);
      return entry;
    }),
  );
}

input.addEventListener("input", () => void search());
