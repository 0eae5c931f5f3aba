/** The project for the iCEBreaker: its files, and what they say. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { writeFiles } from "../../../codegen/write.ts";
import { lint, lintTools } from "../../../hw/lint/lint.ts";
import { buildProject } from "../../../sim/synth/project.ts";
import { boardByName } from "../../../src/boards/index.ts";
import { compileSmall } from "../../support/compiled.ts";
import { inTemporaryFolder } from "../../cli/helper.ts";
import { sketch } from "../../networks/sketch.ts";

const board = boardByName("icebreaker");
const network = () =>
  sketch("block", [6, 6, 3])
    .conv(8, { kernel: [3, 3], same: true })
    .graph();

it("is the same every time, and whole", () =>
  inTemporaryFolder(async (folder) => {
    const { files } = compileSmall(network(), board);
    expect([...compileSmall(network(), board).files]).toEqual([...files]);
    writeFiles(files, folder);
    const core = parse(String(files.get("firebrick.core")).replace("CAPI=2:", "")) as {
      filesets: { rtl: { files: string[] } };
      targets: { default: { toplevel: string } };
    };
    const listed = readFileSync(join(folder, "files.f"), "utf8").trim().split("\n");
    expect(core.filesets.rtl.files).toEqual(listed);
    expect(core.targets.default.toplevel).toBe("small_system");
    for (const tool of lintTools)
      expect(
        await lint(
          tool,
          "small_system",
          listed.map((file) => join(folder, file)),
        ),
        tool,
      ).toBe("");
    // every pin of the constraints is a port of the top, and the other way round
    const constrained = [...String(files.get("board/icebreaker.pcf")).matchAll(/^set_io (\w+) \d+$/gm)];
    const ports = [
      ...String(files.get("board/icebreaker.v")).matchAll(/^ {4}(?:in|out|inout)\w* +wire (\w+)/gm),
    ];
    expect(constrained.map(([, name]) => name).sort()).toEqual(ports.map(([, name]) => name).sort());
    const manifest = JSON.parse(String(files.get("manifest.json"))) as { top: string; files: object };
    expect(manifest.top).toBe("small_engine");
    expect(Object.keys(manifest.files)).toEqual(expect.arrayContaining(["Makefile", "memory/network.bin"]));
  }));

it("has a host script that packs pictures and reads answers as small_host.v does", () =>
  inTemporaryFolder(async (folder) => {
    writeFiles(compileSmall(network(), board).files, folder);
    const script =
      "import sys; sys.path.insert(0, 'host'); import classify as c\n" +
      "sent = c.request(bytes(range(108)))\n" +
      "print(sent[:6].hex(), len(sent), c.answer(bytes.fromhex('46 0201 fe 78563412')))\n";
    const { stdout } = await execa("python3", ["-B", "-c", script], { cwd: folder });
    expect(stdout).toBe("460324000001 112 (258, -2, 305419896)");
  }));
it("builds a bitstream that meets its clock in the device, as report --synth says", () =>
  inTemporaryFolder(async (folder) => {
    const { files } = compileSmall(network(), board);
    writeFiles(files, folder);
    await execa("make", ["-s"], { cwd: folder });
    expect(existsSync(join(folder, "build", "firebrick.bin"))).toBe(true);
    const report = JSON.parse(readFileSync(join(folder, "build", "report.json"), "utf8")) as {
      fmax: Record<string, { achieved: number; constraint: number }>;
      utilization: Record<string, { used: number; available: number }>;
    };
    const { achieved, constraint } = report.fmax.clk!;
    expect(constraint).toBe(24);
    expect(achieved).toBeGreaterThanOrEqual(24);
    const used = (cell: string): number | undefined => report.utilization[cell]?.used;
    expect(used("ICESTORM_DSP")).toBe(8);
    expect(used("ICESTORM_SPRAM")).toBe(4);
    expect(used("ICESTORM_RAM")).toBe(21);
    expect(used("ICESTORM_LC")).toBeLessThanOrEqual(4600);
    const { placement } = await buildProject(files, board, {});
    expect(placement.fmaxMHz).toBe(achieved);
    for (const { cell, ...counts } of placement.utilization) expect(report.utilization[cell]).toEqual(counts);
  }));
