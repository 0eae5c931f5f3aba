/** Yosys's netlists for the timing analysis: mapped for speed, kept by the content of the elaborated Verilog. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { contentHash } from "../../../src/platform/content-hash.ts";
import { cached, keepOnly } from "../../tools/cache.ts";
import { readNetlist, type Netlist } from "../netlist.ts";
import type { Part } from "../rtlil.ts";
import type { Yosys } from "../yosys.ts";
import type { TimedFamily } from "./families.ts";

/**
 * With abc9, which knows the cells' delays as a vendor's tool does; without it paths come out by a fifth longer. `hierarchy` widens
 * ports of block RAMs that Yosys 0.23 leaves shorter than abc9 takes them to be.
 */
const withAbc9 = (synth: string): string =>
  `${synth} -run begin:map_luts; hierarchy -top m0; ${synth} -run map_luts:check`;

const mappings: Readonly<Record<TimedFamily, string>> = {
  xc7: withAbc9("synth_xilinx -flatten -abc9 -noiopad -noclkbuf -family xc7 -top m0"),
  xcup: withAbc9("synth_xilinx -flatten -abc9 -noiopad -noclkbuf -family xcup -top m0"),
  ecp5: withAbc9("synth_ecp5 -abc9 -top m0"),
};

/** `onRun`: called where no cache has it. Throws ToolError, or the signal's reason. */
export async function mapPart(
  { empty, text }: Part,
  family: TimedFamily,
  yosys: Yosys,
  { onRun, signal }: { readonly onRun: () => void; readonly signal: AbortSignal | undefined },
): Promise<Netlist> {
  const script = [
    "read_rtlil part.il",
    ...(empty.length > 0 ? [`blackbox ${empty.join(" ")}`] : []),
    mappings[family],
    "blackbox =A:whitebox",
    "write_json netlist.json",
  ].join("; ");
  const folder = await cached(
    "mapped",
    contentHash([yosys.version, script, text]),
    async (partial) => {
      onRun();
      await writeFile(join(partial, "part.il"), text);
      await yosys.run(script, partial, signal);
      const netlist = await readFile(join(partial, "netlist.json"));
      await writeFile(join(partial, "netlist.json.gz"), await promisify(gzip)(netlist));
      await keepOnly(partial, ["netlist.json.gz"]);
    },
    signal,
  );
  const packed = await readFile(join(folder, "netlist.json.gz"));
  return readNetlist((await promisify(gunzip)(packed)).toString("utf8"));
}
