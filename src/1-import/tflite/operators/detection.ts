/** TFLite_Detection_PostProcess: four outputs, each of which is read as a node of its own. */
import type { DetectionNode, DetectionRule, Tensor, TensorId } from "../../../ir/graph.ts";
import { detectionShape } from "../../../ir/shapes.ts";
import { nodeBase, RECONVERT, requireConstant } from "../context.ts";
import type { OperatorReader } from "../context.ts";
import type { FileOperator } from "../file.ts";
import { flexNumbers } from "../flexbuffer.ts";
import { OperatorCode } from "../schema.ts";

const NAME = "TFLite_Detection_PostProcess";
const RESULTS = ["boxes", "classes", "scores", "number"] as const;

/** inputs = [encodings, scores, anchors]. */
export const detection: OperatorReader = {
  code: OperatorCode.CUSTOM,
  custom: NAME,
  options: 0,
  inputs: [3, 3],
  hasOutputs: true,
  read(op): DetectionNode | undefined {
    const [, , anchors] = op.inputs;
    const rule = ruleOf(op.customOptions);
    const result = RESULTS[op.outputs.indexOf(op.output)];
    if (!anchors || !requireConstant(op, "anchors", anchors)) return undefined;
    if (rule && result) return { kind: "detection", ...nodeBase(op, op.inputs), result, rule };
    const found = rule
      ? `${op.outputs.length} outputs`
      : "options that are missing or outside of their range";
    op.report("invalid-attribute", found, "the options and four outputs of the kernel", RECONVERT);
    return undefined;
  },
};

/** Undefined where an option is missing or such that the kernel refuses it. */
function ruleOf(bytes: Uint8Array | undefined): DetectionRule | undefined {
  const options = bytes && flexNumbers(bytes);
  if (!options) return undefined;
  const count = (key: string, usual?: number) => {
    const value = options.get(key) ?? usual;
    return value !== undefined && Number.isInteger(value) && value > 0 && value < 1 << 15 ? value : undefined;
  };
  const real = (key: string) => {
    const value = Math.fround(options.get(key) ?? NaN);
    return Number.isFinite(value) ? value : undefined;
  };
  const detections = count("max_detections");
  const classesPerDetection = count("max_classes_per_detection");
  const detectionsPerClass = count("detections_per_class", 100);
  const classes = count("num_classes");
  const scoreThreshold = real("nms_score_threshold");
  const overlapThreshold = real("nms_iou_threshold");
  const [y, x, h, w] = ["y_scale", "x_scale", "h_scale", "w_scale"].map(real);
  const isRegular = ![undefined, 0].includes(options.get("use_regular_nms"));
  if (!detections || !classesPerDetection || !detectionsPerClass || !classes || !y || !x || !h || !w)
    return undefined;
  if (scoreThreshold === undefined || !overlapThreshold || overlapThreshold < 0 || overlapThreshold > 1)
    return undefined;
  if (classesPerDetection > classes) return undefined;
  const counts = { detections, classesPerDetection, detectionsPerClass, classes };
  return { ...counts, isRegular, scoreThreshold, overlapThreshold, scales: [y, x, h, w] };
}

/** Files leave the outputs' shapes out: the kernel knows them. */
export function shapeDetections(operators: readonly FileOperator[], tensors: Map<TensorId, Tensor>): void {
  for (const { custom, customOptions, outputs } of operators) {
    const rule = custom === NAME ? ruleOf(customOptions) : undefined;
    for (const [i, result] of rule ? RESULTS.entries() : []) {
      const tensor = tensors.get(outputs[i] ?? -1);
      if (tensor && rule) tensors.set(tensor.id, { ...tensor, shape: detectionShape(rule, result) });
    }
  }
}
