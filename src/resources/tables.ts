/** What tables behind the lanes take: there is one kind of them, so these are counts of Yosys 0.23 and no fit. */
import type { Hardware } from "../4-schedule/plan.ts";
import { addResources, isXilinx, noResources, type Family, type Resources } from "./family.ts";

/** Eight tables in a block RAM, and the choice between entry and value: the same for every family. */
const LANE: Resources = { ...noResources, lut: 9, ff: 9, blockRam: 1 };

type Loader = Readonly<Record<8 | 16, Resources>>;

/** The table loader by the bytes of the bus, and the token's way past the tables: on Xilinx look-up tables that shift. */
const xilinx: Loader = {
  8: { ...noResources, lut: 334, lutRam: 168, ff: 112 },
  16: { ...noResources, lut: 354, lutRam: 168, ff: 108 },
};
const others: Loader = {
  8: { ...noResources, lut: 355, lutRam: 4, ff: 304, blockRam: 2 },
  16: { ...noResources, lut: 910, lutRam: 260, ff: 241 },
};

/** Of loader and lanes together. */
export function tableResources({ busBytes, pk }: Hardware, family: Family): Resources {
  const loader = isXilinx(family) ? xilinx : others;
  return addResources(loader[busBytes], LANE, pk);
}
