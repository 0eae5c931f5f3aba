/** The top of a board without a processor: the accelerator, a controller of its SDRAM, and a host behind a serial line. */
import type { Plan } from "../../src/4-schedule/plan.ts";
import type { Board, Sdram } from "../../src/boards/schema.ts";
import { placeRegions } from "../../src/format/regions.ts";
import { item, known } from "../../src/ir/known.ts";
import { modulesOf, type ModuleFile } from "../modules.ts";
import type { View } from "../render.ts";
import { verilog, verilogDigits } from "../text/languages.ts";

/** Bits a second. */
export const BAUD = 1_000_000;

/** Whether the board's top can be driven over a serial line: one picture in, one vector of scores out. */
export function isSerial({ inputs, outputs }: Plan, { pins, sdram }: Board): boolean {
  const { place } = item(outputs, 0);
  return (
    sdram !== undefined &&
    pins.uart !== null &&
    pins.clock !== null &&
    pins.reset !== null &&
    inputs.length === 1 &&
    place.rows * place.width === 1
  );
}

/** What the templates ask for when there is a serial top; `hasSerial` alone without. */
export function serialView(plan: Plan, board: Board): View {
  const { clock, pins, sdram } = board;
  if (!isSerial(plan, board) || sdram === undefined || pins.uart === null || pins.reset === null)
    return { hasSerial: false };
  const { places } = placeRegions(plan.regionBytes);
  const base = (region: string) =>
    word32(
      known(
        places.find(({ name }) => name === region),
        "a region has a place",
      ).offset,
    );
  const input = item(plan.inputs, 0).place;
  const output = item(plan.outputs, 0).place;
  const levels = pins.leds.map(({ activeLow }) => activeLow);
  const light = (index: number, value: typeof IDLE) => (levels[index] === true ? verilog`!${value}` : value);
  return {
    hasSerial: true,
    hasModel: true,
    divisor: Math.round((clock.target * 1e6) / BAUD),
    buttonUp: pins.reset.activeLow ? verilog`button` : verilog`!button`,
    ledLevels: verilog`{${light(1, ODD)}, ${light(0, IDLE)}}`,
    rxPin: pins.uart.rx,
    txPin: pins.uart.tx,
    modelBase: base("model"),
    pictureBase: base("input"),
    resultBase: base("output"),
    workspaceBase: base("workspace"),
    firstByte: word32(input.offset),
    pixelsARow: verilog`16'd${input.width}`,
    pixelPitch: word32(input.pixelPitch),
    rowPitch: word32(input.rowPitch),
    firstScore: word32(output.offset),
    scores: verilog`16'd${output.channels}`,
    ...memoryView(sdram, clock.target),
  };
}

const IDLE = verilog`idle`;
const ODD = verilog`class_index[0]`;

const word32 = (value: number) => verilog`32'h${verilogDigits(value.toString(16))}`;

function memoryView(
  { columnBits, dataBits, nanoseconds, part, pins, rowBits }: Sdram,
  megahertz: number,
): View {
  /** At least so long. */
  const cycles = (time: number): number => Math.max(1, Math.ceil((time * megahertz) / 1000));
  const { init, ras, rcd, refresh, rfc, rp, wr } = nanoseconds;
  return {
    sdramPart: part,
    dataBytes: dataBits / 8,
    dqBits: dataBits,
    dqLeft: dataBits - 1,
    dqmLeft: dataBits / 8 - 1,
    rowBits,
    rowLeft: rowBits - 1,
    columnBits,
    initCycles: cycles(init),
    // more often than needed, since a burst is not interrupted
    refreshCycles: Math.floor((0.95 * refresh * megahertz) / 1000),
    rcdCycles: cycles(rcd),
    rpCycles: cycles(rp),
    rasCycles: cycles(ras),
    rfcCycles: cycles(rfc),
    wrCycles: cycles(wr),
    hasSdramPins: pins !== null,
    sdramPins: pins === null ? [] : pinView(pins),
  };
}

/** Ports of the top, a bit each, and their pins. */
function pinView(pins: NonNullable<Sdram["pins"]>): readonly View[] {
  const bits = (port: string, list: readonly string[]) =>
    list.map((pin, index) => ({ port, index, isBit: true, pin }));
  const one = (port: string, pin: string) => ({ port, index: 0, isBit: false, pin });
  return [
    one("O_sdram_clk", pins.clk),
    one("O_sdram_cke", pins.cke),
    one("O_sdram_cs_n", pins.cs),
    one("O_sdram_ras_n", pins.ras),
    one("O_sdram_cas_n", pins.cas),
    one("O_sdram_wen_n", pins.we),
    ...bits("O_sdram_ba", pins.ba),
    ...bits("O_sdram_addr", pins.a),
    ...bits("O_sdram_dqm", pins.dqm),
    ...bits("IO_sdram_dq", pins.dq),
  ];
}

/** Modules of hw/rtl that the top has beside the accelerator, whose Verilog files are `rtl`. */
export function serialModules(top: string, rtl: readonly string[]): readonly ModuleFile[] {
  return modulesOf(top).filter(({ name }) => !rtl.includes(`rtl/${name}.v`));
}
