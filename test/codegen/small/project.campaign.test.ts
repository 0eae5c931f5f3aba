/** The project for the iCEBreaker through its Makefile, with the real tools. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect, it } from "vitest";
import { writeFiles } from "../../../codegen/write.ts";
import { buildProject } from "../../../sim/synth/project.ts";
import { boardByName } from "../../../src/boards/index.ts";
import { compileSmall } from "../../support/compiled.ts";
import { inTemporaryFolder } from "../../cli/helper.ts";
import { sketch } from "../../networks/sketch.ts";

it("builds a bitstream that meets its clock in the device, as report --synth says", () =>
  inTemporaryFolder(async (folder) => {
    const board = boardByName("icebreaker");
    const network = sketch("block", [6, 6, 3]).conv(8, { kernel: [3, 3], same: true });
    const { files } = compileSmall(network.graph(), board);
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
