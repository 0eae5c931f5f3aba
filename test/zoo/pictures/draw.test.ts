import { describe, expect, it } from "vitest";
import { drawFromSet, drawPicture, pictureInput } from "../../../src/zoo/pictures/training/draw.ts";
import { createRandom, mixSeed } from "../../../src/zoo/pictures/random.ts";
import { seeds } from "../../../src/zoo/pictures/training/sets.ts";
import { classNames, pictureSize, shapes, type ClassName } from "../../../src/zoo/pictures/shapes.ts";

/** Points inside and outside of each shape that tell it from its neighbours. */
const points: Record<ClassName, { inside: [number, number][]; outside: [number, number][] }> = {
  circle: {
    inside: [
      [0, 0],
      [0.66, 0.66],
    ],
    outside: [[0.7, 0.7]],
  },
  ring: {
    inside: [
      [0.8, 0],
      [0, -0.8],
    ],
    outside: [
      [0, 0],
      [0.59, 0],
      [1.01, 0],
    ],
  },
  square: {
    inside: [
      [0.49, 0.49],
      [0, 0.99],
    ],
    outside: [[0.51, 0.51]],
  },
  triangle: {
    inside: [
      [0, 0.98],
      [0.8, -0.49],
      [0, -0.49],
    ],
    outside: [
      [0, -0.51],
      [0.5, 0.5],
    ],
  },
  star: {
    inside: [
      [0, 0.98],
      [0, -0.41],
    ],
    outside: [
      [0, -0.43],
      [0.5, 0.5],
    ],
  },
  cross: {
    inside: [
      [0, 0.94],
      [-0.94, 0],
    ],
    outside: [
      [0.35, 0.35],
      [0, 0.96],
    ],
  },
  hexagon: {
    inside: [
      [0, 0.99],
      [0.86, 0],
    ],
    outside: [[0.88, 0]],
  },
  arrow: {
    inside: [
      [0, 0.99],
      [0, -0.94],
      [0.6, 0.25],
    ],
    outside: [
      [0.6, 0.15],
      [0.3, -0.5],
    ],
  },
  heart: {
    inside: [
      [0, -0.86],
      [0.5, 0.5],
    ],
    outside: [
      [0, 0.8],
      [0.9, -0.5],
    ],
  },
  crescent: {
    inside: [
      [-0.7, 0],
      [0.2, 0.9],
    ],
    outside: [
      [0, 0],
      [0.9, 0],
    ],
  },
  drop: {
    inside: [
      [0, 0.98],
      [0, -0.94],
      [0.64, -0.3],
    ],
    outside: [
      [0.4, 0.5],
      [0, -0.96],
    ],
  },
  bolt: {
    inside: [
      [0, 0],
      [0.25, 0.9],
      [-0.25, -0.9],
    ],
    outside: [
      [-0.3, 0.6],
      [0.4, -0.6],
    ],
  },
};

describe("shapes", () => {
  it.each(classNames)("%s has its outline", (name) => {
    for (const [x, y] of points[name].inside) expect(shapes[name](x, y), `${x},${y}`).toBe(true);
    for (const [x, y] of points[name].outside) expect(shapes[name](x, y), `${x},${y}`).toBe(false);
  });

  it.each(classNames)("%s stays in the circle that the drawing leaves room for", (name) => {
    for (let a = 0; a < 360; a++) {
      const angle = (a * Math.PI) / 180;
      expect(shapes[name](1.01 * Math.cos(angle), 1.01 * Math.sin(angle))).toBe(false);
    }
  });
});

describe("drawPicture", () => {
  it("gives the same bytes for the same class and seed, and others for another seed", () => {
    const first = drawPicture("star", 77);
    expect(first.rgb.length).toBe(pictureSize * pictureSize * 3);
    expect(drawPicture("star", 77).rgb).toEqual(first.rgb);
    expect(drawPicture("star", 78).rgb).not.toEqual(first.rgb);
  });

  it("keeps foreground and background apart in brightness", () => {
    for (let i = 0; i < 240; i++) {
      const { rgb } = drawFromSet(901, i);
      let low = 255;
      let high = 0;
      for (let p = 0; p < rgb.length; p += 3) {
        const bright = 0.299 * (rgb[p] ?? 0) + 0.587 * (rgb[p + 1] ?? 0) + 0.114 * (rgb[p + 2] ?? 0);
        low = Math.min(low, bright);
        high = Math.max(high, bright);
      }
      expect(high - low).toBeGreaterThanOrEqual(63);
    }
  });

  it("takes the classes in turn", () => {
    const drawn = Array.from({ length: 13 }, (_, i) => drawFromSet(5, i));
    expect(drawn.map((p) => p.classIndex)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0]);
    expect(drawn[8]?.className).toBe("heart");
  });

  it("enters the network as pixel - 128", () => {
    const picture = drawPicture("drop", 3);
    const input = pictureInput(picture);
    expect(input[100]).toBe((picture.rgb[100] ?? 0) - 128);
    expect(Math.min(...input)).toBeLessThan(0);
  });
});

describe("random numbers", () => {
  it("follows the published mulberry32 sequence", () => {
    const random = createRandom(1);
    const first = [random(), random(), random()].map((v) => Math.floor(v * 4294967296));
    expect(first).toEqual([2693262067, 11749833, 2265367787]);
  });

  it("gives no picture of two sets the same seed", () => {
    const perSet = 5000;
    const all = Object.values(seeds).flatMap((s) => Array.from({ length: perSet }, (_, i) => mixSeed(s, i)));
    expect(new Set(all).size).toBe(all.length);
  });
});
