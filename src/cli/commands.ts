import type { Argv } from "yargs";
import { addDoctor } from "./doctor.ts";
import type { Io } from "./io.ts";

/** Every command, in the order of --help. */
export const commands: readonly ((parser: Argv, io: Io) => void)[] = [addDoctor];
