/** The flat view of templates/board: one for all of them. */
import { coreName } from "../names.ts";
import { hostParts } from "../../src/4-schedule/host.ts";
import { usesMath } from "./host/functions.ts";
import type { HostCode } from "./host/view.ts";
import type { MapPlace, Plan } from "../../src/4-schedule/plan.ts";
import { portBitsOf } from "../../src/boards/memory.ts";
import type { Board } from "../../src/boards/schema.ts";
import { placeRegions, REGION_ALIGNMENT } from "../../src/format/regions.ts";
import { driverRegisters } from "../format/registers.ts";
import { verilogNames } from "../names.ts";
import type { View } from "../render.ts";
import { joined } from "../text/code.ts";
import { python, pythonString, verilog, verilogIdentifier } from "../text/languages.ts";
import { openXc7View } from "./openxc7.ts";
import { BAUD, isSerial, serialView } from "./serial.ts";
import { controlPorts, memoryPorts, openPorts, type Port } from "./ports.ts";
import { aboveInt8 } from "../../src/ir/above-int8.ts";
import type { IntGraph, IntMap, MapId } from "../../src/ir/integer.ts";
import { item, known } from "../../src/ir/known.ts";
import { pixelTables } from "../../src/images/quantise.ts";
import { hex } from "../../src/platform/bytes.ts";

export interface ProjectOrigin {
  /** Tool and version. */
  readonly generator: string;
  /** SHA-256 of the network. */
  readonly modelHash: string;
}

/** `rtl`: the Verilog files of the accelerator in order. */
export function projectView(
  plan: Plan,
  board: Board,
  rtl: readonly string[],
  origin: ProjectOrigin,
  hostCode: HostCode | undefined,
): View {
  const { busBytes, pc, pk } = plan.hardware;
  const { graph } = plan;
  const above = (map: MapId): number =>
    aboveInt8(known(graph.maps.get(map), "a placed map is one of the network"));
  const control = controlPorts;
  const memory = memoryPorts(busBytes);
  const { places, totalBytes } = placeRegions(plan.regionBytes);
  const keywords = Object.entries(board.litexPlatform?.arguments ?? {}).map(
    ([name, value]) => python`${pythonString(name)}: ${pythonString(value)}`,
  );
  const leds = board.pins.leds.map(({ activeLow, pin }, index) => ({ index, pin, activeLow }));
  const hasPs = board.memory?.controller === "ps";
  return {
    ...origin,
    model: plan.graph.name,
    vlnv: coreName(board.name),
    boardName: board.name,
    identifier: item(verilogNames([board.name]), 0),
    title: board.title,
    description: `Accelerator for ${board.name}, ${pk}x${pc} multipliers`,
    part: board.part,
    device: board.device,
    package: board.package,
    megahertz: board.clock.target,
    period: (1000 / board.clock.target).toFixed(3),
    pk,
    pc,
    busBytes,
    busBits: busBytes * 8,
    portBits: Math.min(busBytes * 8, portBitsOf(board)),
    multipliers: plan.multipliers,
    rtl,
    twins: rtl.map((path) => path.replace(/^rtl\/.*\//, "rtl/")),
    control: control.map(portView),
    memory: memory.map(portView),
    open: openPorts(pk).map(portView),
    ...driverRegisters(),
    places: places.map(({ bytes, name, offset }) => ({
      lower: name,
      upper: name.toUpperCase(),
      bytes,
      offset,
    })),
    alignment: REGION_ALIGNMENT,
    totalBytes,
    inputs: plan.inputs.map(({ map, place }, index) => ({ ...mapView(place), index, above: above(map) })),
    inputCount: plan.inputs.length,
    keptBlocks: plan.keptBlocks.to - plan.keptBlocks.from,
    outputs: plan.outputs.map(({ map, place }, index) => ({ ...mapView(place), index, above: above(map) })),
    inputAbove: above(graph.input),
    outputAbove: above(item(plan.outputs, 0).map),
    ...sizeView(known(graph.maps.get(graph.input), "a network has an input")),
    ...picturesView(graph),
    outputCount: plan.outputs.length,
    host: hostParts(plan).map((part) => ({ ...part })),
    hasHost: hostParts(plan).length > 0,
    hasHostCode: hostCode !== undefined,
    hasFloats: hostCode !== undefined && usesMath(hostCode.functions),
    ...serialView(plan, board),
    ...openXc7View(board),
    hasLitexSoc: !hasPs,
    hasLitexHost:
      !hasPs && board.litexPlatform !== null && !isSerial(plan, board) && plan.inputs.length === 1,
    baud: BAUD,
    hasPs,
    isZynq7: board.device === "xc7",
    memoryKind: board.memory?.kind ?? "none",
    controller: board.memory?.controller ?? "none",
    standard: board.pins.standard ?? "",
    hasStandard: board.pins.standard !== null,
    hasClockPin: board.pins.clock !== null,
    clockPin: board.pins.clock ?? "",
    hasReset: board.pins.reset !== null,
    resetPin: board.pins.reset?.pin ?? "",
    pinSource: board.pins.source,
    leds,
    hasLeds: leds.length > 0,
    platform: board.litexPlatform?.module ?? "",
    hasPlatform: board.litexPlatform !== null,
    platformArguments: python`{${joined(python, keywords, python`, `)}}`,
  };
}

function sizeView({ channels, height, width }: IntMap): View {
  return { channels, height, width };
}

/** How pictures become the input, where that is known. */
function picturesView(graph: IntGraph): View {
  const { input, maps, preprocess } = graph;
  const map = known(maps.get(input), "a network has an input");
  if (preprocess === undefined) return { hasPictures: false };
  return {
    hasPictures: true,
    reversed: preprocess.channelOrder === "bgr",
    pixelTables: pixelTables(map, preprocess).map((table) => ({ values: hex(new Uint8Array(table.buffer)) })),
  };
}

/** Byte (y, x, c) of the map lies at offset + y * rowPitch + x * pixelPitch + c. */
function mapView(place: MapPlace): View {
  const { channels, offset, pixelPitch, rowPitch, rows, width } = place;
  return { channels, offset, pixelPitch, rowPitch, rows, width };
}

function portView({ input, name, width }: Port): View {
  const range = width === 1 ? verilog`` : verilog`[${width - 1}:0] `;
  const logical = name.replace(/^[sm]_axil?_/, "").toUpperCase();
  return {
    name,
    logical,
    direction: input ? "in" : "out",
    verilog: verilog`${input ? verilog`input ` : verilog`output`} wire ${range}${verilogIdentifier(name)}`,
    range,
    left: width - 1,
    isVector: width > 1,
    litex: `${input ? "i" : "o"}_${name}`,
    signal: name.replace(/^[sm]_axil?_(aw|ar|w|b|r)(.*)$/, "$1.$2"),
  };
}
