/** Integer graph -> plan: operators, fused blocks, hardware sizes, memory map. */
import { recordBytes } from "../format/group-record.ts";
import { activationOf, type Behind, kernelsOf } from "./behind-lanes.ts";
import { withExactSums } from "./exact-sums.ts";
import { assert } from "../ir/errors.ts";
import { constantsOf, inputsOf, type IntGraph, type IntNode, type MapId } from "../ir/integer.ts";
import { item, known } from "../ir/known.ts";
import type { Draft, PhaseShape } from "./draft.ts";
import { bankDepth, withColumnPairs } from "./column-pairs.ts";
import { fuse, mapOf } from "./fuse.ts";
import { depthwiseWindow } from "./depthwise-window.ts";
import { divide } from "./host.ts";
import { type Sized, sizeHardware, wantedSlots } from "./hardware.ts";
import { TABLE_BYTES } from "../format/check.ts";
import { SEGMENT_ALIGN, type Segments, segments, workspaceOffsets } from "./memory.ts";
import { chipDepth, mapBytes, mapsOnChip } from "./scratchpad.ts";
import {
  type Block,
  type InputMap,
  type MapPlace,
  type Operator,
  type OutputMap,
  type Phase,
  type PlacedConstant,
  type Plan,
  type Segment,
} from "./plan.ts";
import { programBytes } from "./program.ts";
import { withOwnInputs } from "./own-inputs.ts";
import { makeResidual } from "./residual.ts";
import { withStretchedOperands } from "./stretch.ts";
import { type ArrayOptions, ceilDiv, checkArray, linePitch, roundUp, weightSize } from "./size.ts";
import { segmentBytes, segmentCoding } from "./sparse/coding.ts";
import { withSparsePhases } from "./sparse/phase.ts";
import type { SparseGroups } from "./sparse/steps.ts";
import { withSplitLayers } from "./split-layers.ts";
import { withSplitDilations } from "./split-dilated.ts";
import { withSplitTables } from "./split-tables.ts";
import { withSplitResizes } from "./split-resizes.ts";
import { withSplitPools } from "./split-pools.ts";
import { type Chain, stepsOf } from "./steps.ts";
import type { BlockSize } from "./strips.ts";
import { placeTables } from "./tables.ts";
import { verifyPlan } from "./verify-plan.ts";
import { withImageAsRead } from "./views.ts";

/** Regions are whole pages; rows begin on whole 128-bit words, but for those that are read in another shape. */
const PAGE = 4096;
const ROW_ALIGN = 16;
/** Maps from and for the host begin where a burst may. */
const HOST_ALIGN = 256;

/**
 * Plans the network for an array of pk lanes with pc multipliers and a bus of 8 or 16 bytes.
 * Throws InputError with every operator that the accelerator cannot run.
 */
export function schedule(given: IntGraph, options: ArrayOptions): Plan {
  checkArray(options);
  const plain = withSplitDilations(withImageAsRead(withExactSums(given)));
  const resized = withSplitResizes(withSplitTables(plain));
  const read = withSplitPools(withSplitLayers(resized, options), options);
  const { hostNodes } = divide(read);
  const isComputed = (node: IntNode) => !hostNodes.includes(node);
  const stretched = withStretchedOperands(read, read.nodes.filter(isComputed));
  const network = withOwnInputs(stretched, stretched.nodes.filter(isComputed));
  const chain = stepsOf(network, options.pk, Math.max(options.pk, options.pc, options.busBytes));
  const { graph } = chain;
  const window = depthwiseWindow(graph, chain.steps, options);
  const fused = fuse(graph, chain, window, options);
  const drafts = withColumnPairs(withSparsePhases(fused, options), options);
  const activations = kernelsOf(drafts);
  const tables = placeTables(drafts);
  const sized = sizeHardware(graph, drafts, chain, window, activations, options);
  const model = segments(programBytes(sized.hardware, drafts.length));
  const maps = placeMaps(graph, chain, drafts, sized, model, options);
  const hardware = { ...sized.hardware, chipDepth: chipDepth(maps.chipBytes, options) };
  const blocks = drafts.map((draft, i): Block => {
    const size = sized.blocks[i];
    assert(size, "sized block");
    return makeBlock(
      graph,
      chain,
      draft,
      size,
      { hardware, activations, tables: item(tables, i) },
      maps,
      model,
    );
  });
  const inputs = inputsOf(graph).map((map): InputMap => ({ map, place: maps.placeOf(map) }));
  const plan: Plan = {
    graph: network,
    hardware,
    blocks,
    keptBlocks: sized.keptBlocks,
    weightNeeds: sized.weightNeeds,
    inputs,
    outputs: maps.outputs,
    constants: maps.constants,
    regionBytes: {
      model: roundUp(model.used(), PAGE),
      input: roundUp(maps.inputBytes, PAGE),
      output: roundUp(maps.outputBytes, PAGE),
      workspace: Math.max(PAGE, roundUp(maps.workspaceBytes, PAGE)),
    },
    activations,
    multipliers: hardware.pk * hardware.pc,
    hostNodes: chain.hostNodes,
  };
  verifyPlan(plan);
  return plan;
}

interface Maps {
  /** Of a map that a block reads or writes. */
  readonly placeOf: (id: MapId) => MapPlace;
  /** Block that has written the map when it ends; null for an input and a constant. */
  readonly producerOf: (id: MapId) => number | null;
  readonly outputs: readonly OutputMap[];
  readonly constants: readonly PlacedConstant[];
  readonly inputBytes: number;
  readonly outputBytes: number;
  readonly workspaceBytes: number;
  /** Of the scratchpad. */
  readonly chipBytes: number;
}

