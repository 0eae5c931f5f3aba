/** Which blocks come out of networks: phases, residual and pool of each; and what finds no place. */
import type { IntNode } from "../../src/ir/integer.ts";
import { describe, expect, it } from "vitest";
import type { Plan } from "../../src/4-schedule/plan.ts";
import { predict } from "../../src/4-schedule/cycles/predict.ts";
import { schedule } from "../../src/4-schedule/schedule.ts";
import { defaultMemory } from "../../sim/memory-options.ts";
import { buildNetwork, type NetworkBuilder, type NetworkMap } from "../../src/ir/builder.ts";
import type { IntGraph } from "../../src/ir/integer.ts";
import { seededInteger } from "../networks/hardware.ts";

const options = { pk: 4, pc: 4, busBytes: 8 } as const;

function graphOf(channels: number, describeLayers: (b: NetworkBuilder) => NetworkMap): IntGraph {
  const b = buildNetwork("test", { height: 9, width: 8, channels });
  b.globalAverage("average", describeLayers(b));
  return seededInteger(b.finish(), 2);
}

/** `name: kinds of the phases, add, pool` of each block but the average at the end. */
function outline({ blocks }: Plan): string[] {
  return blocks
    .filter(({ name }) => name !== "average")
    .map(({ name, phases, residual, pool }) => {
      const kinds = phases.map(({ kind, centreTap }) => (centreTap ? "fire" : kind));
      return `${name}: ${[...kinds, ...(residual ? ["add"] : []), ...(pool ? ["pool"] : [])].join(" ")}`;
    });
}

const blocksOf = (channels: number, layers: (b: NetworkBuilder) => NetworkMap): string[] =>
  outline(schedule(graphOf(channels, layers), options));

function fire(b: NetworkBuilder, name: string, from: NetworkMap, one = 8): NetworkMap {
  const squeeze = b.conv(`${name}/s`, from, 5, { kernel: 1, activation: "relu" });
  return b.concat(name, [
    b.conv(`${name}/1`, squeeze, one, { kernel: 1, activation: "relu" }),
    b.conv(`${name}/3`, squeeze, 6, { kernel: 3, padding: 1, activation: "relu" }),
  ]);
}

const pool3 = { kernel: 3, stride: 2 } as const;

