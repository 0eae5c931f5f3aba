import { expect, it } from "vitest";
import { networkStream } from "../../codegen/small/stream.ts";
import { scheduleSmall } from "../../src/4-schedule/small/schedule.ts";
import { encode } from "../../src/format/fields.ts";
import { isSmallProgram, readSmallProgram } from "../../src/format/read-small-program.ts";
import { packetKinds, packetWords, type PacketKind } from "../../src/format/small-program.ts";
import { formatSmallProgram } from "../../src/format/small-program-text.ts";
import { sketch } from "../networks/sketch.ts";

const network = () =>
  networkStream(
    scheduleSmall(
      sketch("small", [6, 5, 8])
        .depthwise({ kernel: [3, 3], same: true })
        .conv(20, { kernel: [1, 1], stride: [2, 2] })
        .graph(),
      "icebreaker",
    ),
  );

/** A file of these 16-bit words. */
const file = (...halves: readonly number[]) => new Uint8Array(Uint16Array.from(halves).buffer);
const header = (kind: PacketKind, length: number): number =>
  encode(packetWords, { kind: packetKinds.indexOf(kind), length })[0]!;

it("reads what the encoder wrote", () => {
  const bytes = network();
  expect(isSmallProgram(bytes)).toBe(true);
  const { layers } = readSmallProgram("network.bin", bytes);
  expect(layers).toHaveLength(2);
  const [depthwise, pointwise] = layers;
  // rows of 5 pixels of 2 words; the first position lies above and left of the map
  expect(depthwise!.moves[0]).toEqual({ address: -12, column: -1, row: -1 });
  expect(depthwise!.moves[2]).toEqual({ address: 2, column: 1, row: 0 });
  expect(depthwise!.constants).toMatchObject({
    words: 0,
    columns: 2,
    rows: 2,
    outRows: 5,
    pitch: 2,
    final: 0,
  });
  expect(depthwise!.packets.map(({ kind }) => kind)).toEqual([
    "biases",
    "multipliers",
    "shifts",
    "diagonal weights",
  ]);
  expect(pointwise!.constants).toMatchObject({
    words: 1,
    columns: 0,
    outColumns: 2,
    outRows: 2,
    groups: 4,
    final: 1,
  });
  expect(pointwise!.packets.at(-1)).toEqual({ kind: "weights", length: 5 * 2 * 8 });
});

it("says it in words", () => {
  const bytes = network();
  const text = formatSmallProgram("network.bin", readSmallProgram("network.bin", bytes));
  expect(text).toContain(`network.bin: a network of ${bytes.length} bytes for a small engine: 2 layers;`);
  expect(text).toContain("\nlayer 0\n  moves\n    first position: address -12, column -1, row -1\n");
  expect(text).toContain("    kernel columns, less one 2, kernel rows, less one 2,");
  expect(text).toContain(
    "\n  16-bit words behind it\n    biases 40, multipliers 40, shifts 20, weights 80\n",
  );
});

it.each([
  ["no end", file(header("layer", 32), ...new Array<number>(32).fill(0)), "66 bytes without an end"],
  ["a cut", file(header("layer", 32), 1, 2), "a packet of 32 words cut off at 6 bytes"],
  ["an unknown kind", file(7 << 13), "a packet of an unknown kind at byte 0"],
  ["a short layer", file(header("layer", 2), 0, 0), "a layer of 2 words, not of 32"],
  ["no layer", file(header("shifts", 1), 0), "shifts in front of the first layer"],
])("refuses %s", (_what, bytes, found) => {
  expect(() => readSmallProgram("network.bin", bytes)).toThrow(`broken-program: network.bin: found ${found}`);
});
