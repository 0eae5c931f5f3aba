/** Blocks and phases of a plan, from their drafts and sizes. */
import { TABLE_BYTES } from "../format/check.ts";
import { recordBytes } from "../format/group-record.ts";
import { assert } from "../ir/errors.ts";
import type { IntGraph } from "../ir/integer.ts";
import { item } from "../ir/known.ts";
import { activationOf, type Behind } from "./behind-lanes.ts";
import { bankDepth } from "./column-pairs.ts";
import type { Draft, PhaseShape } from "./draft.ts";
import { wantedSlots } from "./hardware.ts";
import { SEGMENT_ALIGN, type Segments } from "./memory.ts";
import type { Maps } from "./place-maps.ts";
import type { Block, Operator, Phase, Segment } from "./plan.ts";
import { makeResidual } from "./residual.ts";
import { ceilDiv, linePitch, roundUp, weightSize } from "./size.ts";
import { segmentBytes, segmentCoding } from "./sparse/coding.ts";
import type { SparseGroups } from "./sparse/steps.ts";
import type { Chain } from "./steps.ts";
import type { BlockSize } from "./strips.ts";

/** The block of a draft; its weights, constants and tables take their places in the model, in this order. */
export function makeBlock(
  graph: IntGraph,
  chain: Chain,
  draft: Draft,
  size: BlockSize,
  { hardware: hw, ...behind }: Behind,
  maps: Maps,
  model: Segments,
): Block {
  const lastIndex = draft.phases.length - 1;
  const source = maps.placeOf(draft.source);
  const destination = maps.placeOf(draft.output);
  const { add } = draft;
  const residual = add
    ? makeResidual(
        graph,
        { add, place: maps.placeOf(add.residual), producer: maps.producerOf(add.residual), size },
        hw,
      )
    : null;
  const pitches = draft.phases.map((p, i) => (i === 0 ? source.pixelPitch : linePitch(p, hw)));
  const { after, values } = behind.tables;
  // the loader finds them in front of the first segment
  const tableBytes = TABLE_BYTES * values.length;
  const whole = roundUp(tableBytes, SEGMENT_ALIGN);
  const tables =
    values.length === 0 ? null : { values, after, offset: model.place(whole) + whole - tableBytes };
  const phases = draft.phases.map((shape, i) => {
    // rows are packed for the convolution that follows
    const reader = shape.operator ?? draft.phases[1]?.operator;
    assert(reader, "a phase has an operator or packs rows for one");
    // of the next line buffer; behind the last phase that of the residual, if one is added
    const destination = i < lastIndex ? item(pitches, i + 1) : residual ? residual.pixelStep : 0;
    return makePhase(shape, i, lastIndex, size, { hardware: hw, ...behind }, model, {
      source: item(pitches, i),
      destination,
      zeroPoint: reader.inputZeroPoint,
    });
  });
  const nodesOf = (operator: Operator | null | undefined) => {
    const { activation, lookup, node } = operator ?? { activation: null, lookup: null, node: null };
    return [node, activation, lookup?.node];
  };
  const nodes = draft.phases.flatMap((p) => [p.centreTap?.node, ...nodesOf(p.operator)]);
  const rows = draft.phases[lastIndex]?.outputRows ?? 1;
  const pool = draft.pool;
  return {
    name: [...new Set([...nodes, draft.add?.node, pool])].flatMap((n) => (n ? [n.name] : [])).join("+"),
    phases,
    streamed: size.streamed,
    weightLoads: size.streamed ? ceilDiv(rows, stripRows(size)) : 1,
    residual,
    pool: pool && {
      node: pool,
      kernel: pool.kernel[0] === 2 ? 2 : 3,
      rows: destination.rows,
      width: destination.width,
    },
    tables,
    source,
    producer: maps.producerOf(draft.source),
    waits:
      chain.late.has(draft.source) || source.rowPitch > maps.placeOf(chain.storage(draft.source)).rowPitch,
    destination,
  };
}

