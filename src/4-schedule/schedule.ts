/** Integer graph -> plan: operators, fused blocks, hardware sizes, memory map. */
import type { Problem } from "../ir/errors.ts";
import { InputError, assert } from "../ir/errors.ts";
import type { IntGraph, IntNode } from "../ir/integer.ts";
import { fuse, type Draft, type PhaseShape } from "./fuse.ts";
import { isHostNode, operatorOf, unsupported } from "./operators.ts";
import { type Segments, chainOffsets, segments } from "./memory.ts";
import type { Block, Hardware, MapPlace, Operator, Phase, Plan } from "./plan.ts";
import {
  type ArrayOptions,
  type BlockSize,
  ceilDiv,
  checkArray,
  imagePitch,
  linePitch,
  memoryPitch,
  roundUp,
  sizeHardware,
  weightSize,
} from "./size.ts";

const HEADER_BYTES = 256;
const DESCRIPTOR_BYTES = 256;
/** Regions are whole pages; rows begin on whole 128-bit words. */
const PAGE = 4096;
const ROW_ALIGN = 16;

/**
 * Plans the network for an array of pk lanes with pc multipliers and a bus of 8 or 16 bytes.
 * Throws InputError with every operator that the accelerator cannot run.
 */
export function schedule(graph: IntGraph, options: ArrayOptions): Plan {
  checkArray(options);
  const { operators, hostNodes } = split(graph);
  const window = depthwiseWindow(operators);
  const drafts = fuse(graph, operators, window, options.pc);
  const { hardware, blocks: sizes } = sizeHardware(drafts, window, options);

  const input = imagePlace(graph, drafts, options);
  const places = destinations(drafts, sizes, options);
  const model = segments(HEADER_BYTES + drafts.length * DESCRIPTOR_BYTES);
  const blocks = drafts.map((draft, i): Block => {
    const size = sizes[i];
    const destination = places.maps[i];
    assert(size && destination, "sized block");
    const source = i === 0 ? input : places.maps[i - 1];
    assert(source, "source map");
    return makeBlock(draft, size, hardware, source, destination, i, model);
  });
  const output = places.maps.at(-1);
  assert(output, "output map");
  return {
    graph,
    hardware,
    blocks,
    input,
    output,
    regionBytes: {
      model: roundUp(model.used(), PAGE),
      input: roundUp(input.rowPitch * input.rows, PAGE),
      output: roundUp(output.rowPitch * output.rows, PAGE),
      workspace: Math.max(PAGE, roundUp(places.workspaceBytes, PAGE)),
    },
    multipliers: hardware.pk * hardware.pc,
    hostNodes,
  };
}

/** Array nodes in order, which must form a chain, and the host's nodes behind them. */
function split(graph: IntGraph): { operators: Operator[]; hostNodes: IntNode[] } {
  const problems: Problem[] = [];
  const operators: Operator[] = [];
  const hostNodes: IntNode[] = [];
  const alias = new Map<number, number>();
  let current = graph.input;
  let ended = false;
  for (const node of graph.nodes) {
    if (isHostNode(node)) {
      hostNodes.push(node);
      const from = node.inputs[0];
      assert(from !== undefined, "host node has an input");
      if (node.kind === "reshape") alias.set(node.output, alias.get(from) ?? from);
      else ended = true;
      continue;
    }
    const from = node.inputs[0];
    const real = from === undefined ? -1 : (alias.get(from) ?? from);
    try {
      const operator = { ...operatorOf(graph, node), input: real };
      if (real !== current || ended)
        problems.push(unsupported(node, "a branch: its input is not the map made just before it"));
      operators.push(operator);
    } catch (e) {
      if (!(e instanceof InputError)) throw e;
      problems.push(...e.problems);
    }
    current = node.output;
  }
  if (problems.length > 0) throw new InputError(problems);
  return { operators, hostNodes };
}

/** The commonest depthwise kernel of at most 5 x 5 sets the window; others go tap by tap. */
function depthwiseWindow(operators: readonly Operator[]): readonly [number, number] {
  const counts = new Map<string, { kernel: readonly [number, number]; n: number }>();
  for (const op of operators) {
    if (op.kind !== "depthwise" || op.kernel[0] > 4 || op.kernel[1] > 5) continue;
    const key = op.kernel.join("x");
    counts.set(key, { kernel: op.kernel, n: (counts.get(key)?.n ?? 0) + 1 });
  }
  const best = [...counts.values()].sort((a, b) => b.n - a.n)[0];
  return best?.kernel ?? [1, 1];
}

