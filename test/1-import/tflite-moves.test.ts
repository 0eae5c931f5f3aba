/** Operators of TFLite files that take, repeat or weave pixels and channels, against the reference kernels' own formulas. */
import { describe, expect, it } from "vitest";
import {
  BlockField,
  GatherField,
  OperatorCode,
  OptionsType,
  ResizeNearestNeighborField,
} from "../../src/1-import/tflite/schema.ts";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { runFloat } from "../../src/3-quantise/float-run.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { runGolden } from "../../src/golden/run.ts";
import type { Graph } from "../../src/ir/graph.ts";
import { problemsOf } from "../support/problems.ts";
import { byte, Draft, int } from "../support/tflite-draft.ts";

type Shape = readonly [number, number, number];

/** The result of an operator for values that all differ, as a function of row, column and channel, and of the input's. */
function run(graph: Graph, [height, width, channels]: Shape, [, columns, made]: Shape) {
  const lowered = lower(runPasses(graph));
  const input = Int8Array.from({ length: height * width * channels }, (_, i) => (i % 251) - 125);
  const output = runGolden(lowered, input).maps.get(lowered.outputs[0]!)!;
  return {
    output: (y: number, x: number, c: number) => output[(y * columns + x) * made + c],
    input: (y: number, x: number, c: number) => input[(y * width + x) * channels + c],
  };
}

/** Calls with every place of a map. */
function everywhere([height, width, channels]: Shape, each: (y: number, x: number, c: number) => void) {
  for (let i = 0; i < height * width * channels; i++)
    each(Math.floor(i / (width * channels)), Math.floor(i / channels) % width, i % channels);
}

function blocks(code: number, options: number, from: Shape, to: Shape, size: number) {
  const draft = new Draft();
  const [input, output] = [draft.map("in", [1, ...from]), draft.map("out", [1, ...to])];
  draft.operator(code, [input], output, options, [int(BlockField.size, size)]);
  return () => draft.import([input], [output]);
}

describe("DEPTH_TO_SPACE and SPACE_TO_DEPTH", () => {
  const [apart, together] = [
    [3, 2, 18],
    [9, 6, 2],
  ] as const;

  it("weave slices of channels", () => {
    const graph = blocks(OperatorCode.DEPTH_TO_SPACE, OptionsType.DepthToSpaceOptions, apart, together, 3)();
    expect(graph.nodes.map(({ kind }) => kind)).toEqual([...Array<string>(9).fill("slice"), "interleave"]);
    const { input, output } = run(graph, apart, together);
    everywhere(together, (y, x, c) => {
      const from = c + ((y % 3) * 3 + (x % 3)) * 2;
      expect(output(y, x, c)).toBe(input(Math.floor(y / 3), Math.floor(x / 3), from));
    });
  });

  it("concatenate every third pixel", () => {
    const graph = blocks(OperatorCode.SPACE_TO_DEPTH, OptionsType.SpaceToDepthOptions, together, apart, 3)();
    const { input, output } = run(graph, together, apart);
    everywhere(together, (y, x, c) => {
      const to = c + ((y % 3) * 3 + (x % 3)) * 2;
      expect(output(Math.floor(y / 3), Math.floor(x / 3), to)).toBe(input(y, x, c));
    });
  });

  it("refuse blocks that do not divide the map", () => {
    const wrong = blocks(OperatorCode.DEPTH_TO_SPACE, OptionsType.DepthToSpaceOptions, apart, together, 2);
    expect(problemsOf(wrong)).toMatchObject([
      { code: "invalid-attribute", found: "blocks of 2 x 2 of [1, 3, 2, 18]" },
    ]);
    const none = blocks(OperatorCode.SPACE_TO_DEPTH, OptionsType.SpaceToDepthOptions, together, apart, 0);
    expect(problemsOf(none)).toMatchObject([{ code: "invalid-attribute" }]);
  });
});

