/** True when the point lies in the shape. The shape fills the unit circle; y points up. */
export type Inside = (x: number, y: number) => boolean;

/** Pictures are squares of this many pixels a side. */
export const pictureSize = 48;

/** The classes, in the order of the network's outputs. */
export const classNames = [
  "circle",
  "ring",
  "square",
  "triangle",
  "star",
  "cross",
  "hexagon",
  "arrow",
  "heart",
  "crescent",
  "drop",
  "bolt",
] as const;

export type ClassName = (typeof classNames)[number];

/** Corners as [x, y], in order; even-odd rule. */
function polygon(corners: readonly (readonly [number, number])[]): Inside {
  const edges = corners.map((from, i) => {
    const to = corners[(i + 1) % corners.length] ?? from;
    return { x: from[0], y: from[1], endY: to[1], slope: (to[0] - from[0]) / (to[1] - from[1]) };
  });
  return (x, y) => {
    let inside = false;
    for (const e of edges) {
      // A horizontal edge never satisfies the test, so its infinite slope is never used.
      if (e.y > y !== e.endY > y && x < e.x + (y - e.y) * e.slope) inside = !inside;
    }
    return inside;
  };
}

/** `count` corners on circles of the given radii, taken in turn, the first one at the top. */
function spokes(count: number, radii: readonly number[]): Inside {
  return polygon(
    Array.from({ length: count }, (_, i) => {
      const angle = (2 * Math.PI * i) / count;
      const radius = radii[i % radii.length] ?? 1;
      return [radius * Math.sin(angle), radius * Math.cos(angle)] as const;
    }),
  );
}

const arm = 0.3;
const reach = 0.95;

/** Every class's outline. */
export const shapes: Readonly<Record<ClassName, Inside>> = {
  circle: (x, y) => x * x + y * y < 0.9,
  ring: (x, y) => {
    const r = x * x + y * y;
    return r < 1 && r > 0.36;
  },
  square: spokes(4, [1]),
  triangle: spokes(3, [1]),
  star: spokes(10, [1, 0.42]),
  cross: (x, y) => (Math.abs(x) < arm && Math.abs(y) < reach) || (Math.abs(y) < arm && Math.abs(x) < reach),
  hexagon: spokes(6, [1]),
  arrow: polygon([
    [0, 1],
    [0.7, 0.2],
    [0.28, 0.2],
    [0.28, -0.95],
    [-0.28, -0.95],
    [-0.28, 0.2],
    [-0.7, 0.2],
  ]),
  heart: (x, y) => {
    const u = 1.32 * x;
    const v = 1.32 * y + 0.15;
    const r = u * u + v * v - 1;
    return r * r * r - u * u * v * v * v < 0;
  },
  crescent: (x, y) => x * x + y * y < 1 && (x - 0.45) * (x - 0.45) + y * y > 0.5625,
  // A circle and the two tangents from the tip, which meet it at an angle of 60 degrees.
  drop: (x, y) =>
    x * x + (y + 0.3) * (y + 0.3) < 0.4225 || (y > 0.025 && y < 1 && Math.abs(x) < (1 - y) / Math.sqrt(3)),
  bolt: polygon([
    [0.3, 1],
    [-0.5, -0.1],
    [-0.02, -0.1],
    [-0.3, -1],
    [0.5, 0.2],
    [0.05, 0.2],
  ]),
};
