/** The testbench of a small engine, and the data that it reads. */
import { SMALL, type SmallPlan } from "../../src/4-schedule/small/plan.ts";
import type { Board } from "../../src/boards/schema.ts";
import { assert } from "../../src/ir/errors.ts";
import { hasClasses } from "../../src/ir/classes.ts";
import { item, known, lastItem } from "../../src/ir/known.ts";
import { readText } from "../../src/platform/files.ts";
import { packagePath } from "../../src/platform/package.ts";
import { render, type View } from "../render.ts";
import { networkStream } from "../small/stream.ts";
import { labelFile, isSlow, type BenchPicture, type Files } from "./files.ts";
import { hexWords } from "./hex.ts";
import { cutName, EXPECTED_WORD, NAME_CHARACTERS, type BenchOrigin } from "./view.ts";
import { joinedValues } from "./written.ts";
import { verilog, verilogDigits } from "../text/languages.ts";

const words = {
  bench: "the engine",
  what: "host, comparison and names of the layers",
  compared: "Compared is each result of every layer, when it is written.",
  parts: [
    { file: "qspi_flash.v", what: "the flash, which refuses what its data sheet forbids" },
    { file: "network.hex", what: "program, parameters and weights, as in memory/network.bin" },
    { file: "input.hex", what: "the picture" },
    { file: "expected.hex", what: "the result of every layer, as the golden model computes it" },
  ],
  sources: ["sim/testbench.v", "sim/qspi_flash.v"],
  data: ["sim/network.hex", "sim/input.hex", "sim/expected.hex"],
};

/** The same for every picture. */
export function smallBenchFiles(plan: SmallPlan, board: Board, origin: BenchOrigin): Files {
  const view = { ...smallBenchView(plan, board, origin), ...words, slow: isSlow(plan.graph) };
  return [
    ["sim/testbench.v", render("bench-small/testbench.v", "verilog", view)],
    ["sim/qspi_flash.v", readText(packagePath("hw", "bench", "qspi_flash.v"))],
    ["sim/sim.mk", render("bench/sim.mk", "makefile", view)],
    ["sim/README.md", render("bench/readme.md", "markdown", view)],
    ["sim/testbench.gtkw", render("bench-small/testbench.gtkw", "constraints", view)],
    ...labelFile(plan.graph.labels),
  ];
}

/** What the testbench reads. */
export function smallBenchData(plan: SmallPlan, { maps, values }: BenchPicture): Files {
  const made = plan.layers.map(({ operator }) =>
    known(maps.get(operator.output), `the golden model made the map of ${operator.node.name}`),
  );
  return [
    ["sim/network.hex", hexWords(networkStream(plan), EXPECTED_WORD)],
    ["sim/input.hex", hexWords(joinedValues([values]), EXPECTED_WORD)],
    ["sim/expected.hex", hexWords(joinedValues(made), EXPECTED_WORD)],
  ];
}

function smallBenchView(plan: SmallPlan, board: Board, origin: BenchOrigin): View {
  const { graph, input, layers, output } = plan;
  assert(board.smallEngine, "the board has a small engine");
  const { flash } = board.smallEngine;
  let first = 0;
  const maps = layers.map(({ operator, result }, index) => {
    const { channels, height, width, words: pixelWords } = result;
    const size = height * width * channels;
    const name = cutName(operator.node.name);
    const view = { index, name, rows: height, width, channels, words: pixelWords, first, size };
    first += size;
    return view;
  });
  const { height, width } = lastItem(layers).result;
  const pictureValues = input.height * input.width * input.channels;
  return {
    ...origin,
    model: graph.name,
    address: verilog`24'h${verilogDigits(flash.offset.toString(16).padStart(6, "0"))}`,
    networkBytes: networkStream(plan).length,
    wakeCycles: Math.ceil(flash.wakeMicroseconds.value * board.clock.target),
    maps,
    mapCount: maps.length,
    nameMsb: 8 * NAME_CHARACTERS - 1,
    values: first,
    valueWords: Math.ceil(first / EXPECTED_WORD),
    firstSize: item(maps, 0).size,
    pictureValues,
    pictureMsb: Math.ceil(pictureValues / EXPECTED_WORD) - 1,
    channels: input.channels,
    lastByte: SMALL.channels * input.words - 1,
    hasClasses: output === graph.logits && height * width === 1 && hasClasses(graph),
    hasLabels: graph.labels !== undefined,
  };
}
