/** Modules refuse parameters that they are not made for: they then instantiate a module that does not exist and whose name says why. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { lint } from "../../hw/lint/lint.ts";
import { packagePath } from "../../src/platform/package.ts";
import { inTemporaryFolder } from "../cli/helper.ts";

const prefix = "firebrick_error_";

/** By module and by guard, parameters that it refuses; all others are the module's defaults. */
const refused: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, number>>>>>> = {
  accelerator: {
    addr_w_must_reach_the_depth_of_every_line_buffer: { Lb1Depth: 1025 },
  },
  activation_select: {
    count_must_be_1_to_15: { Count: 16 },
  },
  adder_tree: {
    count_must_be_a_power_of_two_of_at_least_2: { Count: 12 },
  },
  array_path: {
    kernels_must_be_0_to_15: { Kernels: 16 },
    tables_must_be_0_or_1_and_kernels_beside_them_at_most_7: { Tables: 2 },
  },
  axi_read_arbiter: {
    bus_bytes_must_be_8_or_16: { BusBytes: 12 },
    clients_must_be_1_to_4: { Clients: 5 },
  },
  beat_crc: {
    bus_bytes_must_be_8_or_16: { BusBytes: 12 },
  },
  burst_splitter: {
    bus_bytes_must_be_8_or_16: { BusBytes: 12 },
    window_must_be_128_or_256: { Window: 512 },
  },
  chunk_walker: {
    bus_bytes_must_be_8_or_16: { BusBytes: 12 },
    max_blocks_must_be_1_to_255: { MaxBlocks: 256 },
  },
  column_select: {
    lb_bytes_must_be_a_power_of_two_and_a_multiple_of_pk: { Pk: 32 },
    bank_w_must_be_1_to_8_and_at_most_the_bits_of_banks: { BankW: 4 },
  },
  code_table: {
    code_bits_must_be_1_to_7: { CodeBits: 8 },
  },
  compute_path: {
    lb1_banks_and_lb2_banks_must_not_exceed_lb0_banks: { Lb1Banks: 5 },
  },
  delay_line: {
    width_and_stages_must_be_at_least_1: { Stages: 0 },
  },
  first_burst: {
    bus_bytes_must_be_8_or_16: { BusBytes: 12 },
    window_must_be_128_or_256: { Window: 512 },
  },
  "ice40/product_pair": {
    input_reg_must_be_0_or_1: { InputReg: 2 },
  },
  group_walker: {
    pk_must_be_a_power_of_two: { Pk: 3 },
  },
  "ice40/ram_1r1w": {
    addr_w_must_reach_depth: { Depth: 17, AddrW: 4 },
  },
  group_beats: {
    bus_bytes_must_be_8_or_16: { BusBytes: 12 },
    pk_must_be_a_power_of_two_from_4_to_32: { Pk: 2 },
  },
  lane: {
    lanes_must_be_1_or_2_and_divide_lane_index: { Lanes: 2, LaneIndex: 3 },
    shared_scale_must_be_0_or_of_two_lanes_1: { SharedScale: 1 },
  },
  lane_store: {
    bus_bytes_must_be_8_or_16: { BusBytes: 12 },
    pc_must_be_a_power_of_two_from_4_to_32: { Pc: 12 },
    weight_part_w_and_param_part_w_must_reach_the_lane: { LaneIndex: 8, ParamPartW: 1 },
  },
  line_buffer: {
    part_bytes_must_divide_bytes: { PartBytes: 12 },
    bank_w_must_reach_banks: { Banks: 5 },
  },
  line_write: {
    pk_and_bytes_must_be_powers_of_two_and_pk_at_most_bytes: { Pk: 12 },
  },
  mac_lane: {
    lanes_must_be_1_or_2: { Lanes: 3 },
    windows_side_by_side_are_those_of_two_lanes_and_fit_pc_and_2: { Lanes: 2, Pc: 8, Beside: 1 },
    serial_max_must_be_0_or_1: { SerialMax: 2 },
    acc_w_must_be_more_than_a_sum_has_and_at_most_32: { AccW: 20 },
    pc_must_be_at_least_2: { Pc: 1, StepW: 4 },
    narrow_weights_must_be_0_or_of_two_lanes_and_8_multipliers_1: { NarrowWeights: 1 },
    taps_must_be_at_least_1_and_step_w_reach_them: { Taps: 17 },
  },
  map_reads: {
    residual_must_be_0_or_1: { Residual: 2 },
  },
  max_pool: {
    groups_and_depth_must_be_1_to_65536: { Groups: 0 },
  },
  operand_path: {
    phases_must_be_2_or_3: { Phases: 4 },
  },
  operand_select: {
    pc_must_be_a_power_of_two_of_at_least_2: { Pc: 3 },
  },
  patch_append: {
    bytes_must_be_a_power_of_two_from_2_to_128: { Bytes: 12 },
    bank_w_must_reach_src_banks_and_dst_banks: { SrcBanks: 5 },
  },
  patch_packer: {
    bytes_must_be_a_power_of_two_from_2_to_128: { Bytes: 12 },
    patch_rows_must_be_1_or_2: { PatchRows: 3 },
    bank_w_must_reach_src_banks_and_dst_banks: { SrcBanks: 5 },
    addr_w_must_not_reach_beyond_1_mib: { AddrW: 17 },
  },
  patch_store: {
    patch_words_must_be_a_power_of_two_from_16_to_256: { PatchWords: 8 },
  },
  pe_array: {
    pk_must_be_even_when_paired: { Pk: 5, Paired: 1, StepW: 2 },
    step_w_must_reach_the_cycles_of_a_window: { DwKh: 5, DwKw: 7 },
    weight_depth_must_be_a_power_of_two_from_2_to_32768: { WeightDepth: 500 },
    param_depth_must_be_a_power_of_two_from_2_to_32768: { ParamDepth: 12 },
    requantise_must_be_at_least_2: { Requantise: 1 },
  },
  phase_progress: {
    banks_must_be_at_least_1_and_fit_bank_w: { Banks: 5 },
  },
  product_pair: {
    input_reg_must_be_0_or_1: { InputReg: 2 },
  },
  program_loader: {
    bus_bytes_must_be_8_or_16: { BusBytes: 12 },
    max_blocks_must_be_1_to_255: { MaxBlocks: 256 },
    desc_bytes_must_be_256_or_512: { DescBytes: 384 },
  },
  read_check: {
    bus_bytes_must_be_8_or_16: { BusBytes: 12 },
  },
  program_ram: {
    bus_bytes_must_be_8_or_16: { BusBytes: 12 },
    max_blocks_must_be_1_to_255: { MaxBlocks: 256 },
    descriptor_words_must_be_whole_16_bytes: { Words: 6 },
  },
  ram_1r1w: {
    addr_w_must_reach_depth: { Depth: 17, AddrW: 4 },
  },
  ram_1rw: {
    addr_w_must_reach_depth: { Depth: 17, AddrW: 4 },
  },
  read_path: {
    bank_w_must_be_the_bits_of_row_banks: { RowBanks: 5 },
    residual_must_be_0_or_1: { Residual: 2 },
  },
  requantizer: {
    float32_must_be_0_or_1: { Float32: 2 },
    sum_w_must_be_25_or_32: { SumW: 24 },
    left_shifts_and_averages_must_be_0_or_1: { Averages: 2 },
  },
  residual_add: {
    lb_bytes_must_be_a_power_of_two_and_a_multiple_of_pk: { LbBytes: 24 },
    operations_must_be_0_or_1: { Operations: 2 },
    stages_must_be_at_least_5: { Stages: 4 },
  },
  result_path: {
    pool_groups_and_pool_depth_must_both_be_0_or_neither: { PoolDepth: 512 },
    addr_w_must_reach_residual_depth: { ResidualDepth: 1025 },
  },
  read_route: {
    bus_bytes_must_be_8_or_16: { BusBytes: 12 },
  },
  record_writer: {
    bus_bytes_must_be_8_or_16: { BusBytes: 12 },
  },
  row_address: {
    addr_w_must_not_reach_beyond_1_mib: { AddrW: 17 },
  },
  row_reader: {
    bus_bytes_must_be_8_or_16: { BusBytes: 12 },
    lb_bytes_must_be_1_2_or_4_bus_words: { LbBytes: 24 },
    banks_or_addr_w_out_of_range: { Banks: 0 },
  },
  row_select: {
    lb_bytes_must_be_a_power_of_two_and_a_multiple_of_pk_and_pc: { Pc: 32 },
    bank_w_must_be_1_to_8_and_at_most_the_bits_of_banks: { BankW: 4 },
  },
  row_slot: {
    addr_w_and_bank_w_must_be_at_least_1: { AddrW: 0 },
  },
  row_writer: {
    bus_bytes_must_be_8_or_16: { BusBytes: 12 },
    pk_must_be_a_power_of_two_from_4_to_32: { Pk: 2, QueueDepth: 128 },
    chip_addr_w_must_be_1_to_16: { ChipAddrW: 17 },
    queue_depth_must_be_a_power_of_two_and_hold_256_bytes: { QueueDepth: 16 },
  },
  scale_store: {
    lanes_must_be_1_or_2_and_divide_lane_index: { Lanes: 3 },
  },
  scratchpad: {
    bus_bytes_must_be_8_or_16: { BusBytes: 12 },
    depth_must_be_2_to_65536: { Depth: 1 },
    clients_must_be_1_or_2: { Clients: 3 },
  },
  sdram_axi: {
    bus_bytes_must_be_8_or_16: { BusBytes: 12 },
    data_bytes_must_be_2_or_4: { DataBytes: 3 },
    row_w_must_be_11_to_13_and_col_w_8_to_10: { ColW: 11 },
    all_cycles_must_be_at_least_1: { RpCycles: 0 },
  },
  sequencer: {
    phases_must_be_1_to_3: { Phases: 4 },
    bank_w_must_be_1_to_7: { BankW: 8 },
    output_depth_must_be_1_to_65535: { OutputDepth: 65536 },
  },
  small_engine: {
    weight_w_must_be_at_least_1: { WeightW: 0 },
  },
  small_loader: {
    weight_w_must_be_at_least_1: { WeightW: 0 },
  },
  small_sums: {
    weight_w_must_be_at_least_1: { WeightW: 0 },
  },
  small_system: {
    weight_w_must_be_at_least_1: { WeightW: 0 },
  },
  step_path: {
    activations_must_be_0_or_1: { Activations: 2 },
  },
  store_address: {
    ring_must_be_a_power_of_two_and_with_kept_at_most_65536: { Ring: 24 },
  },
  step_walker: {
    pk_must_be_a_power_of_two_and_pc_at_most_128: { Pk: 12 },
    serial_max_and_edge_records_must_be_0_or_1: { EdgeRecords: 2 },
    dw_kh_and_dw_kw_must_be_at_least_1: { DwKw: 0 },
  },
  sync_fifo: {
    depth_must_be_a_power_of_two_of_at_least_2: { Depth: 12 },
    checked_must_be_0_or_1: { Checked: 2 },
  },
  table_loader: {
    bus_bytes_must_be_8_or_16: { BusBytes: 4 },
  },
  table_writer: {
    bus_bytes_must_be_8_or_16: { BusBytes: 4 },
  },
  uart_rx: {
    divisor_must_be_4_to_65535: { Divisor: 3 },
  },
  uart_tx: {
    divisor_must_be_4_to_65535: { Divisor: 3 },
  },
  weight_decoder: {
    bus_bytes_must_be_8_or_16: { BusBytes: 12 },
    code_bits_must_be_0_to_7: { CodeBits: 8 },
    depth_must_be_a_power_of_two_of_at_least_32: { Depth: 16 },
  },
  weight_expander: {
    bus_bytes_must_be_a_power_of_two_of_at_least_2: { BusBytes: 12 },
    map_units_and_map_beats_must_be_powers_of_two: { MapUnits: 3 },
  },
  weight_loader: {
    bus_bytes_must_be_8_or_16: { BusBytes: 12 },
    pk_and_pc_must_be_powers_of_two_from_4_to_32: { Pc: 12 },
    weight_depth_must_be_a_power_of_two_from_2_to_65536: { WeightDepth: 1000 },
    param_depth_must_be_a_power_of_two_from_2_to_32768: { ParamDepth: 12 },
  },
  strip_walker: {
    sparse_must_be_0_or_1: { Sparse: 2 },
  },
  walk_gates: {
    paired_must_be_0_to_3: { Paired: 4 },
  },
  walk_limits: {
    paired_must_be_0_to_3: { Paired: 4 },
  },
  walk_rows: {
    addr_w_and_bank_w_must_be_at_least_1: { AddrW: 0 },
  },
  walk_taps: {
    pc_must_be_1_to_128: { Pc: 0 },
  },
  window_shifter: {
    kh_and_kw_must_be_at_least_1: { Kh: 0 },
    columns_must_be_1_or_of_two_columns_and_more_2: { Columns: 3 },
  },
  write_bursts: {
    bus_bytes_must_be_8_or_16: { BusBytes: 12 },
    window_must_be_128_or_256: { Window: 64 },
  },
  write_guard: {
    bus_bytes_must_be_8_or_16: { BusBytes: 12 },
  },
  "xcup/ram_1rw": {
    addr_w_must_reach_depth: { Depth: 17, AddrW: 4 },
  },
};

