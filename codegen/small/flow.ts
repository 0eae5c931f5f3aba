/** How the tools make a small engine's bitstream: the words of the generated Makefile, and of `report --synth`. */
import type { Board } from "../../src/boards/schema.ts";

/** Pins, in the output. */
export const constraintsFile = (board: Board): string => `board/${board.name}.pcf`;

/**
 * Yosys's commands. Without -dsp, which would fold the adders behind the products into blocks that are in 8 x 8 mode, and compute
 * wrongly; and without the notes on flattened modules that newer versions of Yosys leave in netlists, which Debian's nextpnr-ice40
 * would place. The Verilog of board/files.f has been read, a netlist is to be written.
 */
export function mapCommands(board: Board): readonly string[] {
  return [`synth_ice40 -top ${board.name}`, "delete t:*scopeinfo"];
}

/** How nextpnr-ice40 places and routes, for the board's clock; the seed makes it the same every time. */
export function placeArguments(board: Board, constraints: string): readonly string[] {
  return [
    `--${board.device}`,
    "--package",
    board.package,
    "--freq",
    String(board.clock.target),
    "--seed",
    "1",
    "--pcf",
    constraints,
  ];
}
