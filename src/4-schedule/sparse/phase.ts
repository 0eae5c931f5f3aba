/** The steps of a convolution whose zeros cost nothing, and whether they pay. */
import { arrayCycles, totalArrayCycles } from "../array-cycles.ts";
import type { Draft, PhaseShape } from "../draft.ts";
import type { Operator } from "../plan.ts";
import { type ArrayOptions, ceilDiv } from "../size.ts";
import { matcher } from "./lane-match.ts";
import { packGroup, sharedLanes, wordByWord } from "./pack.ts";
import { MOST_PATCH_WORDS } from "../../format/places.ts";
import type { SparseGroups, SparsePhase } from "./steps.ts";

/** Steps of a centre group that a descriptor holds. */
const MOST_CENTRE_STEPS = 15;
/** Part of its weights from which on a layer has too few zeros to look for steps. */
const DENSE = 0.9;
/** Part of a network's cycles that sparse steps have to save: they take selectors in front of all multipliers. */
const LEAST_SAVED = 0.1;

/** The blocks with sparse phases where those take fewer cycles, if that is much of all; `o.sparse` false: none, true: however few. */
export function withSparsePhases(drafts: readonly Draft[], o: ArrayOptions): readonly Draft[] {
  if (o.sparse === false) return drafts;
  const sparse = drafts.map((draft) => {
    const phases = draft.phases.map((phase, i) => sparseWherePays(phase, o, i === draft.phases.length - 1));
    return { ...draft, phases };
  });
  const [before, after] = [totalArrayCycles(drafts, o), totalArrayCycles(sparse, o)];
  return before - after >= (o.sparse === true ? 1 : LEAST_SAVED * before) ? sparse : drafts;
}

function sparseWherePays(phase: PhaseShape, o: ArrayOptions, toMemory: boolean): PhaseShape {
  const sparse = sparsePhase(phase, o);
  if (sparse === null) return phase;
  const changed = { ...phase, sparse };
  return arrayCycles(changed, o, toMemory) < arrayCycles(phase, o, toMemory) ? changed : phase;
}

/** The steps of a convolution; null for a phase that has none, or too few zeros. */
function sparsePhase(phase: PhaseShape, o: ArrayOptions): SparsePhase | null {
  const { centreTap, inputChannels, kernel, kind, operator, readsPatches } = phase;
  const weights = operator?.weights;
  // patches in the packer's order depend on the banks, which have no number yet
  if (kind !== "conv" || !operator || !weights || readsPatches) return null;
  const tapWords = ceilDiv(inputChannels, o.pc);
  const taps = kernel[0] * kernel[1];
  const patchWords = taps * tapWords;
  const isDense = weights.reduce((n, weight) => n + Number(weight !== 0), 0) > DENSE * weights.length;
  if (isDense || patchWords < 2 || patchWords > MOST_PATCH_WORDS) return null;
  const channels = inputChannels;
  const centre =
    centreTap && sparseGroups(centreTap, { taps: 1, firstTap: Math.floor(taps / 2), channels }, o);
  if (centre !== null && centre.steps > MOST_CENTRE_STEPS) return null;
  return { patchWords, centre, own: sparseGroups(operator, { taps, firstTap: 0, channels }, o) };
}

/** `firstTap`: of the phase's, which is the operator's first. */
function sparseGroups(
  { weights }: Operator,
  {
    channels,
    firstTap,
    taps,
  }: { readonly taps: number; readonly firstTap: number; readonly channels: number },
  { packed, pc, pk }: ArrayOptions,
): SparseGroups {
  const values = weights ?? new Int16Array(0);
  const words = taps * ceilDiv(channels, pc);
  const outputs = values.length / (taps * channels);
  const match = matcher(pc);
  const lanesOf = groupsOfLanes(values, { taps, channels, outputs, words }, { packed, pc, pk });
  const packedGroups = lanesOf.map((lanes) => packGroup(lanes, words, pc, match));
  // lanes that share a requantiser take two cycles for a result
  const steps = Math.max(packed ? 2 : 1, ...packedGroups.map((group) => group.length));
  // where no step is saved, none has a weight of a later word, and so no weight a selector
  const groups = steps < words ? packedGroups : lanesOf.map((lanes) => wordByWord(lanes, words, pc));
  return { steps, firstWord: firstTap * ceilDiv(channels, pc), groups };
}

/** A step for each word of a convolution: what takes all of its weights, zeros or not. */
export function denseSteps(operator: Operator, channels: number, o: ArrayOptions): SparseGroups {
  const { kernel, weights } = operator;
  const values = weights ?? new Int16Array(0);
  const taps = kernel[0] * kernel[1];
  const words = taps * ceilDiv(channels, o.pc);
  const outputs = values.length / (taps * channels);
  const lanesOf = groupsOfLanes(values, { taps, channels, outputs, words }, o);
  return { steps: words, firstWord: 0, groups: lanesOf.map((lanes) => wordByWord(lanes, words, o.pc)) };
}

/** The lanes of each group as `packGroup` wants them. */
function groupsOfLanes(
  values: Int16Array,
  shape: {
    readonly taps: number;
    readonly channels: number;
    readonly outputs: number;
    readonly words: number;
  },
  { packed, pc, pk }: Pick<ArrayOptions, "packed" | "pc" | "pk">,
): readonly (readonly Uint8Array[])[] {
  return Array.from({ length: ceilDiv(shape.outputs, pk) }, (_, group) => {
    const lanes = Array.from({ length: pk }, (_, lane) =>
      present(values, group * pk + lane, { ...shape, pc }),
    );
    return sharedLanes(lanes, packed ? 2 : 1);
  });
}

/** 1 for each weight of an output channel that is not zero, in the words of its patch; of no channel: none. */
function present(
  values: Int16Array,
  output: number,
  shape: { readonly taps: number; readonly channels: number; readonly pc: number; readonly words: number },
): Uint8Array {
  const { channels, pc, taps, words } = shape;
  const lane = new Uint8Array(words * pc);
  const perTap = words / taps;
  const own = values.subarray(output * taps * channels, (output + 1) * taps * channels);
  own.forEach((weight, i) => {
    const tap = Math.floor(i / channels);
    if (weight !== 0) lane[tap * perTap * pc + (i % channels)] = 1;
  });
  return lane;
}
