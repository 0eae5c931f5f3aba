import { readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { kernelFolder } from "../../codegen/kernels.ts";
import { lint, lintTools } from "../../hw/lint/lint.ts";
import { packagePath } from "../../src/ir/package-root.ts";
import { inTemporaryFolder } from "../cli/helper.ts";

const folder = packagePath("hw", "rtl");
const files = [folder, kernelFolder()]
  .flatMap((parent) => readdirSync(parent).map((name) => join(parent, name)))
  .filter((name) => name.endsWith(".v"));
const modules = files.map((name) => basename(name, ".v"));

describe.each(lintTools)("%s", (tool) => {
  it.each(modules)("finds nothing in %s", async (top) => {
    expect(await lint(tool, top, files)).toBe("");
  });

  it("finds a port of the wrong width and a missing module", () =>
    inTemporaryFolder(async (root) => {
      const narrow =
        "module narrow (input wire [3:0] a_i, output wire [3:0] b_o);\n  assign b_o = a_i;\nendmodule\n";
      const top = (body: string) =>
        `module top (input wire [7:0] a_i, output wire [3:0] b_o);\n${body}endmodule\n`;
      const wrong = join(root, "top.v");
      const other = join(root, "narrow.v");
      writeFileSync(other, narrow);
      writeFileSync(wrong, top("  narrow u_narrow (.a_i(a_i), .b_o(b_o));\n"));
      expect(await lint(tool, "top", [wrong, other])).not.toBe("");
      writeFileSync(wrong, top("  absent u_absent (.a_i(a_i), .b_o(b_o));\n"));
      expect(await lint(tool, "top", [wrong, other])).not.toBe("");
      writeFileSync(
        wrong,
        top("  narrow u_narrow (.a_i(a_i[3:0]), .b_o(b_o));\n  wire unused = &{1'b0, a_i};\n"),
      );
      expect(await lint(tool, "top", [wrong, other])).toBe("");
    }));
});
