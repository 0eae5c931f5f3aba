/** Products, quotients and remainders with constants: shifts, sums, reciprocals. */
import { int, uint, type Int, type UInt } from "firebrick/hls";

/** Luminance of a pixel, of BT.601 in 1/256. */
export function luminance(red: UInt<8>, green: UInt<8>, blue: UInt<8>): UInt<8> {
  return uint(8, (red * 77n + green * 150n + blue * 29n) >> 8n);
}

/** Digits of a number of up to 65,535. */
export function decimalOf(x: UInt<16>): [UInt<4>, UInt<4>, UInt<4>, UInt<4>, UInt<4>] {
  return [
    uint(4, x / 10000n),
    uint(4, (x / 1000n) % 10n),
    uint(4, (x / 100n) % 10n),
    uint(4, (x / 10n) % 10n),
    uint(4, x % 10n),
  ];
}

/** Quotient and remainder of signed numbers, as JavaScript truncates them. */
export function signedParts(x: Int<20>): [Int<19>, Int<4>, Int<18>, Int<5>, Int<17>, Int<18>] {
  return [
    int(19, x / 3n),
    int(4, x % 7n),
    int(18, x / -5n),
    int(5, x % -16n),
    int(17, x / 8n),
    int(18, x / -8n),
  ];
}

/** Wide ones, whose products a reciprocal doubles. */
export function wideParts(x: UInt<64>, y: Int<64>): [UInt<64>, UInt<10>, Int<64>, Int<11>] {
  return [uint(64, x / 641n), uint(10, x % 641n), int(64, y / 1000000007n), int(11, y % 1000n)];
}

/** Factors of few and of many digits, and negative ones. */
export function factors(x: Int<12>): [Int<15>, Int<16>, Int<18>, Int<16>, Int<24>, Int<14>] {
  return [
    int(15, x * 7n),
    int(16, x * -9n),
    int(18, x * 60n),
    int(16, x * -8n),
    int(24, x * 2925n),
    int(14, x * -3n),
  ];
}
