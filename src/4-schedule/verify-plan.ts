/** What has to hold of every plan before anything is made of it. */
import { FieldError } from "../format/fields.ts";
import { InputError, assert, type Problem } from "../ir/errors.ts";
import { bankDepth } from "./column-pairs.ts";
import { item } from "../ir/known.ts";
import { type Block, isWithin, type Phase, type Plan } from "./plan.ts";
import { descriptor } from "./program.ts";
import { rowsRead } from "./read-rows.ts";
import { pooled } from "./size.ts";

/** Words that the addresses of rings and line buffers reach. */
const MOST_WORDS = 2 ** 16;
/** Row banks that a slot's number reaches: the largest vertical stride and padding above. */
const MOST_BANKS = 128;
/** Blocks that the header counts. */
const MOST_BLOCKS = 255;

/**
 * Throws InputError `no-hardware` with every number that the program or the buffers cannot hold. A plan that contradicts
 * itself, or whose buffers are too small for what it does with them, is a bug: the accelerator would compute something else,
 * or wait for ever.
 */
export function verifyPlan(plan: Plan): void {
  for (const [index, block] of plan.blocks.entries()) {
    verifyShapes(block);
    verifyBuffers(plan, block, isWithin(plan.keptBlocks, index));
  }
  const keptWords = plan.blocks
    .slice(plan.keptBlocks.from, plan.keptBlocks.to)
    .flatMap(({ phases }) => phases.map(wordsOf))
    .reduce((sum, words) => sum + words, 0);
  const { kept } = plan.hardware;
  assert(keptWords <= kept.words, `${keptWords} words of weights stay in room for ${kept.words}`);
  const problems = [...fieldProblems(plan), ...countProblems(plan)];
  if (problems.length > 0) throw new InputError(problems);
}

/** The maps on both sides of every phase have the sizes that it reads and writes. */
function verifyShapes({ destination, name, phases, pool, residual, source }: Block): void {
  const [first] = phases;
  const last = phases.at(-1);
  assert(first && last, `${name} has phases`);
  const read = `${first.inputRows}x${first.inputWidth}x${first.inputChannels}`;
  const stored = `${source.rows}x${source.width}x${source.channels}`;
  assert(read === stored, `${name} reads ${read} of a map of ${stored}`);
  for (const [i, phase] of phases.entries()) {
    const before = phases[i - 1];
    if (before === undefined) continue;
    const made = `${before.outputRows}x${before.outputWidth}x${before.outputChannels}`;
    const wanted = `${phase.inputRows}x${phase.inputWidth}x${phase.inputChannels}`;
    assert(made === wanted, `${name}: phase ${i} reads ${wanted}, phase ${i - 1} makes ${made}`);
  }
  const rows = pool === null ? last.outputRows : pool.rows;
  const width = pool === null ? last.outputWidth : pool.width;
  const kept = `${destination.rows}x${destination.width}x${destination.channels}`;
  const made = `${rows}x${width}x${last.outputChannels}`;
  assert(made === kept, `${name} writes ${made} to a map of ${kept}`);
  const padding = pool?.node.padding;
  if (pool && padding)
    assert(
      pool.rows === pooled(last.outputRows, pool.kernel, padding.bottom) &&
        pool.width === pooled(last.outputWidth, pool.kernel, padding.right),
      `${name} pools ${last.outputRows}x${last.outputWidth} to ${rows}x${width}`,
    );
  if (residual) {
    const { pixelStep, place } = residual;
    const stretched = place.width === 1 && pixelStep === 0;
    const added = `${place.rows}x${stretched ? last.outputWidth : place.width}x${place.channels}`;
    const sum = `${last.outputRows}x${last.outputWidth}x${last.outputChannels}`;
    assert(added === sum, `${name} adds ${added} to ${sum}`);
  }
}

