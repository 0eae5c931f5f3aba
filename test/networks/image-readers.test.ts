/** An image that more than the packer reads lies padded in memory: packed densely, the other reader would go wrong. */
import { expect, it } from "vitest";
import { buildNetwork, type Network } from "../../src/ir/builder.ts";
import { compileHardware, seededInteger } from "./hardware.ts";

const image = { height: 9, width: 11, channels: 3 };

function imageIsResidual(): Network {
  const b = buildNetwork("image-residual", image);
  const sum = b.add("add", b.conv("conv", b.input, 3, { kernel: 3, padding: 1 }), b.input);
  b.globalAverage("average", b.conv("conv2", sum, 5, { kernel: 1 }));
  return b.finish();
}

function twoReaders(): Network {
  const b = buildNetwork("image-twice", image);
  const three = b.conv("three", b.input, 8, { kernel: 3, padding: 1 });
  const one = b.conv("one", b.input, 8, { kernel: 1 });
  b.globalAverage("average", b.conv("conv2", b.add("add", three, one), 5, { kernel: 1 }));
  return b.finish();
}

it.each([imageIsResidual, twoReaders])("%o is bit exact", async (network) => {
  const hardware = compileHardware(seededInteger(network(), 5), { array: { pk: 8, pc: 8 }, busBytes: 8 });
  try {
    const images = await hardware.run({ latency: 20 });
    expect(
      images.map(({ divergence, failure, mismatches }) => ({ divergence, failure, mismatches })),
    ).toEqual(images.map(() => ({ divergence: null, failure: null, mismatches: 0 })));
    expect(images).toHaveLength(2);
  } finally {
    hardware.remove();
  }
});
