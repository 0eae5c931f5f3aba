/** Where weight segments and maps lie in their regions. */
import type { Hardware, MapPlace } from "./plan.ts";
import { roundUp } from "./size.ts";

export const SEGMENT_ALIGN = 256;
const MAP_ALIGN = 256;

/** Hands out ascending, aligned offsets of the model region. */
export interface Segments {
  /** Offset of the next `bytes` bytes. */
  place(bytes: number): number;
  /** Bytes handed out so far, header and descriptors included. */
  used(): number;
}

export function segments(programBytes: number): Segments {
  let next = roundUp(programBytes, SEGMENT_ALIGN);
  return {
    place(bytes) {
      const at = next;
      next = roundUp(next + bytes, SEGMENT_ALIGN);
      return at;
    },
    used: () => next,
  };
}

/** Bus beats that hold the channels of a row's pixels; what lies behind them is never read or written. */
export function rowBeats(
  { busBytes, lbBytes }: Pick<Hardware, "busBytes" | "lbBytes">,
  { channels, pixelPitch, width }: Pick<MapPlace, "channels" | "pixelPitch" | "width">,
): number {
  const last = Math.min(pixelPitch, roundUp(channels, lbBytes));
  return Math.ceil(((width - 1) * pixelPitch + last) / busBytes);
}

/** A map in the workspace: written by block `from`, read for the last time by block `to`. */
export interface Lifetime {
  readonly bytes: number;
  readonly from: number;
  readonly to: number;
}

/** Lowest free offset for each map in turn; maps that live at the same time never overlap. */
export function workspaceOffsets(maps: readonly Lifetime[]): { offsets: number[]; bytes: number } {
  const placed: (Lifetime & { offset: number })[] = [];
  for (const map of maps) {
    const busy = placed
      .filter((p) => p.from <= map.to && map.from <= p.to)
      .sort((a, b) => a.offset - b.offset);
    let offset = 0;
    for (const p of busy) {
      if (offset + map.bytes <= p.offset) break;
      offset = Math.max(offset, roundUp(p.offset + p.bytes, MAP_ALIGN));
    }
    placed.push({ ...map, offset });
  }
  return {
    offsets: placed.map((p) => p.offset),
    bytes: Math.max(0, ...placed.map((p) => p.offset + roundUp(p.bytes, MAP_ALIGN))),
  };
}
