import { halves, packWords } from "../helper.ts";

/** A phase as its descriptor words hold it; units as in docs/hardware.md. */
export interface PhaseWords {
  readonly kind: "conv" | "depthwise" | "serial" | "pack";
  readonly hold: boolean;
  readonly shared: boolean;
  readonly rows: number;
  readonly width: number;
  readonly inRows: number;
  readonly inWidth: number;
  readonly kh: number;
  readonly kw: number;
  readonly sy: number;
  readonly sx: number;
  readonly padTop: number;
  readonly padLeft: number;
  readonly zero: number;
  /** Source pixel pitch and words a pixel. */
  readonly pitch: number;
  readonly words: number;
  readonly groups: number;
  readonly tileGroups: number;
  readonly stripRows: number;
  /** Rows that the first strip has more. */
  readonly lead: number;
  readonly wordsPerGroup: number;
  /** Rows of the source line buffer: words of each, slots, and the banks that they are spread over. */
  readonly rowWords: number;
  readonly slots: number;
  readonly banks: number;
  readonly dstPitch: number;
  readonly zeroPoint: number;
  readonly min: number;
  readonly max: number;
  /** Groups, first of all, that take the centre tap of a 3 x 3 window only. */
  readonly centre: number;
}

const kinds = { conv: 0, depthwise: 1, serial: 2, pack: 3 };

/** Address of the last row in a bank of `slots` slots over `banks` banks. */
export function lastBank({
  slots,
  banks,
  rowWords,
}: Pick<PhaseWords, "slots" | "banks" | "rowWords">): number {
  return (slots / banks - 1) * rowWords;
}

/** The twelve descriptor words. */
export function phaseWords(p: PhaseWords): number[] {
  return [
    kinds[p.kind] | (Number(p.hold) << 4) | (Number(p.shared) << 5) | (p.lead << 8),
    halves(p.rows, p.width),
    halves(p.inRows, p.inWidth),
    halves(p.kh | (p.kw << 8), p.sy | (p.sx << 8)),
    halves(p.padTop | (p.padLeft << 8), p.zero & 255),
    halves(p.pitch, p.words),
    halves(p.groups, p.tileGroups),
    halves(p.stripRows, p.wordsPerGroup),
    halves(p.rowWords, p.slots),
    halves(p.dstPitch, p.sx * p.pitch),
    halves(p.padLeft * p.pitch, lastBank(p)),
    halves((p.zeroPoint & 255) | ((p.min & 255) << 8), (p.max & 255) | (p.centre << 8)),
  ];
}

/** Weight words of a group. */
export function groupWords(phase: PhaseWords, group: number): number {
  return group < phase.centre ? phase.words : phase.wordsPerGroup;
}

/** Weight words of some groups, one behind the other. */
export function wordsOf(phase: PhaseWords, first: number, count: number): number {
  return Array.from({ length: count }, (_, i) => groupWords(phase, first + i)).reduce((a, b) => a + b, 0);
}

/** The cfg_i port: the words side by side. */
export function phaseBits(phase: PhaseWords): bigint {
  return packWords(phaseWords(phase));
}

/** Where a row lies in its line buffer; rows above the map (padding) have a slot too. */
export function rowPlace(row: number, p: Pick<PhaseWords, "slots" | "banks" | "rowWords">) {
  const slot = ((row % p.slots) + p.slots) % p.slots;
  return { slot, bank: slot % p.banks, addr: Math.floor(slot / p.banks) * p.rowWords };
}

export const plainPhase: PhaseWords = {
  ...{ kind: "conv", hold: false, shared: false, rows: 1, width: 1, inRows: 1, inWidth: 1 },
  ...{
    kh: 1,
    kw: 1,
    sy: 1,
    sx: 1,
    padTop: 0,
    padLeft: 0,
    zero: 0,
    pitch: 16,
    words: 1,
    groups: 1,
    tileGroups: 1,
  },
  ...{ stripRows: 1, lead: 0, wordsPerGroup: 1, rowWords: 1, slots: 4, banks: 4, dstPitch: 0 },
  ...{ zeroPoint: 0, min: -128, max: 127, centre: 0 },
};
