/** What the analysis cannot know, in sentences that stand beside its figures; docs/timing.md says more. */
import type { TimedFamily } from "./families.ts";

const byFamily: Readonly<Record<TimedFamily, string>> = {
  xc7: "wires by the number of pins that they drive: within 12 % of three routed paths that Vivado reported for grade -1",
  xcup: "cells and wires from a few routed paths that Vivado reported for an XCZU3EG-1: no delays of UltraScale+ are published",
  ecp5: "wires by the number of pins that they drive, as in a few routed paths of nextpnr-ecp5 for grade 6; mapped with abc9, which the board's Makefile does not ask for",
};

export function limitsOf(family: TimedFamily): readonly string[] {
  return [
    "nothing is placed: no distances, no congestion, no skew or jitter of the clock",
    byFamily[family],
    "mapped by Yosys for speed: a vendor's tool may map, replicate and move registers better",
    "paths from pins and to pins, such as the memory bus, are not counted",
    "one clock and no false paths are assumed: a path that never matters counts too",
  ];
}