const folder = packagePath("hw", "rtl");
const handWritten = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".v"))
  .map((name) => ({ name: name.slice(0, -".v".length), text: readFileSync(join(folder, name), "utf8") }))
  .filter(({ text }) => !text.includes("by `npm run formats`"));
const guardsOf = (text: string): string[] => text.match(/(?<=\bfirebrick_error_)\w+/g) ?? [];

it("every hand-written module whose parameters can be wrong has a guard; a parameter with a range of bits cannot", () => {
  const open = handWritten
    .filter(({ text }) => /^ {4}parameter \w/m.test(text) && guardsOf(text).length === 0)
    .map(({ name }) => name);
  expect(open).toEqual([]);
  expect(handWritten.length).toBeGreaterThan(40);
});

it("every guard is seen to refuse something below", () => {
  const guards = handWritten.map(({ name, text }) => [name, guardsOf(text)] as const);
  expect(Object.fromEntries(guards.filter(([, own]) => own.length > 0))).toEqual(
    Object.fromEntries(Object.entries(refused).map(([name, rows]) => [name, Object.keys(rows)])),
  );
});

const rows = Object.entries(refused).flatMap(([module, guards]) =>
  Object.entries(guards).map(([guard, parameters]) => ({ module, guard, parameters })),
);
it.each(rows)("$module: $guard", async ({ module, guard, parameters }) => {
  const top = basename(module);
  const values = Object.entries(parameters).map(([name, value]) => `-P${top}.${name}=${value}`);
  const library = ["-y", join(folder, dirname(module)), "-y", folder];
  const file = join(folder, `${module}.v`);
  const { all } = await execa("iverilog", ["-g2005", "-t", "null", "-s", top, ...values, ...library, file], {
    all: true,
    reject: false,
  });
  expect(all).toContain(`Unknown module type: ${prefix}${guard}\n`);
});

describe("a power of two that is none", () => {
  it.each(["verilator", "iverilog", "yosys"] as const)("is named by %s", (tool) =>
    inTemporaryFolder(async (root) => {
      const top = (
        depth: number,
      ) => `module top (input wire clk_i, input wire rst_i, output wire [7:0] data_o);
  wire unused_ready, unused_valid;
  wire [$clog2(${depth}):0] unused_count;
  sync_fifo #(
      .Depth(${depth})
  ) u_fifo (
      .clk_i(clk_i), .rst_i(rst_i), .clear_i(1'b0), .in_valid_i(1'b1), .in_ready_o(unused_ready), .in_data_i(8'd0),
      .out_valid_o(unused_valid), .out_ready_i(1'b1), .out_data_o(data_o), .count_o(unused_count)
  );
endmodule
`;
      const file = join(root, "top.v");
      const files = [file, join(folder, "sync_fifo.v")];
      writeFileSync(file, top(16));
      expect(await lint(tool, "top", files)).toBe("");
      writeFileSync(file, top(12));
      expect(await lint(tool, "top", files)).toContain(`${prefix}depth_must_be_a_power_of_two_of_at_least_2`);
    }),
  );
});
