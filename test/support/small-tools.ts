/** Stand-ins for the tools that make a small engine's bitstream: they note their calls and give what the real ones once gave. */
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const cell = (type: string, O: number[], I: number[] = []) => ({
  ...{ type, port_directions: { I: "input", O: "output" }, connections: { I, O } },
});
/** A look-up table and a flip-flop drive signals of the loader; Yosys named the logic before them after a pin of a RAM. */
const netlist = {
  modules: {
    icebreaker: {
      cells: {
        "u_system.u_engine.u_loader.ahead_SB_LUT4_O": cell("SB_LUT4", [2], [3]),
        "u_system.u_engine.u_maps.gen_bank[0].gen_half[1].u_ram.addr_i_SB_LUT4_O": cell("SB_LUT4", [3]),
        "u_system.u_engine.u_loader.count_q_SB_DFFE_Q": cell("SB_DFFE", [4]),
        "u_system.u_engine.u_digits.mem_q.0.1": cell("SB_RAM40_4K", [5]),
        "u_system.u_engine.u_maps.gen_bank[0].gen_half[1].u_ram.u_spram": cell("SB_SPRAM256KA", [6]),
        u_pll: cell("SB_PLL40_PAD", [7]),
      },
      netnames: {
        "u_system.u_engine.u_loader.ahead": { bits: [2] },
        "u_system.u_engine.u_loader.count_q": { bits: [4] },
        "u_system.u_engine.u_maps.gen_bank[0].gen_half[1].u_ram.addr_i_SB_LUT4_O": { bits: [3] },
      },
    },
  },
};

/** Puts yosys, nextpnr-ice40 and icepack into `folder`; returns what reads their calls, a line each. */
export function standInTools(folder: string): () => readonly string[] {
  const calls = join(folder, "calls");
  const [mapped, placed] = [join(folder, "mapped.json"), join(folder, "placed.json")];
  writeFileSync(mapped, JSON.stringify(netlist));
  writeFileSync(placed, readFileSync(new URL("../sim/synth/nextpnr-report.json", import.meta.url)));
  const standIn = (name: string, ...lines: readonly string[]): void => {
    writeFileSync(join(folder, name), `#!/bin/sh\n${lines.join("\n")}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  const noted = (name: string) => `echo "${name} $@" >> '${calls}'`;
  standIn(
    "yosys",
    '[ "$1" = -V ] && echo "Yosys 1.2 (stand-in)" && exit 0',
    noted("yosys"),
    'out="${3##*write_json }"',
    `/bin/cp '${mapped}' "\${out%%;*}"`,
  );
  standIn(
    "nextpnr-ice40",
    '[ "$1" = --version ] && echo "nextpnr-ice40 (Version 3.4)" && exit 0',
    noted("nextpnr-ice40"),
    'while [ $# -gt 0 ]; do case "$1" in --report | --asc)',
    `/bin/cp '${placed}' "$2";; esac; shift; done`,
  );
  standIn("icepack", noted("icepack"), '/bin/cp "$1" "$2"');
  return () => readFileSync(calls, "utf8").trim().split("\n");
}
