/** The short form of `npm run formal`: the proofs that take seconds, and that a broken module does not pass. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { packagePath } from "../../../src/platform/package.ts";
import { contractOf, portsOf, streamsOf } from "./contract.ts";
import { proofs } from "./proofs.ts";
import { prove } from "./prove.ts";

const source = (module: string) => readFileSync(packagePath("hw", "rtl", `${module}.v`), "utf8");
const proofOf = (module: string) => proofs().find(({ top }) => top.endsWith(`_${module}`))!;

describe("proofs", () => {
  it.each([
    "sync_fifo",
    "burst_splitter",
    "axi_read_arbiter",
    "axil_control",
    "image_stop",
    "group_beats",
    "run_control",
    "write_guard",
  ])("hold for %s", async (module) =>
    expect(await prove(proofOf(module))).toMatchObject({ holds: true, said: "" }),
  );

  it.each([
    ["sync_fifo", "if (pop) read_q <=", "if (pop && write_q != 0) read_q <="],
    ["sync_fifo", "if (push) memory[write_q] <= in_data_i", "if (push) memory[read_q] <= in_data_i"],
    ["burst_splitter", "wire next_last = rest_q <= WindowBeats", "wire next_last = rest_q < WindowBeats"],
    ["axi_read_arbiter", "&& tag_ready && !hold_i;", "&& tag_ready;"],
    ["axi_read_arbiter", "else if (m_axi_arready) ar_valid_q <= 1'b0;", "else ar_valid_q <= 1'b0;"],
    ["axil_control", "else if (s_axil_bready) b_valid_q <= 1'b0;", "else b_valid_q <= 1'b0;"],
    ["write_guard", "beats_i != 16'd0 && ", ""],
    ["write_guard", "&& !on_chip_i && !fits", "&& !on_chip_i && region_i[0] && !fits"],
    [
      "write_guard",
      "wire [32:0] behind = {1'b0, offset_i}",
      "wire [32:0] behind = {1'b0, offset_i[30:0], 1'b0}",
    ],
    ["image_stop", "stopping_q && reads_idle_i && writes_idle_i", "stopping_q && reads_idle_i"],
  ])("do not hold for %s with `%s` as `%s`", async (module, from, to) => {
    const text = source(module);
    expect(text).toContain(from);
    const { holds, said } = await prove(proofOf(module), { [`${module}.v`]: text.replace(from, to) });
    expect(holds).toBe(false);
    expect(said).toMatch(/Assert failed/);
  });
});

it("finds the streams of a module by the names of its ports", () => {
  const ports = portsOf(source("program_loader"));
  expect(streamsOf(ports)).toEqual([
    { valid: "req_valid_o", ready: "req_ready_i", payload: ["req_addr_o", "req_beats_o"] },
  ]);
  const lite = portsOf(source("axil_control"));
  expect(streamsOf(lite).map(({ valid }) => valid)).toEqual(["s_axil_bvalid", "s_axil_rvalid"]);
  expect(streamsOf(lite, "input").map(({ ready }) => ready)).toEqual([
    "s_axil_awready",
    "s_axil_wready",
    "s_axil_arready",
  ]);
  expect(contractOf("program_loader", source("program_loader"), { parameters: {} })).toContain(
    "assert (req_valid_o && req_addr_o == before_req_addr_o && req_beats_o == before_req_beats_o);",
  );
});
