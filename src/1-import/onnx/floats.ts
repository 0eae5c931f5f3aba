/** Floats of other widths as those of 32 bits. */
/** Of 16 bits: IEEE 754 binary16, or with `brain` the upper half of binary32. Every one is a float32 exactly. */
export function narrowFloats(bits: Int16Array | readonly number[], brain: boolean): Float32Array {
  if (brain) return new Float32Array(Uint32Array.from(bits, (value) => value << 16).buffer);
  return Float32Array.from(bits, binary16);
}

/** Of 64 bits, little-endian, rounded to the nearest. */
export function wideFloats(raw: Uint8Array): Float32Array {
  return Float32Array.from(new Float64Array(new Uint8Array(raw).buffer));
}

function binary16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
