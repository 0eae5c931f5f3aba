/** The netlist that Yosys makes of the small engine runs a fused block, depthwise and pointwise, as the golden model does. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect, it } from "vitest";
import { generateSmall } from "../../../codegen/small/generate.ts";
import { networkStream } from "../../../codegen/small/stream.ts";
import { writeFiles } from "../../../codegen/write.ts";
import { benchRandom, verilateModule } from "../../../sim/bench/index.ts";
import { smallRunner } from "../../../sim/small/run.ts";
import { scheduleSmall } from "../../../src/4-schedule/small/schedule.ts";
import { boardByName } from "../../../src/boards/index.ts";
import { runGolden } from "../../../src/golden/run.ts";
import { inTemporaryFolder } from "../../cli/helper.ts";
import { sketch } from "../../networks/sketch.ts";
import { yosysShare } from "../../rtl/vendor/side-by-side.ts";

/** Yosys's models of the iCE40's cells, without what Verilog-2005 does not have: values of unconnected inputs, $fatal. */
function cellModels(): string {
  const text = readFileSync(join(yosysShare(), "ice40", "cells_sim.v"), "utf8");
  return `\`define NO_ICE40_DEFAULT_ASSIGNMENTS\n${text.replace(/\$fatal\(1, "[^"]*"\)/g, "$stop")}`;
}

it("runs a block bit by bit as the golden model does", () =>
  inTemporaryFolder(async (folder) => {
    const block = sketch("block", [6, 6, 64])
      .depthwise({ kernel: [3, 3], same: true })
      .conv(128, { kernel: [1, 1] });
    const graph = block.graph();
    const board = boardByName("icebreaker");
    const plan = scheduleSmall(graph, board.name);
    writeFiles(generateSmall(plan, board), folder);

    const sources = readFileSync(join(folder, "board", "files.f"), "utf8")
      .trim()
      .split("\n");
    const engine = sources.filter((file) => !file.startsWith("board/"));
    const script = `read_verilog ${engine.join(" ")}; synth_ice40 -top small_engine; write_verilog -noattr netlist.v`;
    await execa("yosys", ["-q", "-p", script], { cwd: folder });
    const cells = readFileSync(join(folder, "netlist.v"), "utf8").match(/^ {2}SB_\w+/gm) ?? [];
    const count = (type: string): number => cells.filter((cell) => cell.trim() === type).length;
    expect([count("SB_MAC16"), count("SB_SPRAM256KA"), count("SB_RAM40_4K")]).toEqual([8, 4, 21]);
    writeFileSync(join(folder, "cells.v"), cellModels());

    const files = ["netlist.v", "cells.v"].map((name) => join(folder, name));
    const dut = await verilateModule({ top: "small_engine", files, libraries: [folder] });
    try {
      for (const port of dut.ports.values()) if (port.direction === "input") dut.poke(port.name, 0);
      dut.reset(8);
      const random = benchRandom(3);
      const input = Int8Array.from({ length: 6 * 6 * 64 }, () => random.below(256) - 128);
      const golden = runGolden(graph, input);
      const expected = plan.layers.map(({ operator }) => golden.maps.get(operator.output)!);
      const image = smallRunner(
        dut,
        networkStream(plan),
        board.smallEngine!.flash.offset,
      )({ plan, input, expected });
      expect({ failure: image.failure, first: image.divergence }).toEqual({ failure: null, first: null });
      expect(image.output).toEqual(expected[1]);
    } finally {
      dut.close();
    }
  }));
