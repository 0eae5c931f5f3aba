/** Cells of a synthesised netlist as resources of the device. */
import { assert } from "../../src/ir/errors.ts";
import type { Family, Resources } from "../../src/resources/family.ts";

type Rule = readonly [RegExp, Partial<Resources>];

const memoryLuts = (count: number): Partial<Resources> => ({ lut: count, lutRam: count });

/** Carry chains, wide multiplexers, buffers: beside the look-up tables, or in wires. */
const free = /^(CARRY[48]|MUXF\d|BUFG|VCC|GND|PFUMX|L6MUX21|SB_CARRY|MUX2_\w+|GSR|IBUF|OBUF)$/;

const xilinx: readonly Rule[] = [
  [/^(LUT[1-6]|INV)$/, { lut: 1 }],
  [/^RAM(32|64)M$/, memoryLuts(4)],
  [/^RAM(32M16|64M8)$/, memoryLuts(8)],
  [/^RAM(32|64)X1S/, memoryLuts(1)],
  [/^RAM128X1S/, memoryLuts(2)],
  [/^RAM256X1S/, memoryLuts(4)],
  [/^RAM(512X1S|64X8SW|32X16DR8)/, memoryLuts(8)],
  [/^RAM(32|64)X1D/, memoryLuts(2)],
  [/^RAM128X1D/, memoryLuts(4)],
  [/^RAM256X1D/, memoryLuts(8)],
  [/^SRL/, memoryLuts(1)],
  [/^FD/, { ff: 1 }],
  [/^DSP48E/, { dsp: 1 }],
  [/^RAMB18/, { blockRam: 1 }],
  [/^RAMB36/, { blockRam: 2 }],
];

const rules: Readonly<Record<Family, readonly Rule[]>> = {
  xc7: xilinx,
  xcup: xilinx,
  ecp5: [
    [/^LUT4$/, { lut: 1 }],
    [/^CCU2C$/, { lut: 2 }],
    [/^TRELLIS_DPR16X4$/, memoryLuts(4)],
    [/^TRELLIS_FF$/, { ff: 1 }],
    [/^(MULT18X18D|ALU54B)$/, { dsp: 1 }],
    [/^(DP16KD|PDPW16KD)$/, { blockRam: 1 }],
  ],
  ice40: [
    [/^SB_LUT4$/, { lut: 1 }],
    [/^SB_DFF/, { ff: 1 }],
    [/^SB_MAC16$/, { dsp: 1 }],
    [/^SB_RAM40_4K/, { blockRam: 1 }],
    [/^SB_SPRAM256KA$/, { singlePortRam: 1 }],
    // pins and clocks: none of the logic's
    [/^SB_(IO|PLL40_\w+|GB)$/, {}],
  ],
  gowin: [
    [/^(LUT[1-4]|ALU|INV)$/, { lut: 1 }],
    [/^RAM16S/, memoryLuts(4)],
    [/^DFF/, { ff: 1 }],
    [/^MULT9X9$/, { dsp: 0.5 }],
    [/^MULT18X18$/, { dsp: 1 }],
    [/^MULT36X36$/, { dsp: 4 }],
    [/^(SDP|DP|SP)/, { blockRam: 1 }],
  ],
};

/** What a cell of Yosys's netlist takes of the device; null for one that is no cell of the device. */
export function resourcesOfCell(type: string, family: Family): Partial<Resources> | null {
  // newer versions of Yosys keep the names of flattened modules in cells
  if (/^m\d+$|^\$scopeinfo$/.test(type)) return null;
  if (free.test(type)) return {};
  const rule = rules[family].find(([pattern]) => pattern.test(type));
  assert(rule, `Yosys made a cell of unknown type ${type} for ${family}`);
  return rule[1];
}
