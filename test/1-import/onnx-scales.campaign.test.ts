import { describeScales } from "./onnx-scales.ts";

describeScales([0.021, 0.05, 0.25]);
