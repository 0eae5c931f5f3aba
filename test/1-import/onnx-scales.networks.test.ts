import { describeScales } from "./onnx-scales.ts";

// Three more: onnx-scales.campaign.test.ts.
describeScales([0.02, 0.1, 1 / 128]);
