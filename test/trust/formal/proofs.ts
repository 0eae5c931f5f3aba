/** What is proved of which module, and how far. */
import { readdirSync, readFileSync } from "node:fs";
import { packagePath } from "../../../src/platform/package.ts";
import { contractOf, type ContractOptions } from "./contract.ts";

export interface Proof {
  /** Of the module with the assertions. */
  readonly top: string;
  /** In words, for the table. */
  readonly claim: string;
  /** Cycles from reset that are looked at, and of a run that induction goes on from. */
  readonly depth: number;
  /** Whether it holds for all time, by induction; else for `depth` cycles from reset. */
  readonly forever: boolean;
  /** The module with the assertions, where it is not a file of hw/formal. */
  readonly verilog?: string;
}

const written = (module: string, claim: string): Proof => ({
  top: `formal_${module}`,
  claim,
  depth: 8,
  forever: true,
});

function contract(module: string, depth: number, forever: boolean, options: ContractOptions): Proof {
  const source = readFileSync(packagePath("hw", "rtl", `${module}.v`), "utf8");
  const verilog = contractOf(module, source, options);
  return { top: `contract_${module}`, claim: "streams: what waits stays", depth, forever, verilog };
}

/** All proofs, at small parameters. */
export function proofs(): readonly Proof[] {
  const narrow = { BusBytes: 8 };
  return [
    written("sync_fifo", "each word once, in order; counts"),
    written("burst_splitter", "the beats of a command, no window crossed"),
    written("axi_read_arbiter", "AXI4 read master; answers to whom asked; hold"),
    written("axil_control", "AXI4-Lite slave; start and stop"),
    written("image_stop", "over when the bus is quiet"),
    written("write_guard", "no chunk outside the regions goes on untold"),
    { ...written("write_bursts", "no burst outside the regions"), depth: 7, forever: false },
    contract("group_beats", 8, true, { parameters: { ...narrow, Pk: 4 } }),
    contract("row_reader", 6, true, { parameters: { ...narrow, MaxBlocks: 1 }, constant: ["bases_i"] }),
    contract("run_control", 6, true, { parameters: {} }),
    contract("program_loader", 12, false, {
      parameters: { ...narrow, MaxBlocks: 2 },
      constant: ["base_i"],
      assumed: ["!start_i"],
    }),
  ];
}

/** Files of hw/formal. */
export function formalFiles(): readonly string[] {
  const folder = packagePath("hw", "formal");
  return readdirSync(folder)
    .sort()
    .map((name) => packagePath("hw", "formal", name));
}
