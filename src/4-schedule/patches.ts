/** Packed patches of a first layer: the order of their bytes, and the packer's cycles. Source: hw/rtl/patch_packer.v. */
import type { Draft, PhaseShape } from "./draft.ts";
import { type ArrayOptions, ceilDiv, weightSize } from "./size.ts";

/** Bytes of a patch that the packer appends in one cycle: of one row, or of two. */
interface Piece {
  /** First row of the patch, and how many. */
  readonly row: number;
  readonly rows: 1 | 2;
  /** First byte of the run, and how many of each row. */
  readonly from: number;
  readonly bytes: number;
  /** Rows of one group lie in different banks. */
  readonly group: number;
  /** The piece leaves more than a word, so that a cycle passes before the next one. */
  readonly overflows: boolean;
}

/** Rows of a patch that a cycle may take. */
type Most = 1 | 2;

/** The pieces of a patch of `height` rows of `run` bytes, for a line buffer of `banks` banks of words of `word` bytes. */
function piecesOf(height: number, run: number, banks: number, word: number, most: Most): readonly Piece[] {
  const pieces: Piece[] = [];
  let fill = 0;
  for (let group = 0; group < ceilDiv(height, banks); group++) {
    const end = Math.min(height, (group + 1) * banks);
    for (let from = 0; from < run; from += word) {
      const bytes = Math.min(word, run - from);
      for (let row = group * banks; row < end;) {
        const rows = most === 2 && row + 1 < end && fill + 2 * bytes < 2 * word ? 2 : 1;
        const total = fill + rows * bytes;
        const isLast = row + rows === height && from + bytes === run;
        pieces.push({ row, rows, from, bytes, group, overflows: isLast && total > word });
        fill = total % word;
        row += rows;
      }
    }
  }
  return pieces;
}

/** For each byte of a packed patch the byte of the patch, [kh][kw][C], that it is. */
export function patchOrder(height: number, run: number, banks: number, word: number): readonly number[] {
  return piecesOf(height, run, banks, word, 1).flatMap(({ row, rows, from, bytes }) =>
    Array.from({ length: rows * bytes }, (_, i) => (row + Math.floor(i / bytes)) * run + from + (i % bytes)),
  );
}

/**
 * Cycles for a row of `width` patches, `step` bytes apart, of which the first begins at byte `first` of the source row. A piece that needs
 * other words than the one before, or the next ones, waits a cycle for them.
 */
export function packerCycles(
  { height, run, width, step, first }: Record<"height" | "run" | "width" | "step" | "first", number>,
  banks: number,
  word: number,
  most: Most,
): number {
  const pieces = piecesOf(height, run, banks, word, most);
  const isOneGroup = height <= banks;
  let cycles = 0;
  let shown: number | undefined = Math.floor(first / word) - 1;
  for (let x = 0; x < width; x++) {
    let group = 0;
    for (const piece of pieces) {
      const at = Math.floor((first + x * step + piece.from) / word);
      if (piece.group !== group) shown = undefined;
      group = piece.group;
      cycles += at === shown || at - 1 === shown ? 1 : 2;
      shown = at;
      if (piece.overflows && x < width - 1) cycles++;
    }
    if (!isOneGroup) shown = undefined;
  }
  return cycles;
}

/**
 * Rows of a patch that the packer takes in a cycle: two where a convolution would wait for patches that come row by row; 0 where no layer
 * reads patches.
 */
export function packerRows(drafts: readonly Draft[], banks: number, word: number, o: ArrayOptions): 0 | Most {
  const pairs = drafts.flatMap(({ phases: [pack, conv] }) =>
    pack?.kind === "pack" && conv ? [{ pack, conv }] : [],
  );
  if (pairs.length === 0) return 0;
  const cycles = ({ kernel, inputChannels }: PhaseShape, most: Most) =>
    piecesOf(kernel[0], kernel[1] * inputChannels, banks, word, most).length;
  const waits = pairs.some(({ pack, conv }) => {
    const single = cycles(pack, 1);
    return weightSize(conv, o, true).words < single && cycles(pack, 2) < single;
  });
  return waits ? 2 : 1;
}
