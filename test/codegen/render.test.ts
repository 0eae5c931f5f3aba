import { describe, expect, test } from "vitest";
import { renderText, type View } from "../../codegen/render.ts";
import { verilog, html } from "../../codegen/text/languages.ts";

const ofVerilog = (text: string, view: View) => renderText(text, "verilog", view, "case");

describe("renderText", () => {
  test("puts numbers and code in as they are", () => {
    const view = {
      width: 4,
      ports: [
        { code: verilog`a < b`, index: 0 },
        { code: verilog`c[1]`, index: 1 },
      ],
    };
    expect(ofVerilog("{{#each ports}}q <= {{code}} & {{@root.width}}'d{{index}};\n{{/each}}", view)).toBe(
      "q <= a < b & 4'd0;\nq <= c[1] & 4'd1;\n",
    );
  });

  test("lets text through the functions of its language alone", () => {
    const view = { name: "x;\n$finish", list: ["a"] };
    expect(ofVerilog("// {{comment name}}", view)).toBe("// x;_$finish");
    expect(() => ofVerilog("{{name}}", view)).toThrow(
      "name is text, which comment or digits or identifier or string escapes",
    );
    expect(() => ofVerilog("{{#each list}}{{this}}{{/each}}", view)).toThrow("this is text");
    expect(() => ofVerilog("{{{name}}}", view)).toThrow("name is text");
    expect(() => ofVerilog("{{&name}}", view)).toThrow("name is text");
    expect(() => ofVerilog("{{identifier name}}", view)).toThrow("no identifier");
    expect(() => ofVerilog("{{text name}}", view)).toThrow();
  });

  test("takes no code of another language, and none that only looks like it", () => {
    expect(() => ofVerilog("{{x}}", { x: html`<b></b>` })).toThrow("x is no verilog");
    const forged = { language: "verilog", toString: () => "$finish" } as unknown as string;
    expect(() => ofVerilog("{{x}}", { x: forged })).toThrow("internal error");
  });

  test("chooses with booleans", () => {
    const text = "{{#if packer}}with{{else}}without{{/if}}";
    expect(ofVerilog(text, { packer: true })).toBe("with");
    expect(ofVerilog(text, { packer: false })).toBe("without");
    expect(() => ofVerilog(text, { packer: 1 })).toThrow("case: #if of number, not of a boolean");
    expect(() => ofVerilog(text, {})).toThrow();
  });

  test("refuses a name that the view lacks", () => {
    expect(() => ofVerilog("{{depth}}", { dept: 1 })).toThrow(/depth/);
    expect(() => ofVerilog("{{comment depth}}", { dept: 1 })).toThrow(/comment of undefined/);
  });

  test.each([
    ["null", null, "null"],
    ["undefined", undefined, "undefined"],
    ["NaN", NaN, "NaN"],
    ["infinity", Infinity, "Infinity"],
  ])("refuses %s in a view and says where", (_what, value, found) => {
    const view = { buffers: [{ depth: value }] } as unknown as View;
    expect(() => renderText("", "verilog", view, "top.v")).toThrow(
      `internal error: top.v.buffers.0.depth is ${found}`,
    );
  });
});
