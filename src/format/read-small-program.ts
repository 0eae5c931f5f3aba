/** A small engine's network read back from its flash: what `firebrick inspect --program` shows of it. */
import { InputError, type Problem } from "../ir/errors.ts";
import { item } from "../ir/known.ts";
import { decode, type Values } from "./fields.ts";
import {
  constantWords,
  LAYER_WORDS,
  moveNames,
  moveWords,
  packetKinds,
  packetWords,
  type PacketKind,
} from "./small-program.ts";

/** What a move adds to the address, in words, and to column and row. */
export interface SmallMove {
  readonly address: number;
  readonly column: number;
  readonly row: number;
}

export interface SmallPacket {
  readonly kind: PacketKind;
  /** 16-bit words. */
  readonly length: number;
}

export interface SmallProgramLayer {
  /** In the order of `moveNames`. */
  readonly moves: readonly SmallMove[];
  readonly constants: Values<typeof constantWords>;
  /** Parameters and weights, tile by tile. */
  readonly packets: readonly SmallPacket[];
}

export interface SmallProgram {
  readonly bytes: number;
  readonly layers: readonly SmallProgramLayer[];
}

const LAYER_HALVES = 2 * LAYER_WORDS;

/** Whether the file begins as a small engine's network does: with the packet of a layer. */
export function isSmallProgram(bytes: Uint8Array): boolean {
  if (bytes.length < 2) return false;
  const { kind, length } = packetAt(halvesOf(bytes.subarray(0, 2)), 0);
  return kind === "layer" && length === LAYER_HALVES;
}

/** The network up to its end. Throws InputError: broken-program where it is cut off or has a packet that means nothing. */
export function readSmallProgram(file: string, bytes: Uint8Array): SmallProgram {
  const halves = halvesOf(bytes);
  const broken = (found: string): InputError => new InputError(brokenProgram(file, found));
  const layers: { moves: SmallMove[]; constants: SmallProgramLayer["constants"]; packets: SmallPacket[] }[] =
    [];
  for (let at = 0; ;) {
    if (at >= halves.length) throw broken(`${bytes.length} bytes without an end`);
    const packet = packetAt(halves, at);
    const { kind, length } = packet;
    const body = at + 1;
    at = body + length;
    if (kind === undefined) throw broken(`a packet of an unknown kind at byte ${2 * body - 2}`);
    if (kind === "end") return { bytes: bytes.length, layers };
    if (at > halves.length) throw broken(`a packet of ${length} words cut off at ${bytes.length} bytes`);
    const layer = layers.at(-1);
    if (kind !== "layer") {
      if (layer === undefined) throw broken(`${kind} in front of the first layer`);
      layer.packets.push({ kind, length });
    } else if (length === LAYER_HALVES) layers.push(layerOf(halves.slice(body, at)));
    else throw broken(`a layer of ${length} words, not of ${LAYER_HALVES}`);
  }
}

/** `kind`: undefined for a number that stands for none. */
function packetAt(halves: ArrayLike<number>, at: number) {
  const { kind, length } = decode(packetWords, halves, at);
  return { kind: packetKinds[kind], length };
}

function layerOf(halves: ArrayLike<number>) {
  const words = Array.from(
    { length: LAYER_WORDS },
    (_, word) => item(halves, 2 * word) + item(halves, 2 * word + 1) * 2 ** 16,
  );
  const moves = moveNames.map((_, index): SmallMove => {
    const { address, column, columnSign, row, rowSign } = decode(moveWords, words, index);
    return {
      address: address < 2 ** 13 ? address : address - 2 ** 14,
      column: column - 256 * columnSign,
      row: row - 256 * rowSign,
    };
  });
  return { moves, constants: decode(constantWords, words, moves.length), packets: [] };
}

/** Whole 16-bit words, little endian. */
function halvesOf(bytes: Uint8Array): Uint16Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint16Array.from({ length: Math.floor(bytes.length / 2) }, (_, index) =>
    view.getUint16(2 * index, true),
  );
}

function brokenProgram(file: string, found: string): Problem {
  return {
    code: "broken-program",
    node: file,
    found,
    supported: "the network of a small engine, as it lies in the flash",
    fix: "name the memory/network.bin that firebrick compile wrote, or compile the network again",
  };
}
