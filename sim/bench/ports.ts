import { assert } from "../../src/ir/errors.ts";

export interface Port {
  readonly name: string;
  readonly direction: "input" | "output";
  /** Bits. */
  readonly width: number;
  /** Bytes that Verilator stores the port in: 1, 2, 4, 8 or a multiple of 4 above. */
  readonly storage: number;
  /** Name of the member of the C++ class. */
  readonly member: string;
}

/** Reads the ports from the class that Verilator generated: `VL_IN8(&clk_i,0,0);`, `VL_OUTW(&data_o,127,0,4);`. */
export function parsePorts(header: string): Port[] {
  const ports: Port[] = [];
  const pattern = /VL_(IN|OUT|INOUT)(8|16|64|W|)\(&(\w+),(\d+),(\d+)(?:,(\d+))?\)/g;
  for (const [, direction, size, member = "", high, low, words] of header.matchAll(pattern)) {
    assert(direction !== "INOUT", `port ${member} is an inout`);
    ports.push({
      // A name that C++ reserves gets the prefix.
      name: member
        .replace(/^__SYM__/, "")
        .replace(/__0([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16))),
      direction: direction === "IN" ? "input" : "output",
      width: Number(high) - Number(low) + 1,
      storage: size === "W" ? Number(words) * 4 : Number(size || "32") / 8,
      member,
    });
  }
  return ports;
}
