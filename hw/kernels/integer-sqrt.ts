import { uint, type UInt } from "firebrick/hls";

/** floor(sqrt(x)), one bit of the root after the other. */
export function integerSqrt(x: UInt<32>): UInt<16> {
  let root = 0n;
  for (let place = 15; place >= 0; place--) {
    const trial = root | (1n << BigInt(place));
    if (trial * trial <= x) root = trial;
  }
  return uint(16, root);
}