describe("RESIZE_NEAREST_NEIGHBOR", () => {
  const resized = (from: Shape, to: Shape, isAligned: boolean, isHalfPixel: boolean) => {
    const draft = new Draft();
    const [input, output] = [draft.map("in", [1, ...from]), draft.map("out", [1, ...to])];
    const size = draft.ints("size", [2], to.slice(0, 2));
    draft.operator(
      OperatorCode.RESIZE_NEAREST_NEIGHBOR,
      [input, size],
      output,
      OptionsType.ResizeNearestNeighborOptions,
      [
        byte(ResizeNearestNeighborField.alignCorners, Number(isAligned)),
        byte(ResizeNearestNeighborField.halfPixelCenters, Number(isHalfPixel)),
      ],
    );
    return () => draft.import([input], [output]);
  };
  const cases: [Shape, Shape, boolean, boolean, string[]][] = [
    [[3, 4, 2], [6, 12, 2], false, false, ["repeat"]],
    [[3, 4, 2], [6, 12, 2], false, true, ["repeat"]],
    [[6, 4, 2], [12, 8, 2], true, false, ["repeat"]],
    [[6, 9, 2], [2, 3, 2], false, true, ["slice"]],
    [[6, 3, 2], [3, 9, 2], false, false, ["slice", "repeat"]],
    [[5, 5, 1], [5, 5, 1], true, false, ["repeat"]],
  ];

  it.each(cases)("%j to %j, aligned %s, half-pixel %s: %j", (from, to, isAligned, isHalfPixel, kinds) => {
    const graph = resized(from, to, isAligned, isHalfPixel)();
    expect(graph.nodes.map(({ kind }) => kind)).toEqual(kinds);
    const { input, output } = run(graph, from, to);
    // reference/resize_nearest_neighbor.h
    const nearest = (i: number, size: number, made: number) => {
      const scale = isAligned && made > 1 ? (size - 1) / (made - 1) : size / made;
      const at = (i + (isHalfPixel ? 0.5 : 0)) * scale;
      return Math.min(isAligned ? Math.round(at) : Math.floor(at), size - 1);
    };
    everywhere(to, (y, x, c) => {
      expect(output(y, x, c)).toBe(input(nearest(y, from[0], to[0]), nearest(x, from[1], to[1]), c));
    });
  });

  it("refuses factors that are not whole", () => {
    expect(problemsOf(resized([3, 4, 2], [6, 6, 2], false, false))).toMatchObject([
      { code: "unsupported-attribute", found: "a resize of [1, 3, 4, 2] to [1, 6, 6, 2]" },
    ]);
  });
});

describe("SPACE_TO_BATCH_ND, a convolution, BATCH_TO_SPACE_ND", () => {
  const [spaceToBatch, batchToSpace] = [38, 37];

  interface Case {
    readonly map: Shape;
    readonly paddings: readonly number[];
    readonly crops: readonly number[];
    readonly scheme: "SAME" | "VALID";
    readonly part: readonly [number, number];
    readonly made: readonly [number, number];
  }

  /** 2 x 3 pixels of a block, a 3 x 3 convolution, depthwise or not. */
  const drafted = (one: Case, isDepthwise: boolean) => {
    const draft = new Draft("float32");
    const { map, paddings, crops, made, part } = one;
    const input = draft.map("in", [1, ...map]);
    const [rows, columns] = [
      (map[0] + paddings[0]! + paddings[1]!) / 2,
      (map[1] + paddings[2]! + paddings[3]!) / 3,
    ];
    const block = draft.ints("block", [2], [2, 3]);
    const batch = draft.operator(
      spaceToBatch,
      [input, block, draft.ints("paddings", [2, 2], paddings)],
      draft.map("batch", [6, rows, columns, map[2]]),
    );
    const output = draft.map("conv", [6, ...part, map[2]]);
    const options = { padding: one.scheme } as const;
    if (isDepthwise) draft.depthwise(batch, output, [1, 3, 3, map[2]], options);
    else draft.conv(batch, output, [map[2], 3, 3, map[2]], options);
    const end = draft.operator(
      batchToSpace,
      [output, block, draft.ints("crops", [2, 2], crops)],
      draft.map("out", [1, ...made, map[2]]),
    );
    return () => draft.import([input], [end]);
  };
  const cases: Case[] = [
    {
      map: [8, 9, 2],
      paddings: [2, 2, 3, 3],
      crops: [0, 0, 0, 0],
      scheme: "VALID",
      part: [4, 3],
      made: [8, 9],
    },
    {
      map: [7, 8, 2],
      paddings: [2, 3, 3, 4],
      crops: [0, 1, 0, 1],
      scheme: "VALID",
      part: [4, 3],
      made: [7, 8],
    },
    {
      map: [8, 9, 2],
      paddings: [0, 0, 0, 0],
      crops: [0, 0, 0, 0],
      scheme: "SAME",
      part: [4, 3],
      made: [8, 9],
    },
  ];

  it.each(cases)("is one dilated convolution, $scheme, paddings $paddings, crops $crops", (one) => {
    for (const isDepthwise of [false, true]) {
      const graph = drafted(one, isDepthwise)();
      expect(graph.nodes).toMatchObject([
        { kind: isDepthwise ? "depthwise" : "conv", dilation: [2, 3], stride: [1, 1], name: "out" },
      ]);
      const { map, made } = one;
      const input = Float32Array.from({ length: map[0] * map[1] * map[2] }, (_, i) => ((i * 7) % 11) - 5);
      const output = runFloat(graph, input).get(graph.outputs[0]!)!;
      // weights count from 1 to 7 in order, biases are 0, 10, ...
      const at = (y: number, x: number, c: number) =>
        y < 0 || x < 0 || y >= map[0] || x >= map[1] ? 0 : input[(y * map[1] + x) * map[2] + c]!;
      everywhere([...made, map[2]], (y, x, k) => {
        let sum = 10 * k;
        for (let tap = 0; tap < 9; tap++) {
          const [row, column] = [y + 2 * (Math.floor(tap / 3) - 1), x + 3 * ((tap % 3) - 1)];
          if (isDepthwise) sum += at(row, column, k) * (((tap * 2 + k) % 7) + 1);
          else for (let c = 0; c < 2; c++) sum += at(row, column, c) * ((((k * 9 + tap) * 2 + c) % 7) + 1);
        }
        expect(output[(y * made[1] + x) * map[2] + k]).toBe(sum);
      });
    }
  });

  it("is refused where more is cropped than was padded", () => {
    const one = { ...cases[0]!, crops: [3, 1, 0, 0], made: [4, 9] } as const;
    expect(problemsOf(drafted(one, false))).toMatchObject([{ code: "unsupported-attribute", node: "out" }]);
  });
});

