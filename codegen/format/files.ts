/** The files of the project that are made of the field tables, and checked in: `npm run formats` writes them. */
import { harnessRegisters, registerReadModule, registerWriteModule } from "./registers.ts";

/** Text by path in the project. */
export function formatFiles(): ReadonlyMap<string, string> {
  return new Map([
    ["hw/rtl/register_read.v", registerReadModule()],
    ["hw/rtl/register_write.v", registerWriteModule()],
    ["sim/harness/registers.h", harnessRegisters()],
  ]);
}
