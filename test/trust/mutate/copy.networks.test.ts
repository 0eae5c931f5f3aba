/** The short form of `npm run mutate`: one mutant of each language that tests notice, and none where nothing changed. */
import { afterAll, expect, it } from "vitest";
import { applied } from "./mutant.ts";
import { Copy } from "./copy.ts";
import { subjects } from "./subjects.ts";

const copy = new Copy();
afterAll(() => copy.remove());

it.each([
  ["hw/rtl/sync_fifo.v", "if (push != pop)", "if (push)"],
  ["src/golden/conv.ts", "to += channels", "to -= channels"],
])("notices a mutant of %s, and not the file itself", async (file, from, to) => {
  const subject = subjects().find((one) => one.file === file)!;
  const start = subject.source.indexOf(from);
  expect(start).toBeGreaterThan(0);
  const mutant = { start, end: start + from.length, text: to };
  expect(await copy.notices(subject, applied(subject.source, mutant))).toBe(true);
  expect(await copy.notices(subject, subject.source)).toBe(false);
});

it("notices a mutant that hangs, however long a test may take", async () => {
  const hasty = new Copy(8);
  try {
    const subject = subjects().find((one) => one.file === "src/golden/rescale.ts")!;
    const text = subject.source.replace("const { table } = scale;", "for (;;);");
    expect(text).not.toBe(subject.source);
    expect(await hasty.notices(subject, text)).toBe(true);
    expect(await hasty.notices(subject, subject.source)).toBe(false);
  } finally {
    hasty.remove();
  }
});
