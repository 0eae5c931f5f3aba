/** The options of custom operators: a map of names and values in a flexbuffer. */
import { library } from "../../platform/library.ts";

/** Its declaration has numbers as keys; those of a map are texts. What is not there, or lies outside, throws. */
interface MapReference {
  get(key: string): {
    floatValue(): number | null;
    intValue(): number | bigint | null;
    boolValue(): boolean | null;
  };
}

/** Reads one value after the other: a damaged buffer costs no more than what is asked for. */
export class FlexMap {
  readonly #map: MapReference | undefined;

  /** Bytes that are no map have no values. */
  constructor(bytes: Uint8Array) {
    const { toReference } = library("flatbuffers/js/flexbuffers.js");
    this.#map = attempt(() => {
      const root = toReference(bytes.slice().buffer);
      return root.isMap() ? (root as unknown as MapReference) : undefined;
    });
  }

  /** Undefined where the value is missing or no number. */
  number(key: string): number | undefined {
    return attempt(() => {
      const value = this.#map?.get(key);
      const found = value?.floatValue() ?? value?.intValue();
      return found == null ? undefined : Number(found);
    });
  }

  /** Undefined where the value is missing or neither truth nor number. */
  truth(key: string): boolean | undefined {
    const truth = attempt(() => this.#map?.get(key).boolValue() ?? undefined);
    const number = this.number(key);
    return truth ?? (number === undefined ? undefined : number !== 0);
  }
}

/** The library throws texts and range errors. */
function attempt<T>(read: () => T | undefined): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
