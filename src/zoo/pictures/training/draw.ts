import sharp from "sharp";
import { createRandom, mixSeed, type Random } from "../random.ts";
import { classNames, pictureSize, shapes, type ClassName } from "../shapes.ts";
import { item } from "../../../ir/known.ts";

/** An RGB picture, [size, size, 3], one byte a value. */
export interface Picture {
  readonly size: number;
  readonly rgb: Uint8Array;
  readonly className: ClassName;
  /** Index in `classNames`. */
  readonly classIndex: number;
}

type Colour = readonly [number, number, number];

/** Samples a pixel side for anti-aliasing. */
const subsamples = 4;
/** Least distance in brightness (0..255) between any foreground and any background colour, before noise. */
const leastContrast = 64;

function between(random: Random, low: number, high: number): number {
  return low + (high - low) * random();
}

function brightness(c: Colour): number {
  return 0.299 * c[0] + 0.587 * c[1] + 0.114 * c[2];
}

function randomColour(random: Random): Colour {
  return [random() * 255, random() * 255, random() * 255];
}

/** A colour near `c`: the other end of a gradient. */
function shifted(c: Colour, random: Random, range: number): Colour {
  const move = (v: number): number => Math.min(255, Math.max(0, v + between(random, -range, range)));
  return [move(c[0]), move(c[1]), move(c[2])];
}

interface Paint {
  readonly background: readonly [Colour, Colour];
  readonly foreground: readonly [Colour, Colour];
}

/** Two gradients whose brightness ranges are at least `leastContrast` apart. */
function choosePaint(random: Random): Paint {
  for (;;) {
    const back = randomColour(random);
    const front = randomColour(random);
    const background = [back, shifted(back, random, 45)] as const;
    const foreground = [front, shifted(front, random, 30)] as const;
    const b = background.map(brightness);
    const f = foreground.map(brightness);
    const gap = Math.max(Math.min(...b) - Math.max(...f), Math.min(...f) - Math.max(...b));
    if (gap >= leastContrast) return { background, foreground };
  }
}

/** Share of each pixel that the shape covers, 0..1, [size, size]. */
function drawCoverage(className: ClassName, random: Random): Float32Array {
  const inside = shapes[className];
  const radius = between(random, 0.24, 0.44) * pictureSize;
  const margin = radius + 1;
  const centreX = between(random, margin, pictureSize - margin);
  const centreY = between(random, margin, pictureSize - margin);
  const angle = between(random, 0, 2 * Math.PI);
  // The shape is narrowed a little, so that no exact proportion gives the class away.
  const narrowing = between(random, 1, 1.2);
  const cos = Math.cos(angle) / radius;
  const sin = Math.sin(angle) / radius;
  const coverage = new Float32Array(pictureSize * pictureSize);
  const step = 1 / subsamples;
  for (let row = 0; row < pictureSize; row++) {
    for (let column = 0; column < pictureSize; column++) {
      let hits = 0;
      for (let s = 0; s < subsamples * subsamples; s++) {
        const dx = column + ((s % subsamples) + 0.5) * step - centreX;
        const dy = centreY - (row + (Math.floor(s / subsamples) + 0.5) * step);
        if (inside((dx * cos + dy * sin) * narrowing, dy * cos - dx * sin)) hits++;
      }
      coverage[row * pictureSize + column] = hits / (subsamples * subsamples);
    }
  }
  return coverage;
}

/**
 * Draws one picture of a class: shape at a random place, size, angle and width; gradients in both
 * colours; noise. The same class and seed give the same bytes.
 */
export function drawPicture(className: ClassName, seed: number): Picture {
  const random = createRandom(seed);
  const paint = choosePaint(random);
  const coverage = drawCoverage(className, random);
  const gradient = between(random, 0, 2 * Math.PI);
  const gradientX = Math.cos(gradient);
  const gradientY = Math.sin(gradient);
  const noise = between(random, 0, 48);
  const rgb = new Uint8Array(pictureSize * pictureSize * 3);
  for (const [i, cover] of coverage.entries()) {
    const x = (i % pictureSize) / (pictureSize - 1) - 0.5;
    const y = Math.floor(i / pictureSize) / (pictureSize - 1) - 0.5;
    const along = 0.5 + (x * gradientX + y * gradientY) / Math.SQRT2;
    for (let c = 0; c < 3; c++) {
      const back = mix(paint.background, c, along);
      const front = mix(paint.foreground, c, along);
      // The sum of two uniform numbers: a triangle around 0, +-noise/2 at most.
      const grain = (random() + random() - 1) * 0.5 * noise;
      const value = back + (front - back) * cover + grain;
      rgb[i * 3 + c] = Math.min(255, Math.max(0, Math.round(value)));
    }
  }
  return { size: pictureSize, rgb, className, classIndex: classNames.indexOf(className) };
}

function mix(ends: readonly [Colour, Colour], channel: number, along: number): number {
  const from = item(ends[0], channel);
  const to = item(ends[1], channel);
  return from + (to - from) * along;
}

/** Picture `index` of the set that belongs to `seed`; the classes take turns. */
export function drawFromSet(seed: number, index: number): Picture {
  const className = classNames[index % classNames.length] ?? "circle";
  return drawPicture(className, mixSeed(seed, index));
}

/** The network's input, int8 [size, size, 3]: scale 1/255 and zero point -128 make it `pixel - 128`. */
export function pictureInput(picture: Picture): Int8Array {
  return Int8Array.from(picture.rgb, (v) => v - 128);
}

/** Writes the picture as a PNG file. */
export async function writePng(path: string, picture: Picture): Promise<void> {
  const raw = { width: picture.size, height: picture.size, channels: 3 } as const;
  await sharp(picture.rgb, { raw }).png({ compressionLevel: 9 }).toFile(path);
}