/** No unit waits for room that a buffer does not have. */
function verifyBuffers(
  { hardware }: Plan,
  { name, phases, pool, residual, streamed }: Block,
  isKept: boolean,
): void {
  const word = Math.max(hardware.pk, hardware.pc);
  for (const [i, phase] of phases.entries()) {
    assert(
      phase.kind === "pack" || phase.sourcePitch % word === 0,
      `${name}: pixels of phase ${i} begin where a patch word and a group of taps do`,
    );
    const buffer = hardware.lineBuffers[i];
    const rows = Math.min(phase.kernel[0], phase.inputRows);
    assert(
      buffer && phase.sourceSlots >= rows,
      `${name}: phase ${i} has ${phase.sourceSlots} of ${rows} rows`,
    );
    assert(
      i === 0 || rowsRead(phase) === phase.inputRows,
      `${name}: phase ${i} reads ${rowsRead(phase)} of ${phase.inputRows} rows, and one that is late counts in the next block`,
    );
    assert(
      (phase.sourceSlots / buffer.banks) * phase.sourceRowWords <= bankDepth(buffer, phase.columns),
      `${name}: the rows of phase ${i} lie within line buffer ${i}`,
    );
  }
  // resident weights stay, streamed ones pass: a tile of each phase at a time, all of the first of two
  const words = phases.map((phase, i) =>
    !streamed || (phases.length === 2 && i === 0) ? wordsOf(phase) : phase.tileGroups * phase.wordsPerGroup,
  );
  const together = streamed ? Math.max(...words) : words.reduce((sum, n) => sum + n, 0);
  assert(
    isKept || together <= hardware.weightDepth,
    `${name}: ${together} words in a ring of ${hardware.weightDepth}`,
  );
  assert(
    hardware.residualOperations || (residual?.operation ?? "add") === "add",
    `${name}: the unit behind the array has the operation`,
  );
  if (residual)
    assert(
      residual.slots > 0 && residual.slots * residual.rowWords <= hardware.residualDepth,
      `${name}: ${residual.slots} residual rows fit`,
    );
  const groups = item(phases, phases.length - 1).groups;
  if (pool)
    assert(
      hardware.pool && groups <= hardware.pool.groups && pool.width * groups <= hardware.pool.depth,
      `${name}: a pooled row fits`,
    );
}

/** Words of a phase's segments in the ring; pools share one record. */
function wordsOf({ centreTap, segment, wordsPerGroup }: Phase): number {
  const wordsOfCentre = centreTap ? centreTap.segment.groups * centreTap.wordsPerGroup : 0;
  return wordsOfCentre + (segment ? segment.groups * wordsPerGroup : 0);
}

function fieldProblems(plan: Plan): readonly Problem[] {
  return plan.blocks.flatMap((block) => {
    try {
      descriptor(plan, block);
      return [];
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      const { field, high, low, value } = error;
      return [tooLarge(field, String(value), `${low} to ${high}`)];
    }
  });
}

function countProblems({ blocks, graph, hardware }: Plan): readonly Problem[] {
  const counts = [
    ["blocks", blocks.length, MOST_BLOCKS],
    ["words of the weight ring and of what stays", hardware.weightDepth + hardware.kept.words, MOST_WORDS],
    ...hardware.lineBuffers.map(
      ({ depth }, i) => [`words a bank of line buffer ${i}`, depth, MOST_WORDS] as const,
    ),
    ...hardware.lineBuffers.map(
      ({ banks }, i) => [`row banks of line buffer ${i}`, banks, MOST_BANKS] as const,
    ),
    ["words of the residual buffer", hardware.residualDepth, MOST_WORDS],
  ] as const;
  return counts
    .filter(([, count, most]) => count > most)
    .map(([what, count, most]) => tooLarge(graph.name, `${count} ${what}`, `at most ${most}`));
}

function tooLarge(node: string, found: string, supported: string): Problem {
  return {
    code: "no-hardware",
    node,
    found,
    supported: `${supported} in the accelerator's program`,
    fix: "use a smaller kernel, a smaller map or fewer channels, or another --array",
  };
}
