/** The result token: what travels with a step through the multiplier array and comes out beside the results. */

export interface TokenField {
  /** A number, or a parameter of the hardware: bits of a line buffer's word address, of its bank. */
  readonly bits: number | "AddrW" | "BankW";
  readonly label: string;
  /** Only there when kernels stand behind the lanes. */
  readonly onlyWithActivations?: true;
}

/** The first in the low bits. */
export const tokenFields = {
  freeGroups: { bits: 16, label: "parameter groups that are free behind the step" },
  freeWords: { bits: 16, label: "weight words that are free behind the step" },
  free: { bits: 1, label: "the step frees weights" },
  kept: { bits: 1, label: "they stay on the chip all the same" },
  // n: kernel n - 1 behind the lanes, 0 none
  activation: { bits: 4, label: "activation", onlyWithActivations: true },
  channelGroup: { bits: 16, label: "group of channels" },
  x: { bits: 16, label: "pixel in the row" },
  y: { bits: 16, label: "row" },
  pixelLast: { bits: 1, label: "last group of the pixel" },
  yLast: { bits: 1, label: "in the last row" },
  xLast: { bits: 1, label: "in the last pixel of the row" },
  chunkLast: { bits: 1, label: "last group of a chunk in memory" },
  rowLast: { bits: 1, label: "last group of the row" },
  dstOffset: { bits: 20, label: "byte in the row of the line buffer it goes to" },
  dstAddr: { bits: "AddrW", label: "address of that row in its bank" },
  dstBank: { bits: "BankW", label: "bank of that row" },
  block: { bits: 8, label: "block" },
  phase: { bits: 2, label: "phase" },
  toMemory: { bits: 1, label: "goes to memory, not to a line buffer" },
} as const satisfies Readonly<Record<string, TokenField>>;

export type TokenFieldName = keyof typeof tokenFields;

/** Where a field lies, for any hardware: constant bits and those that parameters add. */
export interface TokenPlace {
  readonly name: TokenFieldName;
  readonly field: TokenField;
  /** Its lowest bit, and the token's bits below the field in front of it. */
  readonly lsb: Bits;
}

/** A sum of bits: a constant, and how often each parameter. */
export type Bits = Readonly<Record<"constant" | "AddrW" | "BankW" | "Activations", number>>;

const none: Bits = { constant: 0, AddrW: 0, BankW: 0, Activations: 0 };

function plus(sum: Bits, { bits, onlyWithActivations }: TokenField): Bits {
  if (typeof bits === "string") return { ...sum, [bits]: sum[bits] + 1 };
  return onlyWithActivations
    ? { ...sum, Activations: sum.Activations + bits }
    : { ...sum, constant: sum.constant + bits };
}

/** The fields in the order of their bits. */
export function tokenPlaces(): readonly TokenPlace[] {
  let lsb = none;
  return Object.entries(tokenFields).map(([name, field]) => {
    const place = { name: name as TokenFieldName, field, lsb };
    lsb = plus(lsb, field);
    return place;
  });
}

/** Bits of the whole token. */
export const tokenWidth: Bits = Object.values<TokenField>(tokenFields).reduce(plus, none);

/** Bits of the token of one accelerator. */
export function tokenBits(addrW: number, bankW: number, hasActivations: boolean): number {
  const { Activations, AddrW, BankW, constant } = tokenWidth;
  return constant + AddrW * addrW + BankW * bankW + (hasActivations ? Activations : 0);
}
