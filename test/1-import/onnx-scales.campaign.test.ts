import { describeScales } from "./onnx-scales.ts";

describeScales([
  [0.1, true],
  [1 / 128, false],
  ...[0.02, 0.021, 0.05, 0.25].flatMap((from) => [[from, false] as const, [from, true] as const]),
]);
