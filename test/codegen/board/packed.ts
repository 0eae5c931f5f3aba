/** What Yosys says of projects with two products a DSP block. */
import { join } from "node:path";
import { writeFiles } from "../../../codegen/write.ts";
import { inTemporaryFolder } from "../../cli/helper.ts";
import { yosys } from "../../support/yosys.ts";
import { boardProject } from "./project.ts";

/** Boards, and where Yosys has models of their cells. */
export const packedBoards: readonly (readonly [name: string, models: string])[] = [
  ["arty-a7-100t", "xilinx"],
  ["ultra96-v2", "xilinx"],
  ["pynq-z2", "xilinx"],
  ["ulx3s-85f", "ecp5"],
];

/** Yosys warns of nothing and finds no latch in the project of `size` lanes and multipliers a lane. */
export function expectNoWarning([name, models]: (typeof packedBoards)[number], size: 8 | 16): Promise<void> {
  return inTemporaryFolder(async (folder) => {
    const project = boardProject(name, { pk: size, pc: size, packed: true });
    writeFiles(project, folder);
    const list = `${String(project.get("board/files.f"))}board/firebrick_axi.v`;
    const files = list.split("\n").map((file) => join(folder, file));
    const script = (verilog: string) =>
      [
        `read_verilog -lib +/${models}/cells_sim.v; read_verilog -defer ${verilog}`,
        "hierarchy -check -top firebrick_axi; proc; check -assert",
        "select -assert-none t:$dlatch t:$adlatch",
      ].join("; ");
    await yosys(files, script, { strict: true });
  });
}
