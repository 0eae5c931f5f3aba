/** docs/resources.md and the table of cells in README.md, from what Yosys counted. */
import { boardByName } from "../../../src/boards/index.ts";
import { busOf } from "../../../src/boards/memory.ts";
import type { Board } from "../../../src/boards/schema.ts";
import { assert } from "../../../src/ir/errors.ts";
import { estimateBy, type Coefficients } from "../../../src/resources/estimate.ts";
import { familyOf, type Resources } from "../../../src/resources/family.ts";
import { markdownRows } from "../../figures/markdown.ts";
import type { Measured } from "./measure.ts";
import { thousands } from "../../../src/ir/thousands.ts";

const network = "mobilenet-v1-0.25-96";
const boards = ["arty-a7-100t", "pynq-z2", "ulx3s-85f", "ultra96-v2"];
const sizes = [8, 16];

/** What Yosys counted for each row of the table of cells. */
export function boardRows(measured: readonly Measured[]): readonly { board: Board; counted: Measured }[] {
  return boards.flatMap((name) =>
    sizes.map((size) => {
      const board = boardByName(name);
      const counted = measured.find(
        (one) =>
          one.network === network &&
          one.activation === null &&
          one.family === familyOf(board) &&
          one.pk === size &&
          one.pc === size &&
          one.busBytes === busOf(board),
      );
      assert(counted, `configurations.ts has ${size}x${size} for ${name}`);
      return { board, counted };
    }),
  );
}

/** A row a board and an array. */
export function cellsTable(measured: readonly Measured[]): string {
  const cell = (needed: number, has: { readonly value: number } | null): string =>
    `${thousands(needed)} of ${has === null ? "?" : thousands(has.value)}`;
  const rows = boardRows(measured).map(({ board, counted }) => {
    const { pc, pk, total, units } = counted;
    const has = board.resources;
    return [
      board.name,
      `${pk}x${pc}`,
      cell(total.lut, has.lut),
      cell(total.ff, has.ff),
      cell(total.dsp, has.dsp),
      `${units.find(({ unit }) => unit === "multipliers")?.dsp ?? 0} for ${pk * pc}`,
      cell(total.blockRam, has.blockRam),
      `\`npx firebrick report ${network} --board ${board.name} --array ${pk}x${pc} --synth\``,
    ];
  });
  return markdownRows(
    ["board", "array", "LUT", "FF", "DSP", "of these for multipliers", "block RAM", "command"],
    rows,
  );
}

/** Measured, estimated and the difference of every configuration. */
function accuracyTable(measured: readonly Measured[], known: Coefficients): string {
  const share = (estimate: number, count: number): string => `${(100 * (estimate / count - 1)).toFixed(1)} %`;
  const rows = measured.map((one) => {
    const { total } = estimateBy(known, one, one.family);
    const both = (field: keyof Resources): string =>
      total[field] === one.total[field]
        ? `${one.total[field]}`
        : `${one.total[field]}, estimated ${total[field]}`;
    return [
      one.set,
      one.activation === null ? one.network : `${one.network}, ${one.activation}`,
      one.family,
      `${one.pk}x${one.pc}${one.packed ? ", packed" : ""}`,
      `${8 * one.busBytes}`,
      `${one.total.lut}`,
      share(total.lut, one.total.lut),
      `${one.total.ff}`,
      share(total.ff, one.total.ff),
      both("dsp"),
      both("blockRam"),
    ];
  });
  const head = [
    "for",
    "network",
    "family",
    "array",
    "bus",
    "LUT",
    "estimate",
    "FF",
    "estimate",
    "DSP",
    "block RAM",
  ];
  return markdownRows(head, rows);
}

/** Which Yosys counted which family. */
function toolsOf(measured: readonly Measured[]): string {
  const families = new Map<string, Set<string>>();
  for (const { family, tool } of measured) families.set(tool, (families.get(tool) ?? new Set()).add(family));
  return [...families].map(([tool, of]) => `${tool} for ${[...of].join(", ")}`).join("; ");
}

