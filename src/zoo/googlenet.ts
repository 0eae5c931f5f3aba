import { buildNetwork } from "../ir/builder.ts";
import type { Network, NetworkBuilder, NetworkMap } from "../ir/builder.ts";

/** Filters of an inception module: 1x1; 3x3 reduce, 3x3; 5x5 reduce, 5x5; behind the pool (table 1 of the paper). */
type Inception = readonly [number, number, number, number, number, number];

/** Modules by name, with the pool before them where there is one. */
const MODULES: readonly (readonly [string, Inception, string?])[] = [
  ["inception_3a", [64, 96, 128, 16, 32, 32], "pool2"],
  ["inception_3b", [128, 128, 192, 32, 96, 64]],
  ["inception_4a", [192, 96, 208, 16, 48, 64], "pool3"],
  ["inception_4b", [160, 112, 224, 24, 64, 64]],
  ["inception_4c", [128, 128, 256, 24, 64, 64]],
  ["inception_4d", [112, 144, 288, 32, 64, 64]],
  ["inception_4e", [256, 160, 320, 32, 128, 128]],
  ["inception_5a", [256, 160, 320, 32, 128, 128], "pool4"],
  ["inception_5b", [384, 192, 384, 48, 128, 128]],
];

const activation = "relu";

/**
 * GoogLeNet, [224, 224, 3] -> [1, 1, 1000] with softmax. Source: Szegedy et al., arXiv 1409.4842, table 1, as in
 * Caffe's bvlc_googlenet files. Left out: local response normalisation, which has no parameters, and the two auxiliary
 * classifiers, which only training uses. docs/zoo.md compares the counts with those of the MobileNet paper.
 */
export function googlenet(): Network {
  const b = buildNetwork("googlenet", { height: 224, width: 224, channels: 3 });
  const pool = { kernel: 3, stride: 2 };
  let x = b.conv("conv1/7x7_s2", b.input, 64, { kernel: 7, stride: 2, padding: 3, activation });
  x = b.maxPool("pool1", x, pool);
  x = b.conv("conv2/3x3_reduce", x, 64, { kernel: 1, activation });
  x = b.conv("conv2/3x3", x, 192, { kernel: 3, activation });
  for (const [name, filters, before] of MODULES) {
    x = inception(b, name, before === undefined ? x : b.maxPool(before, x, pool), filters);
  }
  x = b.globalAverage("pool5", x);
  b.softmax("prob", b.conv("classifier", x, 1000, { kernel: 1 }));
  return b.finish();
}

function inception(b: NetworkBuilder, name: string, x: NetworkMap, filters: Inception): NetworkMap {
  const [ones, reduce3, threes, reduce5, fives, projected] = filters;
  const conv = (layer: string, from: NetworkMap, count: number, kernel: number) =>
    b.conv(`${name}/${layer}`, from, count, { kernel, activation });
  const pooled = b.maxPool(`${name}/pool`, x, { kernel: 3, stride: 1, padding: 1 });
  return b.concat(`${name}/output`, [
    conv("1x1", x, ones, 1),
    conv("3x3", conv("3x3_reduce", x, reduce3, 1), threes, 3),
    conv("5x5", conv("5x5_reduce", x, reduce5, 1), fives, 5),
    conv("pool_proj", pooled, projected, 1),
  ]);
}
