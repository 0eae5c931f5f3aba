import { expect, it } from "vitest";
import { isWiring, smallUnitOf, unitOf } from "../../src/resources/units.ts";

const computed = "u_accelerator.u_compute";

it.each([
  ["", "wiring"],
  ["u_accelerator", "wiring"],
  ["u_accelerator.u_results.gen_residual", "wiring"],
  ["u_accelerator.u_run.u_bases", "control registers"],
  ["u_accelerator.u_reads.u_weight_loader.u_fields", "weight loader"],
  ["u_accelerator.u_reads.gen_residual.u_residual_reader", "residual add"],
  ["u_accelerator.u_results.gen_residual.u_residual_buffer.gen_bank[0].gen_part[0].u_ram", "residual buffer"],
  ["u_accelerator.u_results.gen_pool.u_max_pool", "max pool"],
  ["u_accelerator.u_row_writer", "row writer"],
  ["u_accelerator.u_row_writer.u_output", "output queue"],
  [`${computed}.u_steps.u_sequencer.u_walker`, "sequencer"],
  [`${computed}.u_steps.u_sequencer.u_walker.gen_sparse.u_groups`, "sparse steps"],
  [`${computed}.u_lanes.u_array.gen_sparse.u_patches`, "sparse steps"],
  [`${computed}.u_lanes.u_array.gen_lane[3].u_lane.gen_sparse.u_select`, "sparse steps"],
  [`${computed}.u_steps.u_to_b.gen_stage[0]`, "operand select"],
  [`${computed}.u_operands.gen_packer.u_packer`, "patch packer"],
  [`${computed}.u_operands.gen_buffer[1].gen_from_array.u_write`, "line buffer 1"],
  [`${computed}.u_lanes.u_release`, "weight loader"],
  [`${computed}.u_lanes.u_array`, "array control"],
  [`${computed}.u_lanes.u_array.gen_lane[3].u_lane.gen_lane[0].u_requantizer`, "requantisers"],
  [`${computed}.u_lanes.gen_activation.u_to_activated`, "activations"],
  [`${computed}.u_lanes.gen_activation.gen_lane[2].u_kernels.u_activation_tanh`, "activations"],
  [`${computed}.u_lanes.gen_tables.gen_lane[2].u_table.u_entries`, "tables"],
  [`${computed}.u_lanes.gen_tables.u_to_table`, "tables"],
  ["u_accelerator.u_reads.u_weight_loader.gen_tables.u_tables.u_writer", "tables"],
])("%s is of the part %s", (path, part) => {
  expect(unitOf(path)).toBe(part);
  expect(isWiring(path)).toBe(part === "wiring");
});

it.each([
  ["u_pll", "board"],
  ["u_system.u_host", "picture and answer"],
  ["u_system.u_engine", "engine control"],
  ["u_system.u_engine.u_program", "engine control"],
  ["u_system.u_engine.u_program.u_low.u_ram", "descriptors"],
  ["u_system.u_engine.u_walker", "walker"],
  ["u_system.u_engine.u_sums.gen_part[3].u_weights", "weight ring"],
  ["u_system.u_engine.u_sums.u_array.gen_lane[1].u_even", "array"],
  ["u_system.u_engine.u_results", "engine control"],
  ["u_system.u_engine.u_results.gen_lane[0].u_scaler", "scalers"],
  ["u_system.u_engine.u_results.u_rounder", "rounder"],
])("%s is of the small engine's part %s", (path, part) => {
  expect(smallUnitOf(path)).toBe(part);
});
