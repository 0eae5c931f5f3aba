/** Weight segments as the weight loader reads them: runs of group records, docs/hardware.md. */
import { checkRecord } from "../../src/format/check.ts";
import { laneWords, recordBytes } from "../../src/format/group-record.ts";
import { assert } from "../../src/ir/errors.ts";
import { patchOrder } from "../../src/4-schedule/patches.ts";
import type { Hardware, Operator, Phase } from "../../src/4-schedule/plan.ts";
import { windowsSideBySide } from "../../src/4-schedule/size.ts";
import { item } from "../../src/ir/known.ts";
import { segmentBytes } from "../../src/4-schedule/sparse/coding.ts";
import { codedWriter, writeHead } from "./coded-records.ts";

/** Bytes of a lane's constants: bias, multiplier and shift. */
const LANE_BYTES = 4 * laneWords.length;

/** Fills the weight segment of a phase in the model region; phases without one leave it alone. */
export function writeSegment(model: Uint8Array, hardware: Hardware, phase: Phase): void {
  const { centreTap, segment, operator } = phase;
  if (centreTap !== null) writeSegment(model, hardware, centrePhase(phase, centreTap));
  if (segment === null) return;
  assert(operator !== null, "a phase with weights has an operator");
  const { coding, groups, offset } = segment;
  const size = recordBytes(hardware, phase.wordsPerGroup);
  assert(
    segment.bytes >= (coding ? segmentBytes(hardware, coding) : groups * size) &&
      offset + segment.bytes <= model.length,
    `the weights of ${operator.node.name} do not fit their segment`,
  );
  // the first record's check is that of the segment's head too
  let head = coding ? writeHead(model, hardware, phase) : 0;
  const put = coding ? codedWriter(hardware, phase, coding) : weightWriter(hardware, phase, operator);
  let at = offset;
  for (let group = 0; group < groups; group += 1) {
    const bytes = head + (coding ? item(coding.records, group).bytes : size);
    writeParameters(model, at + head, hardware.pk, group, operator);
    put(model, at + head + LANE_BYTES * hardware.pk, group);
    checkRecord(model.subarray(at, at + bytes), hardware.pk, head);
    at += bytes;
    head = 0;
  }
}

/** The centre groups of a phase as one of their own. */
function centrePhase(phase: Phase, centreTap: NonNullable<Phase["centreTap"]>): Phase {
  const steps = phase.sparse?.centre;
  const sparse = phase.sparse && steps ? { ...phase.sparse, centre: null, own: steps } : null;
  return { ...phase, ...centreTap, sparse, kernel: [1, 1], centreTap: null };
}

/** Bias, multiplier and shift of the lanes: zero beyond the last channel; a pool's entry, or one alone, serves every lane. */
function writeParameters(
  model: Uint8Array,
  at: number,
  pk: number,
  group: number,
  { bias, multiplier, shift, weights }: Operator,
): void {
  const view = new DataView(model.buffer, model.byteOffset + at, LANE_BYTES * pk);
  for (let lane = 0; lane < pk; lane += 1) {
    const channel = weights === null ? group : bias.length === 1 ? 0 : group * pk + lane;
    for (const [word, values] of [bias, multiplier, shift].entries())
      view.setUint32(4 * (word * pk + lane), values[channel] ?? 0, true);
  }
}

/** Writes the weights of one group; `at`: byte of the first word. */
type WeightWriter = (model: Uint8Array, at: number, group: number) => void;

function weightWriter(hardware: Hardware, phase: Phase, operator: Operator): WeightWriter {
  const put = denseWriter(hardware, phase, operator);
  return (model, at, group) => {
    // Memory holds w; w - zw = 0 wherever there is no weight.
    model.fill(operator.weightZeroPoint & 255, at, at + phase.wordsPerGroup * hardware.pk * hardware.pc);
    put(model, at, group);
  };
}

/** Writes weights into words that hold zw everywhere. */
function denseWriter(hardware: Hardware, phase: Phase, operator: Operator): WeightWriter {
  const { weights } = operator;
  if (weights === null) return ones(hardware, phase, operator);
  switch (phase.kind) {
    case "conv":
      return patches(hardware, phase, operator, weights);
    case "depthwise":
    case "serial":
      return taps(hardware, phase, operator, weights);
    case "pack":
      throw new Error("internal error: a pack phase has no weights");
  }
}

