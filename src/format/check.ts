/** The checks of program and weights: CRCs by which the accelerator knows that they are what was written. */

/** x^16 + x^12 + x^3 + x + 1, reflected: a wrong bit changes it, and so do any two within 65,535 bits. hw/rtl/beat_crc.v has the same. */
const POLYNOMIAL = 0xd008;

/** Of bytes in the order of memory, bit 0 of each first. `before`: of the bytes in front of these. */
export function crc16(bytes: Uint8Array, before = 0xffff): number {
  let crc = before;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc % 2 === 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
  }
  return crc;
}

/** Where the shift words of a group record's lanes 0 to 3 hold four bits of its check each, the low ones in lane 0. */
const CHECK_PLACES = [5, 6, 7, 13];
const CHECK_LANES = 4;

/** Puts its check into a group record of `pk` lanes, in place of what stands there. `head`: bytes in front of its constants, which are checked too. */
export function checkRecord(record: Uint8Array, pk: number, head = 0): void {
  putCheck(record, head + 4 * (2 * pk));
}

/** Bytes of a table: its values, then four words that hold nothing but the check. */
export const TABLE_BYTES = 256 + 4 * CHECK_LANES;

/** Puts its check behind the values of a table. */
export function checkTable(table: Uint8Array): void {
  putCheck(table, TABLE_BYTES - 4 * CHECK_LANES);
}

/** `at`: byte of the first of the four words that hold four bits each. */
function putCheck(bytes: Uint8Array, at: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const mask = CHECK_PLACES.reduce((bits, place) => bits | (1 << place), 0);
  const change = (lane: number, of: (word: number) => number): void => {
    view.setUint32(at + 4 * lane, of(view.getUint32(at + 4 * lane, true)) >>> 0, true);
  };
  for (let lane = 0; lane < CHECK_LANES; lane++) change(lane, (word) => word & ~mask);
  const check = crc16(bytes);
  for (let lane = 0; lane < CHECK_LANES; lane++) {
    const bits = CHECK_PLACES.map((place, i) => ((check >>> (CHECK_PLACES.length * lane + i)) & 1) << place);
    change(lane, (word) => bits.reduce((all, bit) => all | bit, word));
  }
}
