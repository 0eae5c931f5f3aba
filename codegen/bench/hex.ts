/** Bytes as `$readmemh` reads them. */

const ZERO = 48;
const NEWLINE = 10;
/** From a digit of nine to one of ten: "a". */
const LETTERS = 39;
const digit = (value: number): number => ZERO + value + (value > 9 ? LETTERS : 0);

/** A line a word of `wordBytes` bytes, the byte of the lowest address in its lowest bits; zeros fill the last one. */
export function hexWords(bytes: Uint8Array, wordBytes: number): Uint8Array {
  const words = Math.ceil(bytes.length / wordBytes);
  const line = 2 * wordBytes + 1;
  const text = new Uint8Array(words * line).fill(ZERO);
  for (const [i, byte] of bytes.entries()) {
    const place = i % wordBytes;
    const at = ((i - place) / wordBytes) * line + 2 * (wordBytes - 1 - place);
    text[at] = digit(byte >> 4);
    text[at + 1] = digit(byte & 15);
  }
  for (let at = line - 1; at < text.length; at += line) text[at] = NEWLINE;
  return text;
}
