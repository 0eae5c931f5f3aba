/** Caffe's layers (caffe.proto of BVLC Caffe 1.0) as far as a compressed network can hold them. */
import type { FieldReader, Report } from "./fields.ts";

type Pair = readonly [number, number];

export interface CaffeWindow {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly dilation: Pair;
  /** Rows above and below, columns left and right. */
  readonly pad: Pair;
}

export type LayerSpec =
  | ({ readonly kind: "convolution"; readonly outputs: number; readonly groups: number } & CaffeWindow)
  | { readonly kind: "relu" }
  | ({
      readonly kind: "pool";
      readonly method: "MAX" | "AVE";
      readonly global: boolean;
      readonly roundUp: boolean;
    } & CaffeWindow)
  | { readonly kind: "concat" }
  | { readonly kind: "dropout" }
  | { readonly kind: "add" }
  | { readonly kind: "softmax" };

/** Reads one layer type's own fields; undefined after a report. */
type LayerReader = (layer: FieldReader, report: Report) => LayerSpec | undefined;

export const LAYER_READERS: Readonly<Record<string, LayerReader>> = {
  Convolution: readConvolution,
  ReLU(layer, report) {
    const fields = layer.message("relu_param");
    const slope = fields.numbers("negative_slope").at(-1) ?? 0;
    fields.ignore("engine");
    fields.finish();
    if (slope !== 0) unsupported(report, `negative_slope ${slope}`, "0", "train with a plain ReLU");
    return { kind: "relu" };
  },
  Pooling: readPooling,
  Concat(layer, report) {
    const fields = layer.message("concat_param");
    const axis = [...fields.numbers("axis"), ...fields.numbers("concat_dim")].at(-1) ?? 1;
    fields.finish();
    if (axis !== 1 && axis !== -3)
      unsupported(report, `concatenation along axis ${axis}`, "axis 1, the channels", "concatenate channels");
    return { kind: "concat" };
  },
  /** Does nothing once the network is trained. */
  Dropout(layer) {
    layer.ignore("dropout_param");
    return { kind: "dropout" };
  },
  Eltwise(layer, report) {
    const fields = layer.message("eltwise_param");
    const operation = fields.word("operation", "SUM");
    const factors = fields.numbers("coeff");
    fields.ignore("stable_prod_grad");
    fields.finish();
    if (operation !== "SUM" || factors.some((factor) => factor !== 1)) {
      unsupported(
        report,
        `Eltwise ${operation} of factors ${factors.join(", ") || "1"}`,
        "SUM of factors 1",
        "add the maps",
      );
    }
    return { kind: "add" };
  },
  Softmax(layer, report) {
    const fields = layer.message("softmax_param");
    const axis = fields.numbers("axis").at(-1) ?? 1;
    fields.ignore("engine");
    fields.finish();
    if (axis !== 1) unsupported(report, `softmax along axis ${axis}`, "axis 1, the channels", "use axis 1");
    return { kind: "softmax" };
  },
};

function readConvolution(layer: FieldReader, report: Report): LayerSpec | undefined {
  const fields = layer.message("convolution_param");
  const outputs = fields.size("num_output", 0);
  const groups = fields.size("group", 1);
  const bias = fields.word("bias_term", "true");
  const axis = fields.numbers("axis").at(-1) ?? 1;
  const window = readWindow(fields, report);
  fields.ignore("weight_filler", "bias_filler", "engine", "force_nd_im2col");
  fields.finish();
  if (bias !== "true")
    unsupported(report, `bias_term ${bias}`, "convolutions with a bias", "add a bias of zeros");
  if (axis !== 1) unsupported(report, `convolution along axis ${axis}`, "axis 1, the channels", "use axis 1");
  if (outputs < 1 || groups < 1 || outputs > MAX_SIZE) {
    const found = `${outputs} outputs in ${groups} groups`;
    report("invalid-attribute", found, `1 to ${MAX_SIZE} of each`, "mend the .prototxt");
    return undefined;
  }
  return window && { kind: "convolution", outputs, groups, ...window };
}

function readPooling(layer: FieldReader, report: Report): LayerSpec | undefined {
  const fields = layer.message("pooling_param");
  const method = fields.word("pool", "MAX");
  const global = fields.word("global_pooling", "false") === "true";
  const rounding = fields.word("round_mode", "CEIL");
  const window = readWindow(fields, report, global);
  fields.ignore("engine");
  fields.finish();
  if (method !== "MAX" && method !== "AVE") {
    unsupported(report, `pooling method ${method}`, "MAX, AVE", "use another pooling method");
    return undefined;
  }
  if (rounding !== "CEIL" && rounding !== "FLOOR") {
    report("invalid-attribute", `round_mode ${rounding}`, "CEIL, FLOOR", "mend the .prototxt");
  }
  return window && { kind: "pool", method, global, roundUp: rounding === "CEIL", ...window };
}

/** Beyond any network; keeps products of attributes exact. */
const MAX_SIZE = 1 << 15;

/** A global pool has no kernel of its own. */
function readWindow(fields: FieldReader, report: Report, global = false): CaffeWindow | undefined {
  const pair = (name: string, stem: string, fallback: number): Pair => {
    const both = fields.sizes(name);
    const [height = fallback, width = height] = both;
    if (both.length > 2)
      report(
        "unsupported-attribute",
        `${both.length} values of ${name}`,
        "1 or 2",
        "use a map of two dimensions",
      );
    return [fields.size(`${stem}_h`, height), fields.size(`${stem}_w`, width)];
  };
  const kernel = pair("kernel_size", "kernel", global ? 1 : 0);
  const stride = pair("stride", "stride", 1);
  const dilation = pair("dilation", "dilation", 1);
  const pad = pair("pad", "pad", 0);
  const wrong = Object.entries({ kernel, stride, dilation }).filter(([, sizes]) =>
    sizes.some((n) => n < 1 || n > MAX_SIZE),
  );
  for (const [what, sizes] of wrong) {
    report(
      "invalid-attribute",
      `${what} ${sizes.join("x")}`,
      `${what} of 1 to ${MAX_SIZE}`,
      "mend the .prototxt",
    );
  }
  if (pad.some((n) => n > MAX_SIZE)) {
    report("invalid-attribute", `pad ${pad.join("x")}`, `pad of 0 to ${MAX_SIZE}`, "mend the .prototxt");
    return undefined;
  }
  return wrong.length === 0 ? { kernel, stride, dilation, pad } : undefined;
}

function unsupported(report: Report, found: string, supported: string, fix: string): void {
  report("unsupported-attribute", found, supported, fix);
}
