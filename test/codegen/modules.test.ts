import { expect, test } from "vitest";
import { modulesOf } from "../../codegen/modules.ts";

test("finds instances with and without parameters, each module behind what it needs", () => {
  const top =
    "// delay_line #(\nmodule top;\n  row_select u_select (.a(b));\n  sync_fifo #(\n .Width(1)) u_fifo ();\nendmodule";
  const names = modulesOf(top).map(({ name }) => name);
  expect(names).toContain("sync_fifo");
  expect(names).toContain("row_select");
  expect(names).not.toContain("delay_line");
  expect(names).not.toContain("pe_array");
});

test("follows instances into modules", () => {
  const names = modulesOf("pe_array #(.Pk(8)) u_array ();").map(({ name }) => name);
  expect(names.at(-1)).toBe("pe_array");
  for (const [inner, outer] of [
    ["mac_lane", "lane"],
    ["window_shifter", "lane"],
    ["lane", "pe_array"],
  ] as const) {
    expect(names.indexOf(inner), inner).toBeGreaterThanOrEqual(0);
    expect(names.indexOf(inner), inner).toBeLessThan(names.indexOf(outer));
  }
  expect(new Set(names).size).toBe(names.length);
});
