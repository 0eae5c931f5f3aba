/** The files around the accelerator that make it a project for one board. */
import type { Plan } from "../../src/4-schedule/plan.ts";
import type { Board } from "../../src/boards/schema.ts";
import type { IntGraph } from "../../src/ir/integer.ts";
import { visible } from "../../src/ir/visible.ts";
import { item } from "../../src/ir/known.ts";
import { verilogNames } from "../names.ts";
import { readText } from "../../src/platform/files.ts";
import { packagePath } from "../../src/platform/package.ts";
import { render } from "../render.ts";
import type { Language } from "../text/code.ts";
import { GOWIN_LIBRARY, gowinProducts } from "./gowin-products.ts";
import { hostSource } from "./host/functions.ts";
import { hostView, type HostCode } from "./host/view.ts";
import { notebook } from "./notebook.ts";
import { isSerial, serialModules } from "./serial.ts";
import { projectView, type ProjectOrigin } from "./view.ts";

/** The files of templates/board, by language. */
const templates = {
  "build.tcl": "tcl",
  "classify.c": "c",
  "component.xml": "xml",
  core: "yaml",
  cst: "constraints",
  "driver.c": "c",
  "driver.h": "c",
  "firebrick_axi.v": "verilog",
  "host.c": "c",
  "host.h": "c",
  "firebrick_errors.py": "python",
  "litex-classify.py": "python",
  "litex.py": "python",
  lpf: "constraints",
  "makefile-ecp5": "makefile",
  "makefile-gowin": "makefile",
  "makefile-ice40": "makefile",
  "makefile-openxc7": "makefile",
  "makefile-vivado": "makefile",
  pcf: "constraints",
  "pynq.py": "python",
  "readme.md": "markdown",
  "serial.v": "verilog",
  "soc.py": "python",
  xdc: "tcl",
} as const satisfies Readonly<Record<string, Language>>;

/** Ending of the board's constraint file. */
const constraints = {
  xilinx: "xdc",
  "lattice-ice40": "pcf",
  "lattice-ecp5": "lpf",
  gowin: "cst",
} as const satisfies Readonly<Record<Board["vendor"], keyof typeof templates>>;

const makefiles = {
  xilinx: "makefile-vivado",
  "lattice-ice40": "makefile-ice40",
  "lattice-ecp5": "makefile-ecp5",
  gowin: "makefile-gowin",
} as const satisfies Readonly<Record<Board["vendor"], keyof typeof templates>>;

/** `rtl`: paths of the accelerator's Verilog, in order, with the device's parts in place of their twins. Text by path in the output folder. */
export function boardFiles(
  plan: Plan,
  board: Board,
  rtl: readonly string[],
  origin: ProjectOrigin,
): readonly (readonly [string, string])[] {
  const host = hostView(plan);
  const view = projectView(plan, board, rtl, origin, host);
  const { graph } = plan;
  const ending = constraints[board.vendor];
  const file = (path: string, template: keyof typeof templates) =>
    [path, render(`board/${template}`, templates[template], view)] as const;
  const serialFiles = (): readonly (readonly [string, string])[] => {
    const top = render("board/serial.v", "verilog", view);
    const modules = serialModules(top, rtl).map(({ name, text }) => [`rtl/${name}.v`, text] as const);
    const own = `board/${item(verilogNames([board.name]), 0)}.v`;
    return [
      [own, top],
      ...modules,
      ["board/serial.f", [...modules.map(([path]) => path), own].map((path) => `${path}\n`).join("")],
      ["host/classify.py", render("board-small/classify.py", "python", view)],
      file("host/firebrick_errors.py", "firebrick_errors.py"),
      ...labelsFile("host", graph),
    ];
  };
  return [
    file("board/firebrick_axi.v", "firebrick_axi.v"),
    file(`board/${board.name}.${ending}`, ending),
    ["board/files.f", rtl.map((path) => `${path}\n`).join("")],
    file("firebrick.core", "core"),
    file("Makefile", makefiles[board.vendor]),
    file("driver/firebrick.h", "driver.h"),
    file("driver/firebrick.c", "driver.c"),
    ...hostFiles(host, board, origin),
    file("litex/firebrick.py", "litex.py"),
    file("README.md", "readme.md"),
    ...(view["hasLitexSoc"] === true ? [file("litex/soc.py", "soc.py")] : []),
    ...(view["hasLitexHost"] === true
      ? [
          file("litex/classify.py", "litex-classify.py"),
          file("litex/firebrick_errors.py", "firebrick_errors.py"),
          ...labelsFile("litex", graph),
        ]
      : []),
    ...(view["hasOpenXc7"] === true ? [file("litex/openxc7.mk", "makefile-openxc7")] : []),
    ...(board.vendor === "xilinx"
      ? [file("component.xml", "component.xml"), file("vivado/build.tcl", "build.tcl")]
      : []),
    ...(board.memory?.controller === "ps"
      ? [
          file("linux/classify.c", "classify.c"),
          file("pynq/firebrick.py", "pynq.py"),
          file("pynq/firebrick_errors.py", "firebrick_errors.py"),
          ["pynq/classify.ipynb", notebook(graph.preprocess !== undefined)] as const,
          ...labelsFile("pynq", graph),
        ]
      : []),
    ...(isSerial(plan, board) ? serialFiles() : []),
    ...(board.vendor === "gowin" ? gowinFiles() : []),
  ];
}

/** Names of the classes, one a line, where the network has them. */
function labelsFile(folder: string, { labels }: IntGraph): readonly (readonly [string, string])[] {
  if (labels === undefined) return [];
  return [[`${folder}/labels.txt`, labels.map((label) => `${visible(label)}\n`).join("")]];
}

/** What the host computes, where all of it has a function. */
function hostFiles(
  host: HostCode | undefined,
  { title }: Board,
  { generator }: ProjectOrigin,
): readonly (readonly [string, string])[] {
  if (!host) return [];
  const view = { ...host.view, generator, title };
  return [
    ["driver/firebrick_host.h", render("board/host.h", "c", view)],
    ["driver/firebrick_host.c", hostSource(view, host.functions)],
  ];
}

/** What the Makefile has Yosys read before it maps the design to Gowin's cells. */
function gowinFiles(): readonly (readonly [string, string])[] {
  const library = GOWIN_LIBRARY.map(
    (name) => [`board/${name}`, readText(packagePath("hw", "yosys", name))] as const,
  );
  const script = gowinProducts("board/").map((command) => `${command}\n`);
  return [...library, ["board/gowin.ys", script.join("")]];
}
