/** The engines, and which of them a board has. */
import type { Board } from "../boards/schema.ts";
import type { IntGraph } from "../ir/integer.ts";
import { arrayTarget } from "./array/index.ts";
import { smallTarget } from "./small/index.ts";
import { engineOfBoard, type Accelerator, type HardwareRequest, type Target } from "./target.ts";

const targets: Readonly<Record<Target["name"], Target>> = { array: arrayTarget, small: smallTarget };

/** The engine of a board; without one the array. */
export function targetOf(board: Board | null | undefined): Target {
  return targets[engineOfBoard(board)];
}

/** Throws as `Target.plan`. */
export function planAccelerator(graph: IntGraph, request: HardwareRequest): Accelerator {
  return targetOf(request.board).plan(graph, request);
}

/** The same for an accelerator that shall be built: throws also what its board refuses, InputError `does-not-fit`. */
export function fittingAccelerator(graph: IntGraph, request: HardwareRequest): Accelerator {
  const accelerator = planAccelerator(graph, request);
  if (accelerator.refusal) throw accelerator.refusal;
  return accelerator;
}

export type { Accelerator, HardwareRequest, Target } from "./target.ts";