/** Rows of results in a strip. */
function stripRows({ strips }: BlockSize): number {
  const last = strips.at(-1);
  assert(last, "a block has phases");
  return last.rows;
}

/** The packer computes nothing. */
const PACKED = { outputZeroPoint: 0, min: 0, max: 0 } as const;

function makePhase(
  shape: PhaseShape,
  index: number,
  lastIndex: number,
  size: BlockSize,
  { hardware: hw, activations, tables }: Behind,
  model: Segments,
  at: { readonly source: number; readonly destination: number; readonly zeroPoint: number },
): Phase {
  const weights = weightSize(shape, hw, index === lastIndex);
  const buffer = hw.lineBuffers[index];
  const strip = size.strips[index];
  assert(buffer && strip, "line buffer");
  const sourceRowWords = ceilDiv(shape.inputWidth * at.source, hw.lbBytes);
  const perBank = Math.min(
    Math.floor(bankDepth(buffer, shape.columns) / sourceRowWords),
    slotsABank(shape, buffer.banks),
  );
  assert(perBank > 0, "a row fits its line buffer");
  const segment = (
    groups: number,
    words: number,
    sparse: SparseGroups | null,
    operator: Operator | null,
  ): Segment => {
    const coding = operator && segmentCoding(shape, sparse, operator, groups, hw);
    const bytes = coding ? segmentBytes(hw, coding) : groups * recordBytes(hw, words);
    return { offset: model.place(bytes), groups, bytes, coding };
  };
  const centreTap = shape.centreTap && {
    operator: shape.centreTap,
    groups: weights.centreGroups,
    wordsPerGroup: weights.centreWords,
    segment: segment(
      weights.centreGroups,
      weights.centreWords,
      shape.sparse?.centre ?? null,
      shape.centreTap,
    ),
  };
  const op = shape.operator;
  return {
    kind: shape.kind,
    operator: op,
    readsPatches: shape.readsPatches,
    sparse: shape.sparse,
    columns: shape.columns,
    oneWord: op?.weights === null,
    oneRecord: op?.weights === null,
    edgeRecords: op?.weights === null ? weights.records - 1 : 0,
    maximum: op?.maximum ?? false,
    outputRows: shape.outputRows,
    outputWidth: shape.outputWidth,
    inputRows: shape.inputRows,
    inputWidth: shape.inputWidth,
    inputChannels: shape.inputChannels,
    outputChannels: shape.outputChannels,
    kernel: shape.kernel,
    stride: shape.stride,
    padTop: shape.padTop,
    padLeft: shape.padLeft,
    zeroPoint: at.zeroPoint,
    sourcePitch: at.source,
    wordsPerPixel: shape.kind === "conv" ? ceilDiv(shape.inputChannels, hw.pc) : 1,
    groups: weights.groups,
    tileGroups: strip.tileGroups,
    stripRows: strip.rows,
    haloRows: strip.haloRows,
    wordsPerGroup: weights.wordsPerGroup,
    sourceRowWords,
    sourceSlots: perBank * buffer.banks,
    sourceLastBank: (perBank - 1) * sourceRowWords,
    destinationPitch: at.destination,
    ...(op ? { outputZeroPoint: op.outputZeroPoint, min: op.min, max: op.max } : PACKED),
    activation: activationOf(op, { activations, tables }),
    centreTap,
    segment:
      shape.kind === "pack"
        ? null
        : segment(
            weights.records - weights.centreGroups,
            weights.wordsPerGroup,
            shape.sparse?.own ?? null,
            op,
          ),
  };
}

/** An image must not fill the line buffer before the first weights arrive: a few windows of it are enough. */
function slotsABank(shape: PhaseShape, banks: number): number {
  return shape.kind === "pack" ? wantedSlots(shape, banks, 1) / banks + 1 : Infinity;
}
