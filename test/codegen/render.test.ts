import { describe, expect, test } from "vitest";
import { renderText } from "../../codegen/render.ts";

describe("renderText", () => {
  test("puts names and numbers in without escaping Verilog", () => {
    const text = "{{#each ports}}q <= {{name}} & {{@root.width}}'d{{index}};\n{{/each}}";
    const view = {
      width: 4,
      ports: [
        { name: "a<b", index: 0 },
        { name: "'c", index: 1 },
      ],
    };
    expect(renderText(text, view, "case")).toBe("q <= a<b & 4'd0;\nq <= 'c & 4'd1;\n");
  });

  test("chooses with booleans", () => {
    const text = "{{#if packer}}with{{else}}without{{/if}}";
    expect(renderText(text, { packer: true }, "case")).toBe("with");
    expect(renderText(text, { packer: false }, "case")).toBe("without");
    expect(() => renderText(text, { packer: 1 }, "case")).toThrow("case: #if of number, not of a boolean");
    expect(() => renderText(text, {}, "case")).toThrow();
  });

  test("refuses a name that the view lacks", () => {
    expect(() => renderText("{{depth}}", { dept: 1 }, "case")).toThrow(/depth/);
  });

  test.each([
    ["null", null, "null"],
    ["undefined", undefined, "undefined"],
    ["NaN", NaN, "NaN"],
    ["infinity", Infinity, "Infinity"],
  ])("refuses %s in a view and says where", (_what, value, found) => {
    expect(() => renderText("", { buffers: [{ depth: value }] }, "top.v")).toThrow(
      `internal error: top.v.buffers.0.depth is ${found}`,
    );
  });
});
