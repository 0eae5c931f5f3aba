/** Designs on which the analysis is held to nextpnr-ice40: modules of hw/rtl between registers, and a whole small engine. */
import type { Ice40Device } from "../ice40.ts";

export interface CheckedModule {
  readonly device: Ice40Device;
  readonly module: string;
  readonly parameters: Readonly<Record<string, number>>;
}

const on =
  (device: Ice40Device) =>
  (module: string, parameters: CheckedModule["parameters"] = {}): CheckedModule => ({
    device,
    module,
    parameters,
  });
const hx = on("hx8k");
const up = on("up5k");

export const checkedModules: readonly CheckedModule[] = [
  hx("axi_read_arbiter", { BusBytes: 8 }),
  hx("mac_lane", { Pc: 4, Taps: 9, StepW: 2 }),
  hx("map_reads", { BusBytes: 8 }),
  hx("max_pool", { BusBytes: 8, Pk: 4, Groups: 2, Depth: 16 }),
  hx("max_pool", { BusBytes: 8, Pk: 4, Groups: 4, Depth: 64 }),
  hx("patch_packer", { Bytes: 4, SrcBanks: 2 }),
  hx("requantizer"),
  hx("row_reader", { BusBytes: 8, LbBytes: 8 }),
  hx("row_writer"),
  hx("small_scaler"),
  hx("weight_loader", { BusBytes: 8, Pk: 4, Pc: 4, WeightDepth: 64 }),
  up("mac_lane", { Pc: 4, Taps: 9, StepW: 2 }),
  up("small_loader"),
  up("small_rounder"),
  up("small_scaler"),
  up("small_walker"),
];
