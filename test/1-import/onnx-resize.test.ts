/** Bilinear resizes between DequantizeLinear and QuantizeLinear: the golden model against ONNX Runtime. */
import { describe, expect, it } from "vitest";
import { compareWithOnnx } from "../support/onnx-golden.ts";
import { generator } from "../support/onnx-runtime.ts";
import { ScaleDraft, type Byte } from "../support/scale-draft.ts";

const next = generator(1606);

/** Rows and columns. */
type Sides = readonly [number, number];

/** Between scales `from` and `to`, of which equal ones share their zero point. */
function resize(type: Byte, [from, to]: Sides, sizes: readonly [Sides, Sides], place: string) {
  const shape = [1, 3, ...sizes[0]];
  const draft = new ScaleDraft(type, from, to, shape, next);
  const target = draft.constant("sizes", [4], [1, 3, ...sizes[1]], "int64");
  const attributes = { mode: "linear", coordinate_transformation_mode: place };
  const resized = draft.node("Resize", [draft.real(), "", "", target], "r", attributes);
  draft.node("QuantizeLinear", [resized, ...(from === to ? draft.from : draft.to)], "y");
  return compareWithOnnx(draft, shape, type, next);
}

const SIZES: readonly [Sides, Sides][] = [
  ...([
    [
      [4, 5],
      [8, 10],
    ],
    [
      [3, 4],
      [9, 20],
    ],
    [
      [4, 6],
      [7, 16],
    ],
  ] as [Sides, Sides][]),
  ...([
    [
      [8, 6],
      [4, 3],
    ],
    [
      [5, 2],
      [9, 7],
    ],
    [
      [1, 7],
      [6, 1],
    ],
  ] as [Sides, Sides][]),
];

describe.each(["half_pixel", "pytorch_half_pixel", "asymmetric", "align_corners"])("linear, %s", (place) => {
  it.each<Byte>(["int8", "uint8"])("of %s: no value differs, whatever the sizes and scales", async (type) => {
    for (const sizes of SIZES)
      for (const scales of [
        [0.02, 0.02],
        [1 / 64, 1 / 64],
        [0.0213171, 0.0517],
      ] as const) {
        if (place === "pytorch_half_pixel" && sizes[1][1] === 1) continue;
        const { different, values } = await resize(type, scales, sizes, place);
        expect(different, `${sizes.join(" to ")}, scales ${scales.join(", ")}, ${values} values`).toBe(0);
      }
  });
});

/** Whether float32 noise decides ties of a resize. */
async function isNoisy(scales: Sides, sizes: readonly [Sides, Sides], place: string): Promise<boolean> {
  const { different, graph } = await resize("int8", scales, sizes, place);
  const [node] = graph.nodes;
  expect([different, node?.kind]).toEqual([0, "resize-bilinear"]);
  return node?.kind === "resize-bilinear" && node.floats === true;
}

it.each(["half_pixel", "align_corners"])(
  "of one pixel, as behind a global pool, repeats it: %s",
  async (place) => {
    for (const scales of [
      [0.02, 0.02],
      [0.02, 0.0317],
    ] as Sides[])
      for (const sizes of [
        [
          [1, 1],
          [3, 5],
        ],
        [
          [1, 4],
          [6, 4],
        ],
      ] as [Sides, Sides][]) {
        const { different, graph } = await resize("uint8", scales, sizes, place);
        expect([different, graph.nodes[0]?.kind]).toEqual([0, "repeat"]);
      }
  },
);

describe("the mean of integers is that of floats", () => {
  it("where nothing is a tie", async () => {
    expect(
      await isNoisy(
        [0.02, 0.02],
        [
          [3, 4],
          [9, 20],
        ],
        "half_pixel",
      ),
    ).toBe(false);
    expect(
      await isNoisy(
        [0.02, 0.02],
        [
          [4, 4],
          [8, 8],
        ],
        "align_corners",
      ),
    ).toBe(false);
  });

  it("where float32 holds every sum: scales of few binary digits", async () => {
    for (const scale of [1 / 64, 3 / 128, 5])
      expect(
        await isNoisy(
          [scale, scale],
          [
            [4, 4],
            [8, 16],
          ],
          "half_pixel",
        ),
      ).toBe(false);
  });

  it("and not where noise decides ties, or the scale changes", async () => {
    expect(
      await isNoisy(
        [0.02, 0.02],
        [
          [4, 4],
          [8, 8],
        ],
        "half_pixel",
      ),
    ).toBe(true);
    expect(
      await isNoisy(
        [0.02, 0.02],
        [
          [3, 3],
          [6, 9],
        ],
        "asymmetric",
      ),
    ).toBe(true);
    expect(
      await isNoisy(
        [0.25, 0.5],
        [
          [3, 3],
          [9, 9],
        ],
        "half_pixel",
      ),
    ).toBe(true);
  });
});
