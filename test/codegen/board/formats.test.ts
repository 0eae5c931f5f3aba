/** FuseSoC and IP-XACT files against the formats that they claim. */
import { readFileSync } from "node:fs";
import { validateXML } from "xmllint-wasm";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { knownBoards } from "../../../src/boards/index.ts";
import { packagePath } from "../../../src/platform/package.ts";
import { boardProject } from "./project.ts";

/** The part of CAPI2 that a generated core uses (FuseSoC's user guide, CAPI2 reference); anything else is refused. */
const names = z.array(z.string().min(1)).min(1);
const capi2 = z.strictObject({
  name: z.string().regex(/^[\w.-]*:[\w.-]*:[\w.-]+:[\w.-]+$/),
  description: z.string(),
  filesets: z.record(
    z.string(),
    z.strictObject({ files: names, file_type: z.literal("verilogSource-2005") }),
  ),
  targets: z.record(
    z.string(),
    z.strictObject({
      filesets: names,
      toplevel: z.string(),
      default_tool: z.string().optional(),
      tools: z.record(z.string(), z.record(z.string(), z.union([z.string(), names]))).optional(),
    }),
  ),
});

const schema = readFileSync(packagePath("test", "codegen", "board", "component.xsd"), "utf8");

async function xmlErrors(contents: string): Promise<readonly string[]> {
  const result = await validateXML({
    xml: [{ fileName: "component.xml", contents }],
    schema: [schema],
  });
  return result.errors.map(({ message }) => message);
}

it.each(knownBoards().map(({ name }) => name))("%s has a FuseSoC core of format CAPI2", (name) => {
  const files = boardProject(name);
  const text = String(files.get("firebrick.core"));
  expect(text.split("\n")[0]).toBe("CAPI=2:");
  const core = capi2.parse(parse(text.replace(/^.*\n/, ""), { merge: true }));
  const listed = Object.values(core.filesets).flatMap((set) => set.files);
  expect(listed.filter((path) => !files.has(path))).toEqual([]);
  for (const target of Object.values(core.targets)) {
    expect(target.filesets.filter((set) => !(set in core.filesets))).toEqual([]);
  }
  expect(core.targets["default"]).toBeDefined();
});

const xilinx = knownBoards().filter(({ vendor }) => vendor === "xilinx");
it.each(xilinx.map(({ name }) => name))("%s has an IP-XACT component of IEEE 1685-2009", async (name) => {
  expect(await xmlErrors(String(boardProject(name).get("component.xml")))).toEqual([]);
});

describe("the checks themselves", () => {
  const files = boardProject("pynq-z2");
  const component = String(files.get("component.xml"));

  it.each([
    [
      "an element in the wrong place",
      component.replace(/(<spirit:library>.*\n)\s*(<spirit:name>.*\n)/, "$2$1"),
    ],
    ["an unknown element", component.replace("<spirit:model>", "<spirit:moddel/><spirit:model>")],
    ["a map of a port that is not there", component.replace(/(<spirit:port><spirit:name>)aclk/, "$1clk")],
    ["a missing direction", component.replace("<spirit:direction>in</spirit:direction>", "")],
  ])("see %s", async (_, broken) => {
    expect(broken).not.toBe(component);
    expect(await xmlErrors(broken)).not.toEqual([]);
  });

  it("see a misspelt key of a core", () => {
    const text = String(files.get("firebrick.core")).replace(/^.*\n/, "").replace("toplevel", "top_level");
    expect(capi2.safeParse(parse(text, { merge: true })).success).toBe(false);
  });
});
