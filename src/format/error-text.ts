/** What the error registers say, in words. */
import { decode, placesOf } from "./fields.ts";
import { busErrorMask, errorUnits, maskOf, placedErrorMask, registers } from "./registers.ts";

export interface ErrorWords {
  readonly errorRegister: number;
  readonly errorPlace: number;
  readonly errorAddress: number;
}

/** Every error that is set, of the first on the bus where it was; "" without any. */
export function errorText({ errorAddress, errorPlace, errorRegister }: ErrorWords): string {
  const { bits } = registers.error;
  const told = placesOf([bits]).filter(({ name }) => (errorRegister & maskOf("error", name)) !== 0);
  const labels = told.map(({ field }) => field.label).join(", ");
  if ((errorRegister & placedErrorMask) === 0) return labels;
  const { block, decode: isDecode, unit } = decode([registers.errorPlace.bits], [errorPlace]);
  const isBus = (errorRegister & busErrorMask) !== 0;
  const response = isBus ? ` with ${isDecode === 1 ? "DECERR" : "SLVERR"}` : "";
  const address = `0x${errorAddress.toString(16).padStart(8, "0")}`;
  return `${labels}: ${errorUnits[unit - 1] ?? `unit ${unit}`} of block ${block} at ${address}${response}`;
}
