/** Damage to bytes of no known structure. */
import type { Random } from "../random.ts";

/** Words that sizes, offsets and counts go wrong with. */
const WORDS = [
  0, 1, 2, 3, 4, 7, 8, 16, 127, 128, 255, 256, 0x7fff, 0x8000, 0xffff, 0x10000, 0xffffff, 0x1000000,
  0x3fffffff, 0x40000000, 0x7fffffff, 0x80000000, 0xfffffffc, 0xfffffffe, 0xffffffff,
  // float32: NaN, infinity, -infinity, -1, the smallest
  0x7fc00000, 0x7f800000, 0xff800000, 0xbf800000, 1,
] as const;

/** A changed copy. Beginnings, where heads lie, are hit as often as all the rest. */
export function damageBytes(bytes: Uint8Array, draw: Random): Uint8Array {
  const copy = bytes.slice();
  if (copy.length === 0) return Uint8Array.of(draw.below(256));
  const view = new DataView(copy.buffer, copy.byteOffset, copy.byteLength);
  const at = draw.below(draw.chance(50) ? Math.min(copy.length, 256) : copy.length);
  switch (draw.below(10)) {
    case 0:
      copy[at] = draw.below(256);
      return copy;
    case 1:
      view.setUint8(at, view.getUint8(at) ^ (1 << draw.below(8)));
      return copy;
    case 2:
    case 3:
    case 4: {
      const word = 4 * Math.floor(at / 4);
      if (word + 4 <= copy.length) view.setUint32(word, draw.pick(WORDS), draw.chance(85));
      return copy;
    }
    case 5: {
      const word = 4 * Math.floor(at / 4);
      if (word + 4 > copy.length) return copy;
      view.setUint32(word, view.getUint32(word, true) + draw.between(-8, 8), true);
      return copy;
    }
    case 6:
      return copy.subarray(0, at);
    case 7: {
      const length = draw.between(1, 64);
      return joined(copy.subarray(0, at), copy.subarray(at + length));
    }
    case 8: {
      const from = draw.below(copy.length);
      const piece = copy.subarray(from, from + draw.between(1, 64));
      const times = draw.chance(10) ? 1000 : 1;
      return joined(copy.subarray(0, at), ...Array.from({ length: times }, () => piece), copy.subarray(at));
    }
    default: {
      const from = draw.below(copy.length);
      copy.copyWithin(at, from, from + draw.between(1, 64));
      return copy;
    }
  }
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
