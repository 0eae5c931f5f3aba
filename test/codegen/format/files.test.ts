import { readFileSync, readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { formatFiles } from "../../../codegen/format/files.ts";
import { phaseWords } from "../../../src/format/descriptor.ts";
import { placesOf } from "../../../src/format/fields.ts";
import { registers } from "../../../src/format/registers.ts";
import { packagePath } from "../../../src/platform/package.ts";

it.each([...formatFiles()])("%s is what `npm run formats` makes of the tables", (path, text) => {
  expect(readFileSync(packagePath(path), "utf8")).toBe(text);
});

it("modules that are handed the words of a phase have as many bits by default as the top gives them", () => {
  const defaults = ["patch_packer", "sequencer", "step_walker"].map((name) => {
    const text = readFileSync(packagePath("hw", "rtl", `${name}.v`), "utf8");
    return /parameter PhaseW\s*= (\d+),/.exec(text)?.[1];
  });
  expect(defaults).toEqual(defaults.map(() => String(32 * phaseWords.length)));
});

it("the host behind a serial line has the registers where the table has them", () => {
  const text = readFileSync(packagePath("hw", "rtl", "array_host.v"), "utf8");
  const written = [...text.matchAll(/\b(\w+)Reg = 8'h(\w+)/g)].map(([, name, hex]) => [
    name,
    parseInt(hex!, 16),
  ]);
  const { control, cycles, error, errorAddress, errorPlace, input, keep, model, output, workspace } =
    registers;
  expect(Object.fromEntries(written)).toEqual({
    ...{ Control: control.address, Model: model.address, Picture: input.address, Result: output.address },
    ...{ Workspace: workspace.address, Cycles: cycles.address, Error: error.address, Keep: keep.address },
    ...{ Place: errorPlace.address, Address: errorAddress.address },
  });
  // of these it sends 16 bits
  const bits = placesOf([error.bits, errorPlace.bits]).map(({ field, lsb }) => lsb + field.bits);
  expect(Math.max(...bits)).toBeLessThanOrEqual(16);
  // done is bit 1 of the control register
  expect(Object.keys(control.bits).slice(0, 2)).toEqual(["start", "done"]);
});

it("no other module says where a field lies in the descriptor or the header", () => {
  const made = formatFiles();
  const written = readdirSync(packagePath("hw", "rtl"))
    .map((name) => `hw/rtl/${name}`)
    .filter((path) => path.endsWith(".v") && !made.has(path));
  expect(written.length).toBeGreaterThan(40);
  for (const path of written) {
    const positions = readFileSync(packagePath(path), "utf8").match(
      /\b(?:cfg|desc|fields|header)\w*\[\d[\d *+-]*(?:\+?:[^\]]*)?\]/g,
    );
    expect(positions ?? [], path).toEqual([]);
  }
});