function imagePlace(graph: IntGraph, drafts: readonly Draft[], o: ArrayOptions): MapPlace {
  const map = graph.maps.get(graph.input);
  const first = drafts[0]?.phases[0];
  assert(map && first, "a network has an input and a layer");
  const pixelPitch = imagePitch(first, o);
  return {
    region: "input",
    offset: 0,
    rowPitch: roundUp(map.width * pixelPitch, ROW_ALIGN),
    pixelPitch,
    rows: map.height,
    width: map.width,
    channels: map.channels,
  };
}

/** The map that each block writes: the last one in the output region, the others in the workspace. */
function destinations(
  drafts: readonly Draft[],
  sizes: readonly BlockSize[],
  o: ArrayOptions,
): { maps: MapPlace[]; workspaceBytes: number } {
  const shapes = drafts.map((draft, i) => {
    const last = draft.phases.at(-1);
    assert(last, "a block has phases");
    const tiled = (sizes[i]?.tileGroups ?? 0) < weightSize(last, o, true).groups;
    const pixelPitch = memoryPitch(last.outputChannels, tiled, o);
    return {
      rowPitch: roundUp(last.outputWidth * pixelPitch, ROW_ALIGN),
      pixelPitch,
      rows: last.outputRows,
      width: last.outputWidth,
      channels: last.outputChannels,
    };
  });
  const { offsets, bytes } = chainOffsets(shapes.slice(0, -1).map((s) => s.rowPitch * s.rows));
  return {
    maps: shapes.map((s, i) => {
      const offset = offsets[i];
      return offset === undefined
        ? { ...s, region: "output", offset: 0 }
        : { ...s, region: "workspace", offset };
    }),
    workspaceBytes: bytes,
  };
}

function makeBlock(
  draft: Draft,
  size: BlockSize,
  hw: Hardware,
  source: MapPlace,
  destination: MapPlace,
  index: number,
  model: Segments,
): Block {
  const lastIndex = draft.phases.length - 1;
  const pitches = draft.phases.map((p, i) => (i === 0 ? source.pixelPitch : linePitch(p, hw)));
  const phases = draft.phases.map((shape, i) =>
    makePhase(
      shape,
      i,
      lastIndex,
      size,
      hw,
      pitches[i] ?? 0,
      i === lastIndex ? 0 : (pitches[i + 1] ?? 0),
      (shape.operator ?? draft.phases[1]?.operator)?.inputZeroPoint ?? 0,
      model,
    ),
  );
  const name = draft.phases.map((p) => p.operator?.node.name).filter((n) => n !== undefined);
  const rows = draft.phases[lastIndex]?.outputRows ?? 1;
  return {
    name: name.join("+"),
    phases,
    streamed: size.streamed,
    passes: size.streamed ? ceilDiv(rows, size.stripRows) : 1,
    source,
    producer: index === 0 ? null : index - 1,
    destination,
  };
}

function makePhase(
  shape: PhaseShape,
  index: number,
  lastIndex: number,
  size: BlockSize,
  hw: Hardware,
  pitch: number,
  destinationPitch: number,
  zeroPoint: number,
  model: Segments,
): Phase {
  const weights = weightSize(shape, hw, index === lastIndex);
  const buffer = hw.lineBuffers[index];
  assert(buffer, "line buffer");
  const sourceRowWords = ceilDiv(shape.inputWidth * pitch, hw.lbBytes);
  const perBank = Math.floor(buffer.depth / sourceRowWords);
  assert(perBank > 0, "a row fits its line buffer");
  const recordBytes = hw.pk * 12 + weights.wordsPerGroup * hw.pk * hw.pc;
  const bytes = weights.records * recordBytes;
  const op = shape.operator;
  return {
    kind: shape.kind,
    operator: op,
    packed: shape.packed,
    hold: op?.weights === null,
    shared: op?.weights === null,
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
    zeroPoint,
    sourcePitch: pitch,
    wordsPerPixel: shape.kind === "conv" ? ceilDiv(shape.inputChannels, hw.pc) : 1,
    groups: weights.groups,
    tileGroups: index === lastIndex ? size.tileGroups : weights.groups,
    stripRows: size.stripRows,
    wordsPerGroup: weights.wordsPerGroup,
    sourceRowWords,
    sourceSlots: perBank * buffer.banks,
    sourceLastBank: (perBank - 1) * sourceRowWords,
    destinationPitch,
    outputZeroPoint: op?.outputZeroPoint ?? 0,
    min: op?.min ?? 0,
    max: op?.max ?? 0,
    segment: shape.kind === "pack" ? null : { offset: model.place(bytes), groups: weights.records, bytes },
  };
}
