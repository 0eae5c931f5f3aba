/** A WebAssembly instance and its memory, by the part of WebAssembly that Node and browsers have alike. */

interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object) => { readonly exports: Readonly<Record<string, unknown>> };
}
const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyApi };

const PAGE_BYTES = 65536;

export interface Instance {
  /** The exported function `f`. */
  readonly run: (...numbers: number[]) => void;
  /** Addresses of areas of so many bytes, one behind the other; what lay in the memory is lost. */
  readonly layOut: <Sizes extends readonly number[]>(...sizes: Sizes) => { [I in keyof Sizes]: number };
  /** The exported memory `m`; another buffer after `layOut`. */
  readonly buffer: () => ArrayBuffer;
}

/** An instance of a small module without imports. */
export function instantiate(bytes: Uint8Array<ArrayBuffer>): Instance {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  const memory = exports["m"] as { readonly buffer: ArrayBuffer; grow(pages: number): number };
  return {
    run: exports["f"] as Instance["run"],
    layOut: (...sizes) => {
      let end = 0;
      const addresses = sizes.map((size) => {
        const at = end;
        end += 16 * Math.ceil(size / 16);
        return at;
      });
      const missing = Math.ceil((end - memory.buffer.byteLength) / PAGE_BYTES);
      if (missing > 0) memory.grow(missing);
      return addresses as { [I in keyof typeof sizes]: number };
    },
    buffer: () => memory.buffer,
  };
}
