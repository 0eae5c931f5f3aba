/** What Yosys says of projects with two products a DSP block. */
import { execa } from "execa";
import { writeFiles } from "../../../codegen/write.ts";
import { inTemporaryFolder } from "../../cli/helper.ts";
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
    const files = `${String(project.get("board/files.f"))}board/firebrick_axi.v`.split("\n").join(" ");
    const script = [
      `read_verilog -lib +/${models}/cells_sim.v; read_verilog -defer ${files}`,
      "hierarchy -check -top firebrick_axi; proc; check -assert",
      "select -assert-none t:$dlatch t:$adlatch",
    ];
    await execa("yosys", ["-q", "-e", ".*", "-p", script.join("; ")], { cwd: folder });
  });
}
