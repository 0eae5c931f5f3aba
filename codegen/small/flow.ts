/** How the tools make a small engine's bitstream: the words of the generated Makefile, and of `report --synth`. */
import type { Board } from "../../src/boards/schema.ts";

/** Pins, in the output. */
export const constraintsFile = (board: Board): string => `board/${board.name}.pcf`;

/**
 * Yosys's script. Without -dsp, which would fold the adders behind the products into blocks that are in 8 x 8 mode, and compute
 * wrongly; and without the notes on flattened modules that newer versions of Yosys leave in netlists, which Debian's nextpnr-ice40
 * would place. `sources`: the Verilog of board/files.f.
 */
export function mapScript(board: Board, sources: string, netlist: string): string {
  const commands = [`synth_ice40 -top ${board.name}`, "delete t:*scopeinfo", `write_json ${netlist}`];
  return [`read_verilog ${sources}`, ...commands].join("; ");
}

export interface PlaceFiles {
  readonly netlist: string;
  readonly constraints: string;
}

/** What nextpnr-ice40 places and routes, for the board's clock; the seed makes it the same every time. */
export function placeArguments(board: Board, { constraints, netlist }: PlaceFiles): readonly string[] {
  return [
    ...[`--${board.device}`, "--package", board.package, "--freq", String(board.clock.target)],
    ...["--seed", "1", "--json", netlist, "--pcf", constraints],
  ];
}
