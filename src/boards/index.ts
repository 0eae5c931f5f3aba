export { chooseFor, smallestBoard } from "./choose.ts";
export type { Choice } from "./choose.ts";
export { boardByName, boardNames, knownBoards } from "./load.ts";
export { bytesPerCycle, memoryText } from "./memory.ts";
export type { Board } from "./schema.ts";