/**
 * The inputs, the constants, the map that each block writes: those for the host in the output region, the others in the
 * scratchpad or in the workspace.
 */
function placeMaps(
  graph: IntGraph,
  { handedOver, home, layouts, pitch, storage }: Chain,
  drafts: readonly Draft[],
  { pitches }: Sized,
  model: Segments,
  options: ArrayOptions,
): Maps {
  const geometry = (id: MapId) => {
    const { channels, height: rows, width } = mapOf(graph, id);
    const pixelPitch = known(pitch(id) ?? pitches.get(id), "a map has a pitch");
    const rowBytes = width * pixelPitch;
    const rowPitch = pitch(id) === undefined ? roundUp(rowBytes, ROW_ALIGN) : rowBytes;
    return { rowPitch, pixelPitch, rows, width, channels };
  };
  const rootOf = (id: MapId) => home(storage(id)).buffer;
  const buffers = placeBuffers(graph, drafts, handedOver, rootOf, geometry, model, mapBytes(options));
  const placeOf = (id: MapId): MapPlace => {
    const { buffer, byte, column, row, rowStep } = home(storage(id));
    const { offset, region } = known(buffers.regions.get(buffer), "a buffer has a place");
    const own = geometry(id);
    if (buffer === storage(id)) return { ...own, region, offset };
    const outer = geometry(buffer);
    const from = offset + row * outer.rowPitch + column * outer.pixelPitch + byte;
    return { ...own, region, offset: from, rowPitch: outer.rowPitch * rowStep };
  };
  const producers = producersOf(drafts, layouts, storage);
  return {
    placeOf,
    producerOf: (id) => {
      const producer = producers.get(storage(id)) ?? IMAGE;
      return producer === IMAGE ? null : producer;
    },
    outputs: handedOver.map((map): OutputMap => {
      const producer = known(producers.get(storage(map)), "a block writes what the host reads");
      return { map, producer, place: placeOf(storage(map)) };
    }),
    constants: buffers.constants.map((map): PlacedConstant => ({ map, place: placeOf(map.id) })),
    inputBytes: buffers.inputBytes,
    outputBytes: buffers.outputBytes,
    workspaceBytes: buffers.workspaceBytes,
    chipBytes: buffers.chipBytes,
  };
}

type Geometry = Omit<MapPlace, "region" | "offset">;

/** Places for the inputs, for the constants that blocks read and for what blocks write to; `rootOf`: the buffer that a map lies in. */
function placeBuffers(
  graph: IntGraph,
  drafts: readonly Draft[],
  handedOver: readonly MapId[],
  rootOf: (id: MapId) => MapId,
  geometry: (id: MapId) => Geometry,
  model: Segments,
  chipBytes: number,
) {
  const bytesOf = (id: MapId) => {
    const { rowPitch, rows } = geometry(id);
    return rowPitch * rows;
  };
  const regions = new Map<MapId, Pick<MapPlace, "region" | "offset">>();
  /** One behind the other; how many bytes they take. */
  const place = (region: MapPlace["region"], ids: ReadonlySet<MapId>): number => {
    let offset = 0;
    for (const id of ids) {
      regions.set(id, { region, offset });
      offset += roundUp(bytesOf(id), HOST_ALIGN);
    }
    return offset;
  };
  const inputBytes = place("input", new Set(inputsOf(graph)));
  const outputBytes = place("output", new Set(handedOver.map(rootOf)));
  const read = new Set(drafts.flatMap(({ add, source }) => [source, ...(add ? [add.residual] : [])]));
  const constants = constantsOf(graph).filter(({ id }) => read.has(id));
  for (const { id } of constants) regions.set(id, { region: "model", offset: model.place(bytesOf(id)) });
  const lastRead = (id: MapId) =>
    drafts.findLastIndex((d) => rootOf(d.source) === id || (d.add && rootOf(d.add.residual) === id));
  const inner = [...new Set(drafts.map(({ output }) => rootOf(output)))].flatMap((id) => {
    if (regions.has(id)) return [];
    const from = drafts.findIndex(({ output }) => rootOf(output) === id);
    const written = drafts.findLastIndex(({ output }) => rootOf(output) === id);
    return [{ id, bytes: bytesOf(id), from, to: Math.max(written, lastRead(id)) }];
  });
  const onChip = mapsOnChip(inner, chipBytes);
  /** Maps that share room where their lifetimes allow; how many bytes they take. */
  const share = (region: MapPlace["region"], maps: typeof inner): number => {
    const { offsets, bytes } = workspaceOffsets(maps);
    for (const [i, { id }] of maps.entries())
      regions.set(id, { region, offset: known(offsets[i], "an offset for each map") });
    return bytes;
  };
  return {
    regions,
    constants,
    inputBytes,
    outputBytes,
    chipBytes: share(
      "chip",
      inner.filter((map) => onChip.has(map)),
    ),
    workspaceBytes: share(
      "workspace",
      inner.filter((map) => !onChip.has(map)),
    ),
  };
}

/** In place of a block: nothing has to be waited for. */
const IMAGE = -1;

/** The block behind which all of a map is written. Blocks end in their order, so for a buffer it is the last one. */
function producersOf(
  drafts: readonly Draft[],
  layouts: Chain["layouts"],
  storage: (id: MapId) => MapId,
): ReadonlyMap<MapId, number> {
  const producers = new Map<MapId, number>();
  for (const [i, { output }] of drafts.entries()) producers.set(output, i);
  for (const { buffer, inputs } of layouts)
    producers.set(buffer, Math.max(...inputs.map((id) => producers.get(storage(id)) ?? IMAGE)));
  return producers;
}

function makeBlock(
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
