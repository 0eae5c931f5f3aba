import { phaseKinds, phaseWords, type KindName, type PhaseValues } from "../../../src/format/descriptor.ts";
import { encode } from "../../../src/format/fields.ts";
import { packWords } from "../helper.ts";

/** A phase as its descriptor words hold it; units as in docs/hardware.md. */
export interface PhaseWords {
  readonly kind: Exclude<KindName, "sparse">;
  readonly oneWord: boolean;
  readonly oneRecord: boolean;
  readonly maximum: boolean;
  readonly edgeRecords: number;
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
  readonly haloRows: number;
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
  readonly centreGroups: number;
}

/** Address of the last row in a bank of `slots` slots over `banks` banks. */
export function lastBank({
  slots,
  banks,
  rowWords,
}: Pick<PhaseWords, "slots" | "banks" | "rowWords">): number {
  return (slots / banks - 1) * rowWords;
}

/** The fields of its descriptor words. */
export function phaseFields(p: PhaseWords): PhaseValues {
  return {
    kind: phaseKinds.indexOf(p.kind),
    oneWord: Number(p.oneWord),
    oneRecord: Number(p.oneRecord),
    maximum: Number(p.maximum),
    edgeRecords: p.edgeRecords,
    pixelChunks: Number(p.groups > p.tileGroups),
    haloRows: p.haloRows,
    rows: p.rows,
    width: p.width,
    inRows: p.inRows,
    inWidth: p.inWidth,
    kh: p.kh,
    kw: p.kw,
    sy: p.sy,
    sx: p.sx,
    padTop: p.padTop,
    padLeft: p.padLeft,
    zero: p.zero,
    activation: 0,
    centreSteps: 0,
    pitch: p.pitch,
    pixelWords: p.words,
    groups: p.groups,
    tileGroups: p.tileGroups,
    stripRows: p.stripRows,
    groupWords: p.wordsPerGroup,
    rowWords: p.rowWords,
    slots: p.slots,
    dstPitch: p.dstPitch,
    colStep: p.sx * p.pitch,
    padBytes: p.padLeft * p.pitch,
    lastBank: lastBank(p),
    outZero: p.zeroPoint,
    low: p.min,
    high: p.max,
    centreGroups: p.centreGroups,
  };
}

/** Weight words of a group. */
export function groupWords(phase: PhaseWords, group: number): number {
  return group < phase.centreGroups ? phase.words : phase.wordsPerGroup;
}

/** Weight words of some groups, one behind the other. */
export function wordsOf(phase: PhaseWords, first: number, count: number): number {
  return Array.from({ length: count }, (_, i) => groupWords(phase, first + i)).reduce((a, b) => a + b, 0);
}

/** The cfg_i port: the words side by side. */
export function phaseBits(phase: PhaseWords): bigint {
  return packWords(encode(phaseWords, phaseFields(phase)));
}

/** Where a row lies in its line buffer; rows above the map (padding) have a slot too. */
export function rowPlace(row: number, p: Pick<PhaseWords, "slots" | "banks" | "rowWords">) {
  const slot = ((row % p.slots) + p.slots) % p.slots;
  return { slot, bank: slot % p.banks, addr: Math.floor(slot / p.banks) * p.rowWords };
}

export const plainPhase: PhaseWords = {
  ...{
    kind: "conv",
    oneWord: false,
    oneRecord: false,
    maximum: false,
    edgeRecords: 0,
    rows: 1,
    width: 1,
    inRows: 1,
    inWidth: 1,
  },
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
  ...{ stripRows: 1, haloRows: 0, wordsPerGroup: 1, rowWords: 1, slots: 4, banks: 4, dstPitch: 0 },
  ...{ zeroPoint: 0, min: -128, max: 127, centreGroups: 0 },
};
