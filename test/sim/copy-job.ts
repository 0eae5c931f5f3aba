import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defaultMemory, type SimulationJob } from "../../sim/index.ts";

export interface CopyShape {
  readonly busBytes: 8 | 16;
  /** Default busBytes. */
  readonly pk?: number;
  readonly rows: number;
  readonly width: number;
  /** At most busBytes and pk: the lanes beyond hold what must not be looked at. */
  readonly channels: number;
}

export const smallShape: CopyShape = { busBytes: 8, rows: 6, width: 10, channels: 5 };

/** Mistakes of fixtures/copy/top.v. */
export const mistakes = {
  none: 0,
  wrongValue: 1,
  skipTrace: 2,
  traceTwice: 3,
  hang: 4,
  readOutside: 5,
  crossPage: 6,
  unstableData: 7,
  stop: 8,
  wrongMemory: 9,
  writeInput: 10,
  wrongLast: 11,
} as const;

/** Writes the stand-in accelerator for a shape as `compile` would write one. */
export function compileCopy(folder: string, shape: CopyShape): string {
  const pk = shape.pk ?? shape.busBytes;
  const compiledDir = join(folder, `copy-${pk}-${shape.busBytes}-${shape.rows}x${shape.width}`);
  mkdirSync(join(compiledDir, "rtl"), { recursive: true });
  const source = readFileSync(join(import.meta.dirname, "fixtures", "copy", "top.v"), "utf8");
  const values = { Pk: pk, BusBytes: shape.busBytes, Rows: shape.rows, Width: shape.width };
  const text = Object.entries(values).reduce(
    (verilog, [name, value]) =>
      verilog.replace(new RegExp(`parameter ${name} = \\d+`), `parameter ${name} = ${value}`),
    source,
  );
  writeFileSync(join(compiledDir, "rtl", "top.v"), text);
  writeFileSync(join(compiledDir, "files.f"), "rtl/top.v\n");
  return compiledDir;
}

export interface CopyJobOptions extends Partial<SimulationJob> {
  readonly shape?: CopyShape;
  readonly mistake?: keyof typeof mistakes;
  /** Row and column of the mistake. */
  readonly at?: readonly [number, number];
  readonly images?: number;
}

/** A job in which the stand-in adds one to maps of counting bytes. */
export function copyJob(folder: string, options: CopyJobOptions = {}): SimulationJob {
  const { shape = smallShape, mistake = "none", at = [0, 0], images = 1, ...overrides } = options;
  const { busBytes, rows, width, channels } = shape;
  const model = new Uint8Array(16);
  model.set([mistakes[mistake], ...at]);
  const indices = Array.from({ length: images }, (_, i) => i);
  const inputs = indices.map((image) =>
    Uint8Array.from({ length: rows * width * busBytes }, (_, i) => (7 * i + 31 * image) & 255),
  );
  const values = inputs.map((bytes) => {
    const pixels = Array.from({ length: rows * width }, (_, p) =>
      bytes.subarray(p * busBytes, p * busBytes + channels),
    );
    return Int8Array.from(pixels.flatMap((pixel) => Array.from(pixel, (byte) => byte + 1)));
  });
  return {
    compiledDir: compileCopy(folder, shape),
    pk: shape.pk ?? busBytes,
    busBytes,
    regions: { model, inputs, outputBytes: rows * width * busBytes, workspaceBytes: 0 },
    expected: values.map((map) => [{ block: 3, phase: 1, rows, width, channels, values: map.slice() }]),
    expectedOutputs: values.map((map) => [map]),
    outputs: [
      { block: 3, offset: 0, rows, width, channels, rowPitch: width * busBytes, pixelPitch: busBytes },
    ],
    memory: defaultMemory,
    ...overrides,
  };
}
