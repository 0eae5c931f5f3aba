/** Blocks of pixels as channels, and channels as blocks of pixels. */
import type { ConcatNode, InterleaveNode, SliceNode, Tensor } from "../../../ir/graph.ts";
import { showShape } from "../../../ir/shapes.ts";
import { int32Field } from "../../flatbuffer.ts";
import { nodeBase, RECONVERT, requireMapTypes, requireRank } from "../context.ts";
import type { OperatorContext, OperatorReader } from "../context.ts";
import { BlockField, OperatorCode, OptionsType } from "../schema.ts";

/** Sides of a block, in pixels, of a map of four dimensions that `fits`; undefined after a report. */
function readBlock(op: OperatorContext, map: Tensor, fits: (size: number) => boolean): number | undefined {
  if (!requireRank(op, "input", map, 4) || !requireMapTypes(op, [map])) return undefined;
  const size = op.options ? int32Field(op.options, BlockField.size, 0) : 0;
  if (size >= 1 && size <= MOST && fits(size)) return size;
  const found = `blocks of ${size} x ${size} of ${showShape(map.shape)}`;
  op.report(
    "invalid-attribute",
    found,
    `blocks that divide the map, of at most ${MOST} x ${MOST}`,
    RECONVERT,
  );
  return undefined;
}

/** Beyond any network; each pixel of a block is a node. */
const MOST = 32;

/** Rows and columns of a block's pixels, row by row. */
function pixelsOf(size: number): readonly (readonly [number, number])[] {
  return Array.from({ length: size * size }, (_, i) => [Math.floor(i / size), i % size] as const);
}

/**
 * Channels (row * size + column) * C and on become that pixel of each block: slices of channels, woven together.
 * Source: reference_ops::DepthToSpace.
 */
export const depthToSpace: OperatorReader = {
  code: OperatorCode.DEPTH_TO_SPACE,
  options: OptionsType.DepthToSpaceOptions,
  inputs: [1, 1],
  read(op): InterleaveNode | undefined {
    const [map] = op.inputs;
    const [, height = 0, width = 0, channels = 0] = map?.shape ?? [];
    const size = map && readBlock(op, map, (n) => channels % (n * n) === 0);
    if (!map || size === undefined) return undefined;
    const shape = [1, height, width, channels / (size * size)];
    const parts = pixelsOf(size).map((_, i) =>
      op.addPart(`part${i}`, map, shape, (base): SliceNode => {
        const begin = [0, 0, 0, (i * channels) / (size * size)];
        return { kind: "slice", ...base, inputs: [map.id], begin, stride: [1, 1, 1, 1] };
      }),
    );
    return { kind: "interleave", ...nodeBase(op, parts), factor: [size, size] };
  },
};

/**
 * Each pixel of a block becomes the channels (row * size + column) * C and on: every size-th pixel, concatenated.
 * Source: reference_ops::SpaceToDepth.
 */
export const spaceToDepth: OperatorReader = {
  code: OperatorCode.SPACE_TO_DEPTH,
  options: OptionsType.SpaceToDepthOptions,
  inputs: [1, 1],
  read(op): ConcatNode | undefined {
    const [map] = op.inputs;
    const [, height = 0, width = 0, channels = 0] = map?.shape ?? [];
    const size = map && readBlock(op, map, (n) => height % n === 0 && width % n === 0);
    if (!map || size === undefined) return undefined;
    const shape = [1, height / size, width / size, channels];
    const parts = pixelsOf(size).map(([row, column], i) =>
      op.addPart(`part${i}`, map, shape, (base): SliceNode => {
        const begin = [0, row, column, 0];
        return { kind: "slice", ...base, inputs: [map.id], begin, stride: [1, size, size, 1] };
      }),
    );
    return { kind: "concat", ...nodeBase(op, parts), axis: 3, activation: "none" };
  },
};
