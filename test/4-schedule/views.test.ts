/** Maps that are read in another shape: where they lie, and what is refused. */
import { expect, it } from "vitest";
import { schedule } from "../../src/4-schedule/schedule.ts";
import { scheduleSmall } from "../../src/4-schedule/small/schedule.ts";
import { sketch } from "../networks/sketch.ts";

const k1 = { kernel: [1, 1] } as const;
const k3 = { kernel: [3, 3], same: true } as const;
const array = { pk: 8, pc: 8, busBytes: 16 } as const;

it("lays rows of whole beats one behind the other, and reads them in the other shape", () => {
  const graph = sketch("narrower", [4, 9, 8]).conv(8, k1).reshape([6, 6, 8]).conv(8, k3).graph();
  const [writer, reader] = schedule(graph, array).blocks;
  // 8 channels are half a beat of 16 bytes
  expect(writer!.destination).toMatchObject({
    rows: 4,
    width: 9,
    channels: 8,
    pixelPitch: 16,
    rowPitch: 144,
  });
  expect(reader!.source).toMatchObject({ rows: 6, width: 6, channels: 8, pixelPitch: 16, rowPitch: 96 });
  expect(reader).toMatchObject({ producer: 0, waits: false });
  expect(reader!.source.offset).toBe(writer!.destination.offset);
});

it("waits for all of a map whose rows become longer", () => {
  const graph = sketch("wider", [6, 6, 8]).conv(8, k1).reshape([4, 9, 8]).conv(8, k3).graph();
  expect(schedule(graph, array).blocks[1]).toMatchObject({ producer: 0, waits: true });
});

it("keeps the map until the block that reads it in another shape has ended", () => {
  const graph = sketch("kept", [6, 6, 8]).conv(8, k1).reshape([4, 9, 8]).conv(8, k3).conv(8, k3).graph();
  const [first, second] = schedule(graph, array).blocks;
  const end = first!.destination.offset + first!.destination.rowPitch * first!.destination.rows;
  expect(second!.destination.offset).toBeGreaterThanOrEqual(end);
});

it("has the image in the shape in which the first layer reads it", () => {
  const graph = sketch("image", [1, 1, 49]).reshape([7, 7, 1]).conv(8, k3).graph();
  expect(schedule(graph, array).inputs[0]!.place).toMatchObject({ rows: 7, width: 7, channels: 1 });
  expect(scheduleSmall(graph, "icebreaker").input).toMatchObject({ height: 7, width: 7, channels: 1 });
});

it("refuses a reshape that would move values, and says which do not", () => {
  const graph = sketch("moves", [4, 4, 6]).conv(6, k1).reshape([4, 8, 3]).conv(8, k3).graph();
  expect(() => schedule(graph, array)).toThrow(
    /no-hardware: reshape_1: found a reshape from 4x4x6 to 4x8x3 .* channels are multiples of 16/,
  );
  const small = sketch("moves", [4, 4, 8]).conv(8, k1).reshape([2, 8, 8]).conv(8, k3).graph();
  expect(() => scheduleSmall(small, "icebreaker")).toThrow(/no-hardware: .* read in another shape/);
});
