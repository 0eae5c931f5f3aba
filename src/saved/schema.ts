/** What the header of a saved model may hold: the graph without its constants. */
import type { infer as Infer } from "zod";
import { library } from "../platform/library.ts";
import { shippedActivations } from "../ir/activation-kernel.ts";

/** Of an output in an order of its own; beyond any network. */
const MOST_AXES = 16;

/** Built when a file is read: only then the library is needed. */
export function savedHeader() {
  const { z } = library("zod");
  const integer = z.number().int();
  const count = integer.nonnegative();
  const pair = z.tuple([integer.positive(), integer.positive()]);
  const rows = integer.nonnegative();
  const padding = z.strictObject({ top: rows, left: rows, bottom: rows, right: rows });
  const activation = z.enum(["none", "relu", "relu6", "relu-n1-to-1", "relu-0-to-1"]);

  const base = {
    name: z.string(),
    sources: z.array(integer),
    inputs: z.array(integer),
    output: integer,
    dequantized: z.literal(true).exactOptional(),
  };
  const window = { kernel: pair, stride: pair, dilation: pair, padding };

  const node = z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("conv"),
      ...base,
      ...window,
      groups: integer.positive(),
      activation,
    }),
    z.strictObject({
      kind: z.literal("depthwise"),
      ...base,
      ...window,
      multiplier: integer.positive(),
      activation,
      normalises: z.literal(true).exactOptional(),
    }),
    z.strictObject({
      kind: z.literal("dense"),
      ...base,
      activation,
      product: z.enum(["matmul", "gemm", "gemm-transposed"]).exactOptional(),
    }),
    z.strictObject({
      kind: z.enum(["average-pool", "max-pool"]),
      ...base,
      ...window,
      activation,
      countPadding: z.boolean(),
    }),
    z.strictObject({
      kind: z.literal("mean"),
      ...base,
      keepDims: z.boolean(),
      axes: z.array(count).exactOptional(),
      reduce: z.literal(true).exactOptional(),
    }),
    z.strictObject({ kind: z.enum(["add", "sub", "mul", "maximum", "minimum"]), ...base, activation }),
    z.strictObject({ kind: z.enum(["relu", "relu6", "relu-n1-to-1", "relu-0-to-1", "identity"]), ...base }),
    z.strictObject({ kind: z.enum(["logistic", "tanh", "hard-swish", "elu", "prelu"]), ...base }),
    z.strictObject({
      kind: z.literal("lrn"),
      ...base,
      size: count.positive(),
      alpha: z.number(),
      beta: z.number(),
      bias: z.number(),
    }),
    z.strictObject({
      kind: z.literal("power"),
      ...base,
      bias: z.number(),
      factor: z.number(),
      exponent: z.number(),
    }),
    z.strictObject({
      kind: z.literal("curve"),
      ...base,
      curve: z.discriminatedUnion("name", [
        z.strictObject({ name: z.literal("elu"), above: z.number(), below: z.number(), width: z.number() }),
        z.strictObject({ name: z.enum(["softplus", "softsign", "mish", "gelu", "gelu-tanh", "erf", "exp"]) }),
      ]),
    }),
    z.strictObject({ kind: z.literal("leaky-relu"), ...base, alpha: z.number() }),
    z.strictObject({ kind: z.literal("kernel"), ...base, kernel: z.enum(shippedActivations) }),
    z.strictObject({
      kind: z.literal("pad"),
      ...base,
      padding,
      channels: z.tuple([count, count]).exactOptional(),
      value: z.number().exactOptional(),
    }),
    z.strictObject({ kind: z.literal("slice"), ...base, begin: z.array(count), stride: z.array(count) }),
    z.strictObject({ kind: z.enum(["repeat", "interleave"]), ...base, factor: z.tuple([count, count]) }),
    z.strictObject({
      kind: z.literal("concat"),
      ...base,
      axis: integer,
      order: z.array(integer).optional(),
      activation,
    }),
    z.strictObject({
      kind: z.literal("resize-bilinear"),
      ...base,
      alignment: z.enum(["half-pixel", "asymmetric", "align-corners"]),
    }),
    z.strictObject({ kind: z.literal("transpose"), ...base, perm: z.array(count) }),
    z.strictObject({ kind: z.literal("reshape"), ...base, flatten: z.literal(true).exactOptional() }),
    z.strictObject({
      kind: z.literal("softmax"),
      ...base,
      beta: z.number().positive(),
      axes: z.array(count).exactOptional(),
    }),
    z.strictObject({ kind: z.literal("log-softmax"), ...base, axes: z.array(count).exactOptional() }),
    z.strictObject({ kind: z.literal("l2-normalization"), ...base }),
    z.strictObject({
      kind: z.enum(["arg-max", "arg-min"]),
      ...base,
      axis: count,
      last: z.literal(true).exactOptional(),
    }),
    z.strictObject({
      kind: z.literal("detection"),
      ...base,
      result: z.enum(["boxes", "classes", "scores", "number"]),
      rule: z.strictObject({
        detections: count.positive(),
        classesPerDetection: count.positive(),
        detectionsPerClass: count.positive(),
        isRegular: z.boolean(),
        scoreThreshold: z.number(),
        overlapThreshold: z.number().positive().max(1),
        classes: count.positive(),
        scales: z.tuple([z.number(), z.number(), z.number(), z.number()]),
      }),
    }),
    z.strictObject({ kind: z.enum(["quantize", "dequantize", "cast"]), ...base }),
    z.strictObject({ kind: z.literal("batch-norm"), ...base }),
  ]);

  const tensor = z.strictObject({
    id: integer,
    name: z.string(),
    shape: z.array(integer.positive()),
    dtype: z.enum(["float32", "int8", "uint8", "int16", "int32", "int64", "bool"]),
    quantization: z
      .strictObject({ scales: z.array(z.number()), zeroPoints: z.array(integer), axis: integer })
      .exactOptional(),
    pair: z.literal(true).exactOptional(),
    /** Where the values of a constant begin, in bytes after the header. */
    data: integer.nonnegative().exactOptional(),
    /** The same of the floats that a bias was rounded from. */
    rounded: integer.nonnegative().exactOptional(),
  });

  const preprocess = z.strictObject({
    mean: z.array(z.number()),
    std: z.array(z.number().positive()),
    channelOrder: z.enum(["rgb", "bgr", "grey"]),
    resize: z.union([integer.positive(), pair]).exactOptional(),
  });

  const outputOrder = z.strictObject({
    shape: z.array(integer.positive()).max(MOST_AXES),
    axes: z.array(count).refine((axes) => axes.toSorted((a, b) => a - b).every((axis, i) => axis === i)),
  });

  const quantisationError = z.strictObject({
    name: z.string(),
    snrDb: z.number().nullable(),
    saturated: z.number(),
  });

  return z.strictObject({
    name: z.string(),
    inputs: z.array(integer),
    outputs: z.array(integer),
    inputAxes: z.array(count).exactOptional(),
    outputOrders: z.array(outputOrder.nullable()).exactOptional(),
    floatInputs: z.array(count).exactOptional(),
    floatOutputs: z.array(integer).exactOptional(),
    labels: z.array(z.string()).exactOptional(),
    preprocess: preprocess.exactOptional(),
    quantisationErrors: z.array(quantisationError).exactOptional(),
    arithmetic: z.literal("onnx").exactOptional(),
    tensors: z.array(tensor),
    nodes: z.array(node),
  });
}

export type SavedHeader = Infer<ReturnType<typeof savedHeader>>;
