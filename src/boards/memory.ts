/** The memory of a board as the accelerator sees it. */
import type { Board } from "./schema.ts";

/** Bytes of the AXI data bus: as wide as the port to the memory controller, 8 or 16. */
export function busOf(board: Board): 8 | 16 {
  return (board.memory?.portBits.value ?? 64) >= 128 ? 16 : 8;
}

/** Bytes that the memory moves in a cycle of the accelerator's clock, at most the bus; rounded down to 1/8. */
export function bytesPerCycle(board: Board): number {
  const { clock, memory } = board;
  if (memory === null) return 0;
  const bus = busOf(board);
  if (memory.widthBits === null || memory.megatransfers === null) return bus;
  const pins = ((memory.widthBits.value / 8) * memory.megatransfers.value) / clock.target;
  return Math.max(0.125, Math.min(bus, Math.floor(pins * 8) / 8));
}

/** The same as `--memory` takes it. */
export function memoryText(board: Board): string {
  return `bytes=${bytesPerCycle(board)},latency=${board.memory?.latencyCycles.value ?? 1}`;
}
