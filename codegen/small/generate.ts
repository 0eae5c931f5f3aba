/** Plan of the small engine -> every file that `compile` writes: a project for a board, and the network for its flash. */
import { SMALL, type SmallPlan } from "../../src/4-schedule/small/plan.ts";
import { partsFolder } from "../../src/boards/parts.ts";
import type { Board } from "../../src/boards/schema.ts";
import { assert } from "../../src/ir/errors.ts";
import { aboveInt8 } from "../../src/ir/above-int8.ts";
import type { MapId } from "../../src/ir/integer.ts";
import { known } from "../../src/ir/known.ts";
import { visible } from "../../src/ir/visible.ts";
import { sha256Hex } from "../../src/platform/content-hash.ts";
import { packageVersion } from "../../src/platform/package.ts";
import type { BenchPicture } from "../bench/files.ts";
import { smallBenchData, smallBenchFiles } from "../bench/small-files.ts";
import type { OutputFiles } from "../generate.ts";
import { graphHash } from "../hash.ts";
import { json } from "../json.ts";
import { modulesOf, partsOf } from "../modules.ts";
import { coreName } from "../names.ts";
import { render, type View } from "../render.ts";
import type { Code, Language } from "../text/code.ts";
import { verilog, verilogDigits } from "../text/languages.ts";
import { constraintsFile, mapCommands, placeArguments } from "./flow.ts";
import { networkStream } from "./stream.ts";

/** The network's place in the output. */
export const NETWORK_FILE = "memory/network.bin";
/** The module that simulation drives. */
export const SMALL_TOP = "small_engine";

/** The files of templates/board-small that go with the top, by language. */
const templates = {
  "classify.py": "python",
  core: "yaml",
  makefile: "makefile",
  pcf: "constraints",
  "readme.md": "markdown",
} as const satisfies Readonly<Record<string, Language>>;

/** Same plan, same bytes. With a picture also the data of the testbench, which is whole without. */
export function generateSmall(plan: SmallPlan, board: Board, picture?: BenchPicture): OutputFiles {
  const view = projectView(plan, board);
  const top = render("board-small/top.v", "verilog", view);
  const modules = modulesOf(top);
  const { labels } = plan.graph;
  const folder = partsFolder(board);
  const parts = partsOf(modules, folder);
  const partPath = (name: string): string => `rtl/${folder}/${name}.v`;
  const paths = modules.map(({ name }) => `rtl/${name}.v`);
  // The device's own parts take the place of their behavioural twins.
  const boardRtl = modules.map(({ name }) => (parts.has(name) ? partPath(name) : `rtl/${name}.v`));
  const sources = [...boardRtl, `board/${board.name}.v`];
  const flow = { map: mapCommands(board), place: placeArguments(board, constraintsFile(board)) };
  const all = { ...view, rtl: paths, sources, flow };
  const file = (path: string, template: keyof typeof templates) =>
    [path, render(`board-small/${template}`, templates[template], all)] as const;
  const files = new Map<string, string | Uint8Array>([
    ...modules.map(({ name, text }) => [`rtl/${name}.v`, text] as const),
    ...[...parts].map(([name, text]) => [partPath(name), text] as const),
    ["files.f", lines(paths)],
    ["board/files.f", lines(sources)],
    [NETWORK_FILE, networkStream(plan)],
    [`board/${board.name}.v`, top],
    file(constraintsFile(board), "pcf"),
    file("firebrick.core", "core"),
    file("Makefile", "makefile"),
    file("host/classify.py", "classify.py"),
    ...(labels === undefined ? [] : [["host/labels.txt", lines(labels.map(visible))] as const]),
    file("README.md", "readme.md"),
    ...smallBenchFiles(plan, board, {
      generator: `firebrick ${packageVersion()}`,
      modelHash: `sha256 ${graphHash(plan.graph)}`,
    }),
    ...(picture === undefined ? [] : smallBenchData(plan, picture)),
  ]);
  return new Map([...files, ["manifest.json", json(manifest(plan, board, files))]]);
}

const lines = (list: readonly string[]): string => list.map((line) => `${line}\n`).join("");

function projectView({ graph, input, layers }: SmallPlan, board: Board): View {
  const { clock, pins, smallEngine } = board;
  assert(
    smallEngine && pins.clock !== null && pins.reset && pins.uart,
    "the board has what the engine needs",
  );
  const { baud, flash, pll } = smallEngine;
  const bits = (value: number, width: number): Code<"verilog"> =>
    verilog`${width}'b${verilogDigits(value.toString(2).padStart(width, "0"))}`;
  const divisor = Math.round((clock.target * 1e6) / baud);
  const above = (map: MapId): number => aboveInt8(known(graph.maps.get(map), "input and logits are maps"));
  return {
    generator: `firebrick ${packageVersion()}`,
    model: graph.name,
    vlnv: coreName(board.name),
    modelHash: `sha256 ${graphHash(graph)}`,
    boardName: board.name,
    title: board.title,
    description: `Small engine for ${board.name}, 4x4 multipliers`,
    megahertz: clock.target,
    divr: bits(pll.divr, 4),
    divf: bits(pll.divf, 7),
    divq: bits(pll.divq, 3),
    filter: bits(pll.filter, 3),
    divisor,
    baud,
    hasModel: false,
    address: verilog`24'h${verilogDigits(flash.offset.toString(16).padStart(6, "0"))}`,
    offset: flash.offset,
    flashPart: flash.part,
    sckPin: flash.pins.sck,
    csPin: flash.pins.cs,
    ioPins: flash.pins.io.map((pin, index) => ({ index, pin })),
    clockPin: pins.clock,
    resetPin: pins.reset.pin,
    rxPin: pins.uart.rx,
    txPin: pins.uart.tx,
    ledPins: pins.leds.slice(0, 2).map(({ pin }, index) => ({ index, pin })),
    pinSource: pins.source,
    height: input.height,
    width: input.width,
    channels: input.channels,
    layers: layers.length,
    inputAbove: above(graph.input),
    outputAbove: above(graph.logits),
  };
}

function manifest(plan: SmallPlan, board: Board, files: OutputFiles): object {
  return {
    array: { pc: SMALL.channels, pk: SMALL.lanes },
    board: board.name,
    files: Object.fromEntries([...files].map(([path, content]) => [path, sha256Hex(content)])),
    firebrick: packageVersion(),
    model: { name: plan.graph.name, sha256: graphHash(plan.graph) },
    multipliers: plan.multipliers,
    top: SMALL_TOP,
  };
}
