/** What is made of the table of group records: the Verilog that names the fields of a shift word. */
import { shiftWords } from "../../src/format/group-record.ts";
import { wiresModule, wiresOfFields } from "./wires.ts";

export function shiftModule(): string {
  const purpose = ["The shift word of a lane: how its sum becomes a result. Combinational."];
  return wiresModule(
    { name: "shift_fields", table: "src/format/group-record.ts", purpose },
    shiftWords,
    wiresOfFields(shiftWords),
  );
}
