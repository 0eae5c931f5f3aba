/** The files of the project that are made of the field tables, and checked in: `npm run formats` writes them. */
import { descriptorModules } from "./descriptor.ts";
import { shiftModule } from "./group-record.ts";
import { formatsPage } from "./page.ts";
import { headerModule } from "./program.ts";
import { harnessRegisters, registerReadModule, registerWriteModule } from "./registers.ts";
import { smallModules } from "./small-program.ts";
import { tokenModules } from "./token.ts";

/** Text by path in the project. */
export function formatFiles(): ReadonlyMap<string, string> {
  const modules = [...descriptorModules(), ...tokenModules(), ...smallModules()];
  return new Map<string, string>([
    ...modules.map(([name, text]) => [`hw/rtl/${name}.v`, text] as const),
    ["hw/rtl/program_header.v", headerModule()],
    ["hw/rtl/shift_fields.v", shiftModule()],
    ["hw/rtl/register_read.v", registerReadModule()],
    ["hw/rtl/register_write.v", registerWriteModule()],
    ["sim/harness/registers.h", harnessRegisters()],
    ["docs/formats.md", formatsPage()],
  ]);
}
