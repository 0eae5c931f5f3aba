/** The memory of a board as the accelerator sees it. */
import type { Board } from "./schema.ts";

/** Bytes of the AXI data bus, 8 or 16: as wide as the port to the memory controller, where the board's file says no other width. */
export function busOf({ memory }: Board): 8 | 16 {
  return widthOf(memory?.busBits ?? memory?.portBits) >= 128 ? 16 : 8;
}

/** Bits of the port to the memory controller, at most the bus. */
export function portBitsOf(board: Board): number {
  return Math.min(8 * busOf(board), widthOf(board.memory?.portBits));
}

const widthOf = (bits: { readonly value: number } | undefined): number => bits?.value ?? 64;

/** Bytes that the memory moves in a cycle of the accelerator's clock, at most the port; rounded down to 1/8. */
export function bytesPerCycle(board: Board): number {
  const { clock, memory } = board;
  if (memory === null) return 0;
  const port = portBitsOf(board) / 8;
  if (memory.widthBits === null || memory.megatransfers === null) return port;
  const pins = ((memory.widthBits.value / 8) * memory.megatransfers.value) / clock.target;
  return Math.max(0.125, Math.min(port, Math.floor(pins * 8) / 8));
}

/** The same as `--memory` takes it. */
export function memoryText(board: Board): string {
  return `bytes=${bytesPerCycle(board)},latency=${board.memory?.latencyCycles.value ?? 1}`;
}