describe("GATHER and REVERSE_V2", () => {
  const shape = [4, 5, 6] as const;
  const gathered = (axis: number, places: readonly number[]) => {
    const draft = new Draft();
    const to = [1, ...shape].with(axis, places.length);
    const [input, output] = [draft.map("in", [1, ...shape]), draft.map("out", to)];
    const list = draft.ints("places", [places.length], places);
    draft.operator(OperatorCode.GATHER, [input, list], output, OptionsType.GatherOptions, [
      int(GatherField.axis, axis),
    ]);
    return { graph: draft.import([input], [output]), to: to.slice(1) as unknown as Shape };
  };

  it.each([
    [3, [5, 0, 3, 1, 4, 2], ["concat"]],
    [3, [1, 3, 5], ["slice"]],
    [3, [2, 2, 0, 1, 5], ["slice", "slice", "slice", "slice", "concat"]],
    [1, [3, 0, 1], ["slice", "slice", "concat"]],
    [2, [4, 3], ["slice", "slice", "concat"]],
  ] as const)("along axis %s takes %s", (axis, places, kinds) => {
    const { graph, to } = gathered(axis, places);
    expect(graph.nodes.map(({ kind }) => kind)).toEqual(kinds);
    const { input, output } = run(graph, shape, to);
    everywhere(to, (y, x, c) => {
      const from = [y, x, c].with(axis - 1, places[[y, x, c][axis - 1] ?? 0] ?? 0) as unknown as Shape;
      expect(output(y, x, c)).toBe(input(...from));
    });
  });

  it("refuse places outside of the map, and the batch", () => {
    expect(problemsOf(() => gathered(3, [6]))).toMatchObject([{ code: "unsupported-attribute" }]);
    const draft = new Draft();
    const [input, output] = [draft.map("in", [1, 2, 2, 4]), draft.map("out", [1, 2, 2, 4])];
    draft.operator(OperatorCode.REVERSE_V2, [input, draft.ints("axes", [1], [0])], output);
    expect(problemsOf(() => draft.import([input], [output]))).toMatchObject([
      { code: "unsupported-attribute", found: "REVERSE_V2 of axes 0 of [1, 2, 2, 4]" },
    ]);
  });

  it("nothing is left of the whole of a map, at the end of a network too", () => {
    const draft = new Draft();
    const [input, middle, output] = ["in", "middle", "out"].map((name) => draft.map(name, [1, ...shape]));
    const all = draft.ints("places", [4], [0, 1, 2, 3]);
    const along = [int(GatherField.axis, 1)];
    draft.operator(OperatorCode.GATHER, [input!, all], middle!, OptionsType.GatherOptions, along);
    draft.operator(OperatorCode.GATHER, [middle!, all], output!, OptionsType.GatherOptions, along);
    const graph = lower(runPasses(draft.import([input!], [output!])));
    expect(graph.nodes.map(({ kind }) => kind)).toEqual(["reshape"]);
  });

  it("channels are reversed", () => {
    const draft = new Draft();
    const [input, output] = [draft.map("in", [1, ...shape]), draft.map("out", [1, ...shape])];
    draft.operator(OperatorCode.REVERSE_V2, [input, draft.ints("axes", [1], [-1])], output);
    const result = run(draft.import([input], [output]), shape, shape);
    everywhere(shape, (y, x, c) => expect(result.output(y, x, c)).toBe(result.input(y, x, 5 - c)));
  });
});

it("a shuffle of channels that reshapes and a transposition write is one order of channels", () => {
  const shape = [3, 4, 6] as const;
  const draft = new Draft();
  const map = (name: string, sizes: readonly number[]) => draft.map(name, sizes);
  const input = map("in", [1, ...shape]);
  const split = draft.operator(OperatorCode.RESHAPE, [input], map("split", [1, 3, 4, 2, 3]), 17);
  const order = draft.ints("order", [5], [0, 1, 2, 4, 3]);
  const turned = map("turned", [1, 3, 4, 3, 2]);
  draft.operator(OperatorCode.TRANSPOSE, [split, order], turned, OptionsType.TransposeOptions);
  const output = draft.operator(OperatorCode.RESHAPE, [turned], map("out", [1, ...shape]), 17);
  const graph = draft.import([input], [output]);
  expect(graph.nodes).toMatchObject([{ kind: "concat", order: [0, 3, 1, 4, 2, 5] }]);
  const result = run(graph, shape, shape);
  everywhere(shape, (y, x, c) => {
    expect(result.output(y, x, c)).toBe(result.input(y, x, (c % 2) * 3 + Math.floor(c / 2)));
  });
});
