/** The flat view of templates/bench/testbench.v.hbs. */
import type { Plan } from "../../src/4-schedule/plan.ts";
import { placeRegions, type Region } from "../../src/format/regions.ts";
import { registers } from "../../src/format/registers.ts";
import { hasClasses } from "../../src/ir/classes.ts";
import { item, known } from "../../src/ir/known.ts";
import { controlPorts, memoryPorts, openPorts } from "../board/ports.ts";
import type { View } from "../render.ts";
import type { Code } from "../text/code.ts";
import { verilog, verilogIdentifier } from "../text/languages.ts";
import { sizeOf, writtenMap } from "./written.ts";

/** Bytes in a line of the expected values. */
export const EXPECTED_WORD = 16;

/** Where the scratchpad would lie behind the memory's base: no region reaches so far. */
const CHIP_OFFSET = 0x6000_0000;

/** Characters that a signal of a waveform has for a name. */
export const NAME_CHARACTERS = 96;

/** Ports whose signal is not the one of their name. */
const tied: Readonly<Record<string, Code<"verilog">>> = {
  s_axil_wstrb: verilog`4'hf`,
  s_axil_bready: verilog`1'b1`,
  s_axil_rready: verilog`1'b1`,
};
const observed = ["state_block", "state_phase"];

export interface BenchOrigin {
  /** Tool and version. */
  readonly generator: string;
  /** SHA-256 of the network. */
  readonly modelHash: string;
}

export function benchView(plan: Plan, origin: BenchOrigin): View {
  const { blocks, graph, hardware, regionBytes } = plan;
  const { busBytes, pk } = hardware;
  const { places, totalBytes } = placeRegions(regionBytes);
  const offsetOf = (region: Region | "chip"): number =>
    region === "chip"
      ? CHIP_OFFSET
      : known(
          places.find(({ name }) => name === region),
          "every region has a place",
        ).offset;
  let first = 0;
  const maps = blocks.map(writtenMap).map(({ name, place }, index) => {
    const { channels, pixelPitch, rowPitch, rows, width } = place;
    const address = offsetOf(place.region) + place.offset;
    const view = { index, name: cutName(name), address, rowPitch, pixelPitch, rows, width, channels, first };
    first += sizeOf(place);
    return { ...view, size: sizeOf(place) };
  });
  const layers = blocks.flatMap(({ phases, ...block }, index) =>
    phases.map(({ operator }, phase) => ({
      block: index,
      phase,
      name: cutName(operator?.node.name ?? block.name),
    })),
  );
  const [answer] = plan.outputs;
  const isAnswer = answer !== undefined && answer.map === graph.logits && hasClasses(graph);
  return {
    ...origin,
    model: graph.name,
    busBytes,
    busMsb: 8 * busBytes - 1,
    strbMsb: busBytes - 1,
    memoryWords: totalBytes / busBytes,
    hasChip: hardware.chipDepth > 0,
    chipOffset: CHIP_OFFSET,
    modelWords: Math.ceil(regionBytes.model / busBytes),
    inputWord: offsetOf("input") / busBytes,
    inputWords: Math.ceil(regionBytes.input / busBytes),
    ports: [
      ...["aclk", "aresetn", "done_interrupt"].map((name) => ({ name, signal: verilogIdentifier(name) })),
      ...[...controlPorts, ...memoryPorts(busBytes)].map(({ name }) => ({
        name,
        signal: tied[name] ?? verilogIdentifier(name),
      })),
      ...openPorts(pk).map(({ name }) => ({
        name,
        signal: observed.includes(name) ? verilogIdentifier(name) : verilog``,
      })),
    ],
    nameMsb: 8 * NAME_CHARACTERS - 1,
    layers,
    maps,
    mapCount: maps.length,
    values: first,
    valueWords: Math.ceil(first / EXPECTED_WORD),
    firstSize: item(maps, 0).size,
    bases: places.map(({ offset, register }, index) => ({ index, offset, register })),
    globalEnable: registers.globalEnable.address,
    enable: registers.enable.address,
    control: registers.control.address,
    error: registers.error.address,
    cycles: registers.cycles.address,
    hasClasses: isAnswer,
    classes: isAnswer ? sizeOf(answer.place) : 0,
    classAddress: isAnswer ? offsetOf(answer.place.region) + answer.place.offset : 0,
    hasLabels: graph.labels !== undefined,
  };
}

/** The name as a signal of a waveform has room for it. */
export function cutName(name: string): string {
  return name.length <= NAME_CHARACTERS ? name : `${name.slice(0, NAME_CHARACTERS - 3)}...`;
}
