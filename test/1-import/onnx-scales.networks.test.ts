import { describeScales } from "./onnx-scales.ts";

// Ten more: onnx-scales.campaign.test.ts.
describeScales([
  [0.1, false],
  [1 / 128, true],
]);
