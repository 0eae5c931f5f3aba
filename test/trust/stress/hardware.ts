/** The accelerators that are put under stress: arrays, buses and networks that together use every unit. */
import { buildNetwork, type Network } from "../../../src/ir/builder.ts";
import { compileHardware, seededInteger, type Hardware } from "../../networks/hardware.ts";

/** Streamed and resident layers, depthwise layers, a Fire module with a pool, a residual sum. */
function mixed(): Network {
  const b = buildNetwork("mixed", { height: 14, width: 11, channels: 3 });
  const first = b.conv("first", b.input, 16, { kernel: 3, padding: 1, activation: "relu6" });
  const squeeze = b.conv("squeeze", first, 8, { kernel: 1, activation: "relu" });
  const fire = b.concat("fire", [
    b.conv("expand1x1", squeeze, 16, { kernel: 1, activation: "relu" }),
    b.conv("expand3x3", squeeze, 16, { kernel: 3, padding: 1, activation: "relu" }),
  ]);
  const pool = b.maxPool("pool", fire, { kernel: 2, stride: 2, rounding: "floor" });
  const wide = b.conv("wide", pool, 48, { kernel: 1, activation: "relu6" });
  const deep = b.depthwise("deep", wide, { kernel: 3, activation: "relu6" });
  const sum = b.add("sum", pool, b.conv("project", deep, 32, { kernel: 1 }));
  b.softmax("scores", b.conv("classes", b.globalAverage("average", sum), 10, { kernel: 1 }));
  return b.finish();
}

export interface Named extends Hardware {
  readonly name: string;
}

/** Compiled; a simulator is built at its first run. `count`: of them, the first ones. */
export function stressed(count: number): readonly Named[] {
  const graph = seededInteger(mixed(), 5);
  const small = { array: { pk: 4, pc: 4 }, busBytes: 8 } as const;
  const made = [
    () => ({ name: "4x4, 64 bits", ...compileHardware(graph, small) }),
    () => ({
      name: "8x8, 128 bits, maps and weights kept",
      ...compileHardware(graph, {
        array: { pk: 8, pc: 8 },
        busBytes: 16,
        buffers: { mapBytes: 4096, keptWords: 128 },
      }),
    }),
  ];
  return made.slice(0, count).map((make) => make());
}
