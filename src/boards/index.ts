export { smallestBoard, weighFor } from "./choose.ts";
export type { Choice, Weighed } from "./choose.ts";
export { boardByName, boardNames, knownBoards } from "./load.ts";
export { bytesPerCycle, memoryText } from "./memory.ts";
export type { Board } from "./schema.ts";
