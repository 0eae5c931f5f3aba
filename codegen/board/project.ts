/** The files around the accelerator that make it a project for one board. */
import { readFileSync } from "node:fs";
import type { Plan } from "../../src/4-schedule/plan.ts";
import type { Board } from "../../src/boards/schema.ts";
import { packagePath } from "../../src/ir/package-root.ts";
import { render } from "../render.ts";
import { GOWIN_LIBRARY, gowinProducts } from "./gowin-products.ts";
import { projectView, type ProjectOrigin } from "./view.ts";

/** Ending of the board's constraint file. */
const constraints: Readonly<Record<Board["vendor"], string>> = {
  xilinx: "xdc",
  "lattice-ice40": "pcf",
  "lattice-ecp5": "lpf",
  gowin: "cst",
};

const makefiles: Readonly<Record<Board["vendor"], string>> = {
  xilinx: "makefile-vivado",
  "lattice-ice40": "makefile-ice40",
  "lattice-ecp5": "makefile-ecp5",
  gowin: "makefile-gowin",
};

/** `rtl`: paths of the accelerator's Verilog, in order, with the device's parts in place of their twins. Text by path in the output folder. */
export function boardFiles(
  plan: Plan,
  board: Board,
  rtl: readonly string[],
  origin: ProjectOrigin,
): readonly (readonly [string, string])[] {
  const view = projectView(plan, board, rtl, origin);
  const ending = constraints[board.vendor];
  const file = (path: string, template: string) => [path, render(`board/${template}`, view)] as const;
  return [
    file("board/firebrick_axi.v", "firebrick_axi.v"),
    file(`board/${board.name}.${ending}`, ending),
    ["board/files.f", rtl.map((path) => `${path}\n`).join("")],
    file("firebrick.core", "core"),
    file("Makefile", makefiles[board.vendor]),
    file("driver/firebrick.h", "driver.h"),
    file("driver/firebrick.c", "driver.c"),
    file("litex/firebrick.py", "litex.py"),
    file("README.md", "readme.md"),
    ...(board.vendor === "xilinx"
      ? [file("component.xml", "component.xml"), file("vivado/build.tcl", "build.tcl")]
      : []),
    ...(board.vendor === "gowin" ? gowinFiles() : []),
  ];
}

/** What the Makefile has Yosys read before it maps the design to Gowin's cells. */
function gowinFiles(): readonly (readonly [string, string])[] {
  const library = GOWIN_LIBRARY.map(
    (name) => [`board/${name}`, readFileSync(packagePath("hw", "yosys", name), "utf8")] as const,
  );
  const script = gowinProducts("board/").map((command) => `${command}\n`);
  return [...library, ["board/gowin.ys", script.join("")]];
}
