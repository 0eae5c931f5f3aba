import { expect, it } from "vitest";
import { patchesOf } from "../../src/products/index.ts";

/** What a patch reads, in its order. */
function readBy(...[windows, map, result]: Parameters<typeof patchesOf>): number[][] {
  const { corners, length, runs } = patchesOf(windows, map, result);
  return [...corners].map((corner) =>
    [...runs].flatMap((run) => Array.from({ length }, (_, i) => corner + run + i)),
  );
}

it.each([
  ["joined rows", { kernel: [2, 3], stride: [2, 1], dilation: [1, 1] }, 1],
  ["dilated columns", { kernel: [2, 2], stride: [1, 2], dilation: [2, 3] }, 1],
  ["groups", { kernel: [3, 2], stride: [1, 1], dilation: [1, 1] }, 2],
] as const)("reads every tap of every window, with %s", (_, windows, groups) => {
  const [map, result] = [
    { width: 7, channels: 4, groups },
    { height: 3, width: 2 },
  ];
  const [rows, columns] = windows.kernel;
  const expected: number[][] = [];
  for (let y = 0; y < result.height; y++)
    for (let x = 0; x < result.width; x++) {
      const patch: number[] = [];
      for (let ky = 0; ky < rows; ky++)
        for (let kx = 0; kx < columns; kx++)
          for (let c = 0; c < map.channels / groups; c++) {
            const row = y * windows.stride[0] + ky * windows.dilation[0];
            const column = x * windows.stride[1] + kx * windows.dilation[1];
            patch.push((row * map.width + column) * map.channels + c);
          }
      expected.push(patch);
    }
  expect(readBy(windows, map, result)).toEqual(expected);
});
