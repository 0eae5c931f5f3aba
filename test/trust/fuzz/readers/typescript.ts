/** Networks and kernels in TypeScript. They are programs: the seeds have no loop that runs before the compiler sees it. */
import { readFileSync } from "node:fs";
import { compileKernels } from "../../../../codegen/hls/compile.ts";
import { kernelFiles } from "../../../../codegen/hls/files.ts";
import { packagePath } from "../../../../src/platform/package.ts";
import { readModelFile } from "../model.ts";
import { alone, textOf, type Reader } from "../reader.ts";

const NETWORKS = [
  `import { buildNetwork } from "firebrick/network";

const b = buildNetwork("small", { height: 8, width: 8, channels: 3 });
let x = b.conv("first", b.input, 8, { kernel: 3, stride: 2, activation: "relu6" });
x = b.depthwise("deep", x, { kernel: 3, activation: "relu6" });
x = b.conv("wide", x, 12, { kernel: 1, activation: "relu" });
x = b.conv("classes", b.globalAverage("average", x), 4, { kernel: 1 });
b.softmax("scores", x);
export default b.finish();
`,
  `import { buildNetwork } from "firebrick/network";

const b = buildNetwork("gated", { height: 6, width: 5, channels: 4 });
const x = b.conv("grouped", b.input, 8, { kernel: [1, 3], groups: 2 });
const gate = b.dense("gate", b.dense("squeeze", b.globalAverage("whole", x), 4, { activation: "relu" }), 8, {
  activation: "hard-sigmoid",
});
const y = b.multiply("gated", x, gate);
export const network = b.finish({ outputs: [y, gate] });
`,
];

export const networkReader: Reader = {
  name: "network in TypeScript",
  share: 2,
  seeds: () => Promise.resolve(NETWORKS.map((text) => alone("net.ts", textOf(text)))),
  read: readModelFile,
};

const KERNELS = [
  "bits",
  "hard-sigmoid",
  "hard-swish",
  "integer-sqrt",
  "leaky-relu",
  "relu6",
  "requantise",
  "residual-add",
];

export const kernelReader: Reader = {
  name: "kernel in TypeScript",
  share: 2,
  seeds: () => {
    const text = (name: string) => readFileSync(packagePath("hw", "kernels", `${name}.ts`), "utf8");
    return Promise.resolve(KERNELS.map((name) => alone("kernel.ts", textOf(text(name)))));
  },
  read: (path, reading) => {
    const kernels = compileKernels(path, { maxDepth: 8 });
    reading.begin("compile");
    kernelFiles(kernels, "kernel.ts");
    return Promise.resolve();
  },
};