/** conv: weights [K][taps][C]; each tap starts a word, unless the patch is packed: then the patch is one tap, in the packer's order. */
function patches(
  hardware: Hardware,
  phase: Phase,
  { kernel, node, weightZeroPoint }: Operator,
  stored: Int16Array,
): WeightWriter {
  const { pk, pc } = hardware;
  const weights = phase.readsPatches ? packed(hardware, kernel, phase.inputChannels, stored) : stored;
  const taps = phase.readsPatches ? 1 : phase.kernel[0] * phase.kernel[1];
  const channels = phase.inputChannels;
  const perOutput = taps * channels;
  const outputs = weights.length / perOutput;
  const wordsPerTap = phase.wordsPerGroup / taps;
  assert(
    Number.isInteger(outputs) && outputs <= phase.groups * pk && wordsPerTap * pc >= channels,
    `${node.name}: ${weights.length} weights do not fit ${phase.groups} groups of ${phase.wordsPerGroup} words`,
  );
  const wordBytes = pk * pc;
  return (model, at, group) => {
    const lanes = Math.min(pk, outputs - group * pk);
    for (let lane = 0; lane < lanes; lane += 1) {
      let from = (group * pk + lane) * perOutput;
      for (let tap = 0; tap < taps; tap += 1) {
        let to = at + tap * wordsPerTap * wordBytes + lane * pc;
        for (let c = 0; c < channels; c += pc) {
          const count = Math.min(pc, channels - c);
          for (let j = 0; j < count; j += 1) model[to + j] = item(weights, from + j) + weightZeroPoint;
          from += count;
          to += wordBytes;
        }
      }
    }
  };
}

/** The weights of patches of so many bytes as the packer orders those. */
function packed(
  { lbBytes, lineBuffers }: Hardware,
  [height]: Operator["kernel"],
  bytes: number,
  weights: Int16Array,
): Int16Array {
  const order = patchOrder(height, bytes / height, item(lineBuffers, 0).banks, lbBytes);
  return weights.map((_, i) => item(weights, i - (i % bytes) + item(order, i % bytes)));
}

/** depthwise and serial: weights [kh][kw][C]; tap t of the window is multiplier t % Pc of word t / Pc. */
function taps(
  hardware: Hardware,
  phase: Phase,
  { node, weightZeroPoint }: Operator,
  weights: Int16Array,
): WeightWriter {
  const { pc, pk } = hardware;
  const [kh, kw] = phase.kernel;
  const channels = weights.length / (kh * kw);
  const positions = tapPositions(hardware, phase);
  assert(
    Number.isInteger(channels) && Math.max(...positions) < phase.wordsPerGroup * pc,
    `${node.name}: ${kh}x${kw} taps do not fit ${phase.wordsPerGroup} words of ${pc}`,
  );
  return (model, at, group) => {
    const lanes = Math.min(pk, channels - group * pk);
    positions.forEach((position, tap) => {
      const from = tap * channels + group * pk;
      for (let lane = 0; lane < lanes; lane += 1) {
        model[tapByte(hardware, phase, at, position, lane)] = item(weights, from + lane) + weightZeroPoint;
      }
    });
  };
}

/** Pools: every weight is 1. A held weight is read from multiplier 0 for every tap. */
function ones(hardware: Hardware, phase: Phase, { weightZeroPoint }: Operator): WeightWriter {
  const positions = phase.oneWord ? [0] : tapPositions(hardware, phase);
  return (model, at) => {
    for (const position of positions) {
      for (let lane = 0; lane < hardware.pk; lane += 1)
        model[tapByte(hardware, phase, at, position, lane)] = 1 + weightZeroPoint;
    }
  };
}

/** Where each tap of the kernel lies: the depthwise window may be larger, and its newest column is its last. */
function tapPositions({ window }: Hardware, { kind, kernel }: Phase): readonly number[] {
  const [kh, kw] = kernel;
  const [height, width] = kind === "depthwise" ? window : kernel;
  assert(kh <= height && kw <= width, `a kernel of ${kh}x${kw} in a window of ${height}x${width}`);
  return Array.from(
    { length: kh * kw },
    (_, tap) => Math.floor(tap / kw) * width + (width - kw) + (tap % kw),
  );
}

/** Byte of a lane for a tap position. */
function tapByte(hardware: Hardware, { kind }: Phase, at: number, position: number, lane: number): number {
  const { pk, pc, window } = hardware;
  if (kind === "depthwise" && lane % 2 === 1 && windowsSideBySide(window, hardware))
    return at + lane * pc + placeBeside(window[0] * window[1], position, pc);
  return at + Math.floor(position / pc) * pk * pc + (position % pc) + lane * pc;
}

/** Multiplier of the second lane's tap where two windows lie side by side; those with multipliers of their own stand at the first places. */
function placeBeside(taps: number, position: number, pc: number): number {
  return position < pc - taps ? taps + position : position - (pc - taps);
}