describe("blocks", () => {
  it("of a depthwise-separable network", () => {
    expect(
      blocksOf(3, (b) => {
        const conv = b.conv("conv", b.input, 8, { kernel: 3, stride: 2 });
        const first = b.conv("p1", b.depthwise("d1", conv, { kernel: 3 }), 8, { kernel: 1 });
        // 5 x 5 takes more cycles of the array than a window may: tap by tap
        return b.conv("p2", b.depthwise("d2", b.depthwise("d3", first, { kernel: 3 }), { kernel: 5 }), 8, {
          kernel: 1,
        });
      }),
    ).toEqual(["conv: pack conv", "d1+p1: depthwise conv", "d3: depthwise serial", "d2+p2: serial conv"]);
  });

  it("end in front of a 1 x 1 convolution that has rows of its own, whose strips would be others", () => {
    const layers = (b: NetworkBuilder) => {
      const deep = b.depthwise("d", b.conv("e", b.conv("c", b.input, 8, { kernel: 1 }), 32, { kernel: 1 }), {
        kernel: 3,
        padding: 1,
      });
      return b.conv("p", deep, 24, { kernel: 1, padding: 2 });
    };
    expect(blocksOf(4, layers)).toEqual(["c: conv", "e+d: conv depthwise serial", "p: conv"]);
    const streamed = { ...options, buffers: { weightWords: 64, lineBytes: 512 } };
    const { cycles } = predict(schedule(graphOf(4, layers), streamed), { ...defaultMemory, bytes: 8 });
    expect(cycles).toBeGreaterThan(1000);
  });

  it("send a layer's results through a kernel only where nobody else reads them", () => {
    const kernel = "hard-swish" as const;
    const one = { kernel: 1 } as const;
    // the kernel alone reads "a"; the sum reads "b" too
    expect(
      blocksOf(4, (b) => {
        const first = b.activation("first", b.conv("a", b.input, 8, one), kernel);
        const second = b.conv("b", first, 8, one);
        return b.add("sum", second, b.activation("second", second, kernel));
      }),
    ).toEqual(["a+first: conv", "b: conv", "second+sum: serial add"]);
  });

  it("of a residual network, the sum behind the later producer", () => {
    expect(
      blocksOf(4, (b) => {
        const conv = b.conv("conv", b.input, 8, { kernel: 3 });
        const wide = b.conv("expand", conv, 12, { kernel: 1 });
        const narrow = b.conv("project", b.depthwise("deep", wide, { kernel: 3 }), 8, { kernel: 1 });
        const sum = b.add("add", conv, narrow);
        const left = b.conv("left", sum, 8, { kernel: 1 });
        return b.maxPool("pool", b.add("sum", b.conv("right", sum, 8, { kernel: 3 }), left), pool3);
      }),
    ).toEqual([
      "conv: conv",
      "expand+deep+project+add: conv depthwise conv add",
      "left: conv",
      "right+sum+pool: conv add pool",
    ]);
  });

  it("of expand, depthwise, project: one, unless something else reads what lies between, or it is the image; of expand and depthwise before others", () => {
    const k1 = { kernel: 1 } as const;
    expect(
      blocksOf(4, (b) => {
        const first = b.conv("e1", b.input, 12, k1);
        let map = b.conv("p1", b.depthwise("d1", first, { kernel: 3 }), 8, k1);
        const wide = b.conv("e2", map, 12, k1);
        map = b.conv("p2", b.depthwise("d2", wide, { kernel: 3 }), 12, k1);
        map = b.conv("e3", b.add("a2", map, wide), 9, k1);
        // tap by tap
        map = b.conv("p3", b.depthwise("d3", map, { kernel: 5, stride: 2 }), 7, k1);
        map = b.conv("e4", map, 9, k1);
        return b.conv("p4", b.depthwise("d4", map, { kernel: 3 }), 7, { kernel: 3 });
      }),
    ).toEqual([
      ...["e1: conv", "d1+p1: depthwise conv", "e2: conv", "d2+p2+a2: depthwise conv add"],
      ...["e3+d3+p3: conv serial conv", "e4+d4: conv depthwise serial", "p4: conv"],
    ]);
  });

  it("of a residual network: which operand comes from memory, and its scales", () => {
    const graph = graphOf(4, (b) => {
      const conv = b.conv("conv", b.input, 8, { kernel: 3 });
      return b.add("add", conv, b.conv("next", conv, 8, { kernel: 1, activation: "relu" }));
    });
    const block = schedule(graph, options).blocks[1]!;
    const node = graph.nodes.find(({ name }) => name === "add");
    if (node?.kind !== "add") throw new Error("the graph has an add");
    const scale = ({ multiplier, exponent }: { multiplier: number; exponent: number }, map: number) => ({
      ...{ multiplier, right: -exponent },
      zeroPoint: graph.maps.get(map)!.zeroPoint,
    });
    expect(block.residual).toMatchObject({
      producer: 0,
      residual: scale(node.input1, node.inputs[0]!),
      result: scale(node.input2, node.inputs[1]!),
      sum: scale(node.result, node.output),
    });
    expect(block.residual!.residual).not.toEqual(block.residual!.result);
  });

  it("of a SqueezeNet, with simple and complex bypass", () => {
    expect(
      blocksOf(3, (b) => {
        const conv = b.conv("conv", b.input, 14, { kernel: 3, activation: "relu" });
        const first = b.maxPool("pool", fire(b, "f1", b.maxPool("pool0", conv, pool3)), pool3);
        const second = b.add("simple", first, fire(b, "f2", first));
        return b.add("complex", b.conv("side", second, 14, { kernel: 1 }), fire(b, "f3", second));
      }),
    ).toEqual([
      "conv+pool0: pack conv pool",
      "f1/s+f1/1+f1/3+pool: conv fire pool",
      "f2/s+f2/1+f2/3+simple: conv fire add",
      "side: conv",
      "f3/s+f3/1+f3/3+complex: conv fire add",
    ]);
  });

  it("of a squeeze that somebody else reads too: not fused with its expand convolutions", () => {
    expect(
      blocksOf(4, (b) => {
        const squeeze = b.conv("s", b.conv("conv", b.input, 8, { kernel: 1 }), 4, {
          kernel: 1,
          activation: "relu",
        });
        const joined = b.concat("f", [
          b.conv("1", squeeze, 4, { kernel: 1, activation: "relu" }),
          b.conv("3", squeeze, 4, { kernel: 3, padding: 1, activation: "relu" }),
        ]);
        return b.add("add", joined, b.conv("side", squeeze, 8, { kernel: 1 }));
      }),
    ).toEqual(["conv: conv", "s: conv", "1+3: fire", "side+add: conv add"]);
  });
});