/** Accelerators of one set, and how far the estimate is off at worst, in percent. */
function worst(measured: readonly Measured[], known: Coefficients, field: "lut" | "ff"): string {
  const shares = measured.map((one) => {
    const { total } = estimateBy(known, one, one.family);
    return Math.abs(total[field] / one.total[field] - 1);
  });
  return (100 * Math.max(...shares)).toFixed(1);
}

export function resourcesPage(measured: readonly Measured[], known: Coefficients): string {
  const judges = measured.filter(({ set }) => set === "validation");
  const warnings = new Set(measured.flatMap((one) => one.warnings));
  return `# Resources

What an accelerator takes of a device. \`npm run calibrate\` writes this page, the table in [README.md](../README.md),
\`hw/resources/coefficients.json\` and \`test/resources/measured.json\`; counts are kept by the elaborated Verilog, so that only what changed
is synthesised again. Tools: ${toolsOf(measured)}. Nothing here is placed or routed.

## Cells

${cellsTable(measured)}
Two multipliers of the array share a DSP block; a requantiser takes four blocks, two on Xilinx's devices where all sums fit 25 bits. A 16x16 array on the
ULX3S needs more than its device has: \`report\` counts it all the same and then ends with \`does-not-fit\`, as \`compile\` does at once. Block RAM counts
18-kbit blocks.

## The estimator

\`src/resources/parts.ts\` lists the parts of an accelerator. DSP blocks and block RAM follow from the plan: products and memories,
mapped as Yosys maps one of that shape (\`src/resources/memory.ts\`, equal on 308 memories for each family). Look-up tables and flip-flops of a part
are a sum over few quantities, such as lanes, bytes of a word or selected bits; \`npm run calibrate\` fits what one of each takes on the rows for
calibration. The kernels of \`hw/kernels\` behind the lanes are counted one by one; a kernel of the user's own is not, \`report --synth\` counts it. What tables take is counted (\`src/resources/tables.ts\`).

The other ${judges.length} accelerators judge it: \`test/resources\` holds each to 15 % in look-up tables and flip-flops (at worst ${worst(judges, known, "lut")} % and ${worst(judges, known, "ff")} %), and to equal
DSP blocks and block RAM.

${accuracyTable(measured, known)}
## Limits

- UltraScale+ takes the coefficients of 7 series and Gowin those of ECP5, each scaled to its one run. An array on an iCE40 is an ECP5's without
  any run: a warning, not a count.
- Gowin is counted by the npm package: Yosys 0.23 maps it without abc9, and MobileNet v1 0.25-96 on 4x4 takes 26,186 look-up tables then.
- Programs of more blocks than look-up tables hold (64 on Xilinx, 32 on ECP5 and Gowin) are counted as whole beats of block RAM, some of which
  Yosys narrows.
- \`report --synth\` maps what lanes have in common once and everything else flattened together; a run of Yosys over \`files.f\` alone may differ by some
  cells.

## Warnings of Yosys

${
  warnings.size === 0
    ? `Reading, elaborating and mapping all ${measured.length} accelerators, Yosys warned of nothing.`
    : [...warnings].map((warning) => `- ${warning}`).join("\n")
} The last step of \`synth_xilinx\`, a check after
the mapping that \`report --synth\` leaves out, resizes ports of RAMB36E1: Yosys's own mapping (\`brams_xc6v_map.v\`) gives them 64 bits. A 1024 x 36
\`ram_1r1w\` alone shows the same six.
`;
}

/** README.md with its table of cells replaced. */
export function withCells(readme: string, table: string): string {
  return readme.replace(
    /(<!-- cells -->\n)[\s\S]*(\n<!-- \/cells -->)/,
    (_, before: string, after: string) => `${before}\n${table}${after}`,
  );
}
