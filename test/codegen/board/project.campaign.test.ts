import { it } from "vitest";
import { expectNoWarning, packedBoards } from "./packed.ts";

it.each(packedBoards)(
  "two products a DSP block on %s, 16 lanes: Yosys warns of nothing and finds no latch",
  (...board) => expectNoWarning(board, 16),
);
