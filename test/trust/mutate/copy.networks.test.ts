/** The short form of `npm run mutate`: one mutant of each language that tests notice, and none where nothing changed. */
import { afterAll, expect, it } from "vitest";
import { applied } from "./mutant.ts";
import { Copy } from "./copy.ts";
import { subjects } from "./subjects.ts";

const copy = new Copy();
afterAll(() => copy.remove());

it.each([
  ["hw/rtl/sync_fifo.v", "if (push && !pop)", "if (push)"],
  ["src/golden/conv.ts", "at.patch + i", "at.patch - i"],
])("notices a mutant of %s, and not the file itself", async (file, from, to) => {
  const subject = subjects().find((one) => one.file === file)!;
  const start = subject.source.indexOf(from);
  expect(start).toBeGreaterThan(0);
  const mutant = { start, end: start + from.length, text: to };
  expect(await copy.notices(subject, applied(subject.source, mutant))).toBe(true);
  expect(await copy.notices(subject, subject.source)).toBe(false);
});
