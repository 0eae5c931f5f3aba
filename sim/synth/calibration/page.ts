/** docs/resources.md and the table of cells in README.md, from what Yosys counted. */
import { boardByName } from "../../../src/boards/index.ts";
import { busOf } from "../../../src/boards/memory.ts";
import { isPacked } from "../../../src/boards/parts.ts";
import { schedule } from "../../../src/4-schedule/schedule.ts";
import { loadModel } from "../../../src/load.ts";
import { estimateBy, type Coefficients } from "../../../src/resources/estimate.ts";
import { familyOf, type Resources } from "../../../src/resources/family.ts";
import type { Measured } from "./measure.ts";

const network = "mobilenet-v1-0.25-96";
const boards = ["arty-a7-100t", "pynq-z2", "ulx3s-85f", "ultra96-v2"];
const sizes = [8, 16];

/** A row a board and an array: Yosys's counts, else the estimate, which says so. */
export function cellsTable(measured: readonly Measured[], known: Coefficients): string {
  const graph = loadModel(network);
  const rows = boards.flatMap((name) =>
    sizes.map((size) => {
      const board = boardByName(name);
      const family = familyOf(board);
      const array = { pk: size, pc: size, packed: isPacked(board, { pc: size }) };
      const found = measured.find(
        (one) =>
          one.network === network &&
          one.family === family &&
          one.pk === size &&
          one.pc === size &&
          one.busBytes === busOf(board),
      );
      const plan = schedule(graph, { ...array, busBytes: busOf(board) });
      const { blockRam, dsp, ff, lut } = found?.total ?? estimateBy(known, plan, family).total;
      const of = board.resources;
      const cell = (needed: number, has: { readonly value: number } | null): string =>
        `${needed.toLocaleString("en")} of ${has?.value.toLocaleString("en") ?? "?"}`;
      const command = `npx firebrick report ${network} --board ${name} --array ${size}x${size} --synth`;
      return `| ${name} | ${size}x${size} | ${cell(lut, of.lut)} | ${cell(ff, of.ff)} | ${cell(dsp, of.dsp)} | ${cell(blockRam, of.blockRam)} | ${found ? "Yosys" : "estimate"} | \`${command}\` |`;
    }),
  );
  return [
    "| board | array | LUT | FF | DSP | block RAM | by | command |",
    "|---|---|---|---|---|---|---|---|",
    ...rows,
  ].join("\n");
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
    return `| ${one.set} | ${one.network} | ${one.family} | ${one.pk}x${one.pc}${one.packed ? ", packed" : ""} | ${8 * one.busBytes} | ${one.total.lut} | ${share(total.lut, one.total.lut)} | ${one.total.ff} | ${share(total.ff, one.total.ff)} | ${both("dsp")} | ${both("blockRam")} |`;
  });
  return [
    "| for | network | family | array | bus | LUT | estimate | FF | estimate | DSP | block RAM |",
    "|---|---|---|---|---|---|---|---|---|---|---|",
    ...rows,
  ].join("\n");
}

export function resourcesPage(measured: readonly Measured[], known: Coefficients): string {
  const judges = measured.filter(({ set }) => set === "validation").length;
  return `# Resources

What an accelerator takes of a device. \`npm run calibrate\` writes this page, the table in [README.md](../README.md),
\`hw/resources/coefficients.json\` and \`test/resources/measured.json\`; counts are kept by the elaborated Verilog, so that only what changed
is synthesised again. Tool: ${known.tool}. Nothing here is placed or routed.

## Cells

${cellsTable(measured, known)}

The array's DSP blocks are half its multipliers where two products share one, and four a lane more for the requantiser. A 16x16 array on the
ULX3S needs more than the 156 blocks of its device: \`--board\` refuses it. Block RAM counts 18-kbit blocks.

## The estimator

\`src/resources/parts.ts\` lists the parts of an accelerator. DSP blocks and block RAM follow from the plan: products and memories,
mapped as Yosys maps one of that shape (\`src/resources/memory.ts\`, equal on 308 memories for each family). Look-up tables and flip-flops of a part
are a sum over few quantities, such as lanes, bytes of a word or selected bits; \`npm run calibrate\` fits what one of each takes on the rows for
calibration. The others judge it, ${judges} so far of the 20 that \`configurations.ts\` is to list: \`test/resources\` holds them to 15 % in look-up tables and flip-flops, and to equal DSP blocks and block RAM.

${accuracyTable(measured, known)}

## Limits

- UltraScale+ takes the coefficients of 7 series and Gowin those of ECP5, each scaled to its one run. An array on an iCE40 is an ECP5's without
  any run: a warning, not a count.
- Programs of more blocks than look-up tables hold (64 on Xilinx, 32 on ECP5 and Gowin) are counted as whole beats of block RAM, some of which
  Yosys narrows.
- \`report --synth\` maps what lanes have in common once and everything else flattened together; a run of Yosys over \`files.f\` alone may differ by some
  cells.

## Warnings of Yosys

None about widths, latches, undriven or multiply driven signals comes from Firebrick's Verilog. On Xilinx the last check of \`synth_xilinx\` resizes ports of
RAMB36E1: Yosys's own mapping (\`brams_xc6v_map.v\`) gives them 64 bits. A 1024 x 36 \`ram_1r1w\` alone shows the same six.
`;
}

/** README.md with its table of cells replaced. */
export function withCells(readme: string, table: string): string {
  return readme.replace(
    /(<!-- cells -->\n)[\s\S]*(\n<!-- \/cells -->)/,
    (_, before: string, after: string) => `${before}\n${table}\n${after}`,
  );
}
