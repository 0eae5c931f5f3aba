/** Networks of few layers, whose pages have every section and few rows. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildNetwork, type Network } from "../../src/ir/builder.ts";
import { saveGraph } from "../../src/saved/save.ts";
import { withSeededWeights } from "../../src/zoo/index.ts";

const CLASSES = 12;

/** What every engine runs. */
export function plainNetwork(): Network {
  const b = buildNetwork("plain", { height: 24, width: 24, channels: 3 });
  const first = b.conv("first", b.input, 8, { kernel: 3, stride: 2, activation: "relu6" });
  const deep = b.depthwise("block/a_name_that_is_long_for_a_cell", first, { kernel: 3, activation: "relu6" });
  const wide = b.conv("block/project", deep, 16, { kernel: 1, activation: "relu6" });
  b.softmax("scores", b.conv("classes", b.globalAverage("average", wide), CLASSES, { kernel: 1 }));
  return b.finish();
}

/** With a pool, a Fire module and a residual sum. */
export function joinedNetwork(): Network {
  const b = buildNetwork("joined", { height: 24, width: 24, channels: 3 });
  const first = b.conv("first", b.input, 32, { kernel: 3, stride: 2, activation: "relu" });
  const pooled = b.maxPool("pool", first, { kernel: 3, stride: 2 });
  const squeezed = b.conv("fire/squeeze1x1", pooled, 8, { kernel: 1, activation: "relu" });
  const one = b.conv("fire/expand1x1", squeezed, 16, { kernel: 1, activation: "relu" });
  const three = b.conv("fire/expand3x3", squeezed, 16, { kernel: 3, activation: "relu" });
  const sum = b.add("fire/bypass", b.concat("fire/concat", [one, three]), pooled);
  b.softmax("scores", b.conv("classes", b.globalAverage("average", sum), CLASSES, { kernel: 1 }));
  return b.finish();
}

/** The network with seeded weights in a file of the folder, which commands take as a model. */
export function modelFile(folder: string, network: Network): string {
  const file = join(folder, `${network.name}.firebrick`);
  writeFileSync(file, saveGraph(withSeededWeights(network)));
  return file;
}
