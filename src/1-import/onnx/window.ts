/** Kernels, strides, dilations and paddings of convolutions and pools. */
import type { Padding } from "../../ir/graph.ts";
import { item } from "../../ir/known.ts";
import type { Shape } from "../../ir/shapes.ts";
import { REEXPORT } from "./context.ts";
import type { OperatorContext } from "./context.ts";

type Pair = readonly [number, number];

export interface WindowAttributes {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly dilation: Pair;
  /** As the file has it: top, left, bottom, right. */
  readonly pads: readonly [number, number, number, number];
  readonly autoPad: "NOTSET" | "VALID" | "SAME_UPPER" | "SAME_LOWER";
  readonly ceil: boolean;
}

/** Beyond any network; keeps products of attributes exact. */
const MAX_ATTRIBUTE = 1 << 15;
const AUTO_PADS = ["NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER"] as const;

/** `weights` is their kernel, for a convolution, as far as it is known. Undefined after a report. */
export function readWindow(op: OperatorContext, weights?: Pair | "unknown"): WindowAttributes | undefined {
  const { attributes } = op;
  const kernel = weights === "unknown" ? undefined : weights;
  const shape = attributes.ints("kernel_shape") ?? (weights === "unknown" ? [1, 1] : weights);
  const stride = attributes.ints("strides") ?? [1, 1];
  const dilation = attributes.ints("dilations") ?? [1, 1];
  const pads = attributes.ints("pads") ?? [0, 0, 0, 0];
  const auto = attributes.text("auto_pad", "NOTSET");
  const autoPad = AUTO_PADS.find((known) => known === auto);
  const mistakes: string[] = [];
  const wrong = (found: string, supported: string) => {
    op.report("invalid-attribute", found, supported, REEXPORT);
    mistakes.push(found);
  };
  if (!shape) {
    wrong("no kernel_shape", "a kernel of two sizes");
    return undefined;
  }
  for (const [what, sizes] of Object.entries({ kernel_shape: shape, strides: stride, dilations: dilation })) {
    if (sizes.length === 2 && sizes.every((n) => n >= 1 && n <= MAX_ATTRIBUTE)) continue;
    wrong(`${what} ${sizes.join(", ")}`, `two ${what} of 1 to ${MAX_ATTRIBUTE}`);
  }
  if (pads.length !== 4 || pads.some((n) => n < 0 || n > MAX_ATTRIBUTE)) {
    wrong(`pads ${pads.join(", ")}`, "four pads of 0 or more: top, left, bottom, right");
  }
  if (!autoPad) wrong(`auto_pad ${auto}`, AUTO_PADS.join(", "));
  else if (autoPad !== "NOTSET" && pads.some((n) => n !== 0)) {
    wrong(`auto_pad ${auto} beside pads ${pads.join(", ")}`, "one of them");
  }
  if (kernel && shape.some((n, i) => n !== kernel[i])) {
    wrong(`kernel_shape ${shape.join("x")} for weights of ${kernel.join("x")}`, "the weights' own size");
  }
  const pair = ([a = 1, b = 1]: readonly number[]): Pair => [a, b];
  const [top = 0, left = 0, bottom = 0, right = 0] = pads;
  if (mistakes.length > 0 || !autoPad) return undefined;
  return {
    kernel: pair(shape),
    stride: pair(stride),
    dilation: pair(dilation),
    pads: [top, left, bottom, right],
    autoPad,
    ceil: false,
  };
}

export interface PlacedWindow {
  readonly rows: number;
  readonly columns: number;
  /** What counts as padding. */
  readonly declared: Padding;
  /** Rows and columns behind the declared padding that the last windows reach when their number is rounded up. */
  readonly beyond: Padding;
}

/**
 * Places windows over `shape` [N, C, H, W]. Undefined after a report.
 * Rounding up makes no window that would start behind the map and the padding before it (ONNX Runtime, ComputeOutputSize).
 */
export function placeWindow(
  op: OperatorContext,
  window: WindowAttributes,
  shape: Shape,
): PlacedWindow | undefined {
  const vertical = placeAlong(window, 0, item(shape, 2));
  const horizontal = placeAlong(window, 1, item(shape, 3));
  if (vertical.outputs < 1 || horizontal.outputs < 1) {
    const found = `a window of ${window.kernel.join("x")} over ${shape[2]}x${shape[3]}`;
    op.report("shape-mismatch", found, "windows that fit the padded map", REEXPORT);
    return undefined;
  }
  return {
    rows: vertical.outputs,
    columns: horizontal.outputs,
    declared: {
      top: vertical.before,
      left: horizontal.before,
      bottom: vertical.after,
      right: horizontal.after,
    },
    beyond: { top: 0, left: 0, bottom: vertical.beyond, right: horizontal.beyond },
  };
}

interface Placed {
  readonly outputs: number;
  readonly before: number;
  readonly after: number;
  readonly beyond: number;
}

function placeAlong(window: WindowAttributes, axis: 0 | 1, size: number): Placed {
  const stride = window.stride[axis];
  const reach = (window.kernel[axis] - 1) * window.dilation[axis] + 1;
  if (window.autoPad === "SAME_UPPER" || window.autoPad === "SAME_LOWER") {
    const outputs = Math.ceil(size / stride);
    const total = Math.max(0, (outputs - 1) * stride + reach - size);
    const [less, more] = [Math.floor(total / 2), Math.ceil(total / 2)];
    const [before, after] = window.autoPad === "SAME_UPPER" ? [less, more] : [more, less];
    return { outputs, before, after, beyond: 0 };
  }
  const [top, left, bottom, right] = window.pads;
  const [before, after] = axis === 0 ? [top, bottom] : [left, right];
  const steps = (size + before + after - reach) / stride;
  let outputs = (window.ceil ? Math.ceil(steps) : Math.floor(steps)) + 1;
  if (window.ceil && (outputs - 1) * stride >= size + before) outputs--;
  const beyond = Math.max(0, (outputs - 1) * stride + reach - (size + before + after));
  return { outputs, before, after, beyond };
}

export function addPadding(a: Padding, b: Padding): Padding {
  return { top: a.top + b.top, left: a.left + b.left, bottom: a.bottom + b.bottom, right: a.right + b.right };
}

export function isPadded(padding: Padding): boolean {
  return Object.values(padding).some((n) => n !== 0);
}
