/** How the row writer cuts a block's results: chunks of adjacent bytes, and bursts. */
import { assert } from "../ir/errors.ts";
import type { Block, Hardware } from "./plan.ts";

/** Units as the fields of the row writer in docs/formats.md; bytes: those that results fill. */
export interface Chunks {
  readonly perRow: number;
  readonly tiles: number;
  readonly stride: number;
  readonly tileStride: number;
  readonly bytes: number;
  readonly lastBytes: number;
  readonly beats: number;
  readonly lastBeats: number;
}

/** Chunks of `block`: a whole row, or the tile's part of each pixel, or that of the pixel which others do not fill. */
export function chunksOf({ name, destination, phases }: Block, { pk, busBytes }: Hardware): Chunks {
  const { width, pixelPitch } = destination;
  const last = phases.at(-1);
  assert(last, `${name}: a block has phases`);
  const { groups, tileGroups } = last;
  if (groups <= tileGroups && pixelPitch > groups * pk) {
    const bytes = groups * pk;
    assert(bytes % busBytes === 0, `${name}: pixels of ${bytes} bytes are whole beats`);
    const beats = bytes / busBytes;
    const strides = { stride: pixelPitch, tileStride: pixelPitch };
    return { perRow: width, tiles: 1, ...strides, bytes, lastBytes: bytes, beats, lastBeats: beats };
  }
  if (groups <= tileGroups) {
    assert(
      groups * pk === pixelPitch,
      `${name}: ${groups} result groups of ${pk} bytes do not fill the pixel pitch ${pixelPitch}`,
    );
    const bytes = width * pixelPitch;
    const beats = Math.ceil(bytes / busBytes);
    const strides = { stride: pixelPitch, tileStride: pixelPitch };
    return { perRow: 1, tiles: 1, ...strides, bytes, lastBytes: bytes, beats, lastBeats: beats };
  }
  const tiles = Math.ceil(groups / tileGroups);
  const bytes = tileGroups * pk;
  const lastBytes = (groups - (tiles - 1) * tileGroups) * pk;
  assert(
    bytes % busBytes === 0 && pixelPitch % busBytes === 0,
    `${name}: tiles of ${bytes} bytes in pixels of ${pixelPitch} do not start on a bus beat`,
  );
  return {
    perRow: width,
    tiles,
    stride: pixelPitch,
    tileStride: bytes,
    bytes,
    lastBytes,
    beats: bytes / busBytes,
    lastBeats: Math.ceil(lastBytes / busBytes),
  };
}

export interface WriteBurst {
  readonly beats: number;
  /** Bytes of results in them. */
  readonly bytes: number;
  readonly rowEnds: boolean;
  readonly blockEnds: boolean;
}

/** Bursts of a block's results, in the row writer's order: strip, tile, row, chunk. */
export function* writeBursts(block: Block, hardware: Hardware): Generator<WriteBurst, void, void> {
  const { busBytes, outputDepth, pk } = hardware;
  const { destination, phases } = block;
  const { perRow, tiles, stride, tileStride, ...sizes } = chunksOf(block, hardware);
  const stripRows = phases.at(-1)?.stripRows ?? 1;
  // half of the output queue, as row_writer.v
  const window = (outputDepth * pk) / 2 < 256 ? 128 : 256;
  for (let top = 0; top < destination.rows; top += stripRows) {
    const bottom = Math.min(top + stripRows, destination.rows);
    for (let tile = 0; tile < tiles; tile++) {
      const lastTile = tile === tiles - 1;
      for (let row = top; row < bottom; row++) {
        for (let chunk = 0; chunk < perRow; chunk++) {
          let at = destination.offset + row * destination.rowPitch + chunk * stride + tile * tileStride;
          let bytes = lastTile ? sizes.lastBytes : sizes.bytes;
          for (let left = lastTile ? sizes.lastBeats : sizes.beats; left > 0;) {
            const beats = Math.min(left, (window - (at % window)) / busBytes);
            const filled = Math.min(bytes, beats * busBytes);
            at += beats * busBytes;
            bytes -= filled;
            left -= beats;
            const rowEnds = left === 0 && chunk === perRow - 1 && lastTile;
            yield { beats, bytes: filled, rowEnds, blockEnds: rowEnds && row === destination.rows - 1 };
          }
        }
      }
    }
  }
}
