/** What the small engine reads from its flash: packets of 16-bit words, and in them the program of a layer. docs/icebreaker.md. */
import { gap, signed, unsigned, type Words } from "./fields.ts";

/** By number, what a packet holds. */
export const packetKinds = [
  "end",
  "layer",
  "biases",
  "multipliers",
  "shifts",
  "weights",
  "diagonal weights",
] as const;
export type PacketKind = (typeof packetKinds)[number];

/** The 16 bits in front of a packet. */
export const packetWords = [
  { length: unsigned(13, "16-bit words behind it"), kind: unsigned(3, "kind") },
] as const satisfies Words;

/** The moves of a layer in their order: how its first position is reached, then each position from the one before. */
export const moveNames = [
  "first position",
  "next word",
  "next kernel column",
  "next kernel row",
  "next group",
  "next pixel",
  "next line",
  "next tile",
] as const;

/** What a move adds, all of it in two's complement; column and row have nine bits, the highest one apart. */
export const moveWords = [
  {
    address: unsigned(14, "source word address"),
    columnSign: unsigned(1, "sign of the column"),
    rowSign: unsigned(1, "sign of the row"),
    column: unsigned(8, "column"),
    row: unsigned(8, "row"),
  },
] as const satisfies Words;

/** The constants of a layer, behind its moves. */
export const constantWords = [
  {
    words: unsigned(8, "words a tap, less one"),
    columns: unsigned(4, "kernel columns, less one"),
    rows: unsigned(4, "kernel rows, less one"),
    outColumns: unsigned(8, "result columns, less one"),
    outRows: unsigned(8, "result rows, less one"),
  },
  {
    lastColumn: unsigned(8, "last source column"),
    lastRow: unsigned(8, "last source row"),
    zeroIn: signed(8, "source zero point"),
    zeroOut: signed(8, "result zero point"),
  },
  {
    min: signed(8, "least result"),
    max: signed(8, "greatest result"),
    tiles: unsigned(8, "tiles, less one"),
    lastGroups: unsigned(4, "groups of the last tile, less one"),
    groups: unsigned(4, "groups of the other tiles, less one"),
  },
  { pitch: unsigned(8, "words of a result pixel"), gap: gap(7), final: unsigned(1, "last layer") },
] as const satisfies Words;

/** Words of a layer; zeros behind the constants. */
export const LAYER_WORDS = 16;