describe("pools and sums that the units behind the array do not take", () => {
  it("are phases: by padding, stride, a second reader, behind another pool, of the image", () => {
    const k1 = { kernel: 1 } as const;
    expect(
      blocksOf(4, (b) => {
        const image = b.maxPool("image", b.input, { kernel: 2, stride: 2 });
        const conv = b.conv("conv", image, 8, { kernel: 3 });
        const padded = b.maxPool("padded", conv, { ...pool3, padding: 1 });
        const slow = b.maxPool("slow", b.conv("c2", padded, 8, k1), { kernel: 2, stride: 1 });
        const twice = b.conv("c3", slow, 8, k1);
        const shared = b.maxPool("shared", twice, { kernel: 2, stride: 1 });
        const other = b.conv("c4", twice, 8, { kernel: 2, padding: "valid" });
        return b.add("sum", b.maxPool("again", shared, { kernel: 1, stride: 1 }), other);
      }),
    ).toEqual([
      ...["image: serial", "conv: conv", "padded+c2: serial conv", "slow+c3: serial conv"],
      ...["shared: serial", "c4: conv", "again+sum: serial add"],
    ]);
  });

  it("are two phases where a window is large: over columns, then over rows", () => {
    expect(
      blocksOf(4, (b) => {
        const large = b.maxPool("large", b.input, { kernel: 5, stride: 1, padding: 2 });
        return b.maxPool("far", b.conv("conv", large, 8, { kernel: 1 }), { kernel: 3, stride: 3 });
      }),
    ).toEqual(["large/columns+large: serial serial", "conv: conv", "far: serial"]);
  });

  it("are sums behind a phase that passes an operand on", () => {
    expect(
      blocksOf(4, (b) => {
        const one = b.conv("one", b.input, 8, { kernel: 1 });
        const two = b.conv("two", one, 8, { kernel: 1 });
        const sum = b.add("sum", one, two);
        return b.add("last", b.add("same", sum, sum), two);
      }),
    ).toEqual(["one: conv", "two: conv", "sum: serial add", "same: serial add", "last: serial add"]);
  });
});

describe("what finds no block", () => {
  it("is an ADD that integers do not reproduce", () => {
    const graph = graphOf(4, (b) => {
      const conv = b.conv("conv", b.input, 8, { kernel: 3 });
      return b.add("add", conv, b.conv("next", conv, 8, { kernel: 1 }));
    });
    const nodes = graph.nodes.map((node): IntNode => {
      if (node.kind !== "add") return node;
      const { name, sources, inputs, output, macs, min, max } = node;
      return { kind: "float-add", name, sources, inputs, output, macs, kernel: null, min, max };
    });
    expect(() => schedule({ ...graph, nodes }, options)).toThrow(
      /no-hardware: add: found an ADD whose sums fall on ties/,
    );
  });
});
