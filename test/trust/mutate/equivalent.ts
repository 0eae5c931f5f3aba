/** Mutants that nobody can notice, each with its argument. */
export interface Equivalent {
  readonly file: string;
  /** The line without its indentation, as it stands in the file. */
  readonly line: string;
  /** What becomes what, as the campaign lists it behind the line's number. */
  readonly change: string;
  /** Why nothing that anybody can see depends on it. */
  readonly why: string;
}

export const equivalents: readonly Equivalent[] = [
  {
    file: "hw/rtl/store_address.v",
    line: "wire [AddrW-1:0] in_ring = {{(AddrW - RingW) {1'b0}}, number_i[RingW-1:0]};",
    change: "- -> +",
    why: "More zeros in front of the number than the address has bits; they are cut off again.",
  },
];

/** The argument for a mutant, if there is one. `change`: with the number of its line in front. */
export function equivalentOf(file: string, source: string, change: string): Equivalent | undefined {
  const [number = "", what] = /^(\d+): ([^]*)$/.exec(change)?.slice(1) ?? [];
  const line = source.split("\n")[Number(number) - 1]?.trim();
  return equivalents.find((one) => one.file === file && one.line === line && one.change === what);
}
