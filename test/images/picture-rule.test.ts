import { describe, expect, it } from "vitest";
import { preprocessOf } from "../../src/images/picture-rule.ts";

const size = { height: 4, width: 6, channels: 3 };
const bgr = { mean: [104, 117, 123], std: [1, 2, 3], channelOrder: "bgr", resize: 8 } as const;

describe("what a user says of pictures", () => {
  it("stands over what the model says, part by part, in the order R, G, B", () => {
    expect(preprocessOf(size, bgr, {})).toEqual(bgr);
    expect(preprocessOf(size, bgr, { mean: [30, 20, 10] })).toEqual({ ...bgr, mean: [10, 20, 30] });
    expect(preprocessOf(size, bgr, { std: [9] })).toEqual({ ...bgr, std: [9] });
    expect(preprocessOf(size, bgr, { channelOrder: "rgb" })).toEqual({
      mean: [123, 117, 104],
      std: [3, 2, 1],
      channelOrder: "rgb",
      resize: 8,
    });
    expect(preprocessOf(size, bgr, { resize: [7, 9] })?.resize).toEqual([7, 9]);
    expect(preprocessOf(size, bgr, { resize: "stretch" })?.resize).toEqual([6, 4]);
  });

  it("is a whole rule with a mean or a scale, and none with neither", () => {
    expect(preprocessOf(size, undefined, { mean: [127.5], std: [255] })).toEqual({
      mean: [127.5],
      std: [255],
      channelOrder: "rgb",
    });
    expect(preprocessOf(size, undefined, { std: [255] })?.mean).toEqual([0]);
    expect(preprocessOf({ ...size, channels: 1 }, undefined, { mean: [3] })).toEqual({
      mean: [3],
      std: [1],
      channelOrder: "grey",
    });
    expect(preprocessOf(size, undefined, {})).toBeUndefined();
    expect(preprocessOf(size, undefined, { resize: 8, channelOrder: "bgr" })).toBeUndefined();
  });

  it("is refused with all that does not fit the input", () => {
    const rule = { mean: [1, 2], std: [0], resize: [6, 3] } as const;
    expect(() => preprocessOf(size, bgr, rule)).toThrow(
      /--mean: found 1,2;.*3 with commas.*\n.*--std: found 0;.*above 0.*\n.*--resize: found 6x3;.*6x4 pixels or more/,
    );
    for (const resize of [0, 1.5, 70_000])
      expect(() => preprocessOf(size, bgr, { resize })).toThrow(`bad-option: --resize: found ${resize};`);
    expect(() => preprocessOf({ ...size, channels: 1 }, bgr, { mean: [1, 2, 3] })).toThrow(/one number;/);
  });
});
