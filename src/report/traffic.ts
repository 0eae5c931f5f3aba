/** Bytes between the accelerator and its memory, counted from the plan as the memory-side units move them. */
import type { ImageKind } from "../4-schedule/cycles/machine.ts";
import { type Block, isWithin, type MapPlace, type Phase, type Plan } from "../4-schedule/plan.ts";
import { descriptorBytes } from "../format/descriptor.ts";
import { HEADER_READ_BYTES } from "../format/program.ts";

/** Bytes of one image by kind; all but `results` are read. */
export interface Traffic {
  /** Header and descriptors. */
  readonly program: number;
  /** The input image. */
  readonly image: number;
  /** Feature maps read back, residuals included. */
  readonly maps: number;
  /** Weights, biases, multipliers and constants, as often as they are read. */
  readonly weights: number;
  /** Feature maps and logits written. */
  readonly results: number;
}

export const noTraffic: Traffic = { program: 0, image: 0, maps: 0, weights: 0, results: 0 };

export function addTraffic(a: Traffic, b: Traffic): Traffic {
  return {
    program: a.program + b.program,
    image: a.image + b.image,
    maps: a.maps + b.maps,
    weights: a.weights + b.weights,
    results: a.results + b.results,
  };
}

export function readBytes({ image, maps, program, weights }: Traffic): number {
  return program + image + maps + weights;
}

/** The header's words and one descriptor a block; the zeros behind the header are not read. */
export function programTraffic({ blocks, hardware }: Plan): Traffic {
  return {
    ...noTraffic,
    program: HEADER_READ_BYTES + descriptorBytes(hardware.lineBuffers.length) * blocks.length,
  };
}

/**
 * What a phase moves in the first image, or in one behind it: the first reads the block's source, the last its residual and writes the block's result, each
 * its own weights, once or once a strip.
 */
export function phaseTraffic(plan: Plan, block: Block, index: number, images: ImageKind = "first"): Traffic {
  const phase = block.phases[index];
  if (phase === undefined) return noTraffic;
  const isKept = images === "next" && isWithin(plan.keptBlocks, plan.blocks.indexOf(block));
  const isFirst = index === 0;
  const isLast = index === block.phases.length - 1;
  // The reader runs ahead of the array and fetches every row, needed or not.
  const source = isFirst ? mapBytes(plan, block.source) : 0;
  const residual = isLast && block.residual ? mapBytes(plan, block.residual.place) : 0;
  const from = (...regions: readonly MapPlace["region"][]) =>
    (regions.includes(block.source.region) ? source : 0) +
    (block.residual && regions.includes(block.residual.place.region) ? residual : 0);
  return {
    program: 0,
    image: from("input"),
    maps: from("workspace", "output"),
    weights: (isKept ? 0 : weightBytes(phase) * block.weightLoads) + from("model"),
    results: isLast && block.destination.region !== "chip" ? mapBytes(plan, block.destination) : 0,
  };
}

/** Whole bus words of each row. */
function mapBytes(plan: Plan, { pixelPitch, rows, width }: MapPlace): number {
  const { busBytes } = plan.hardware;
  return rows * Math.ceil((width * pixelPitch) / busBytes) * busBytes;
}

function weightBytes({ centreTap, segment }: Phase): number {
  return (segment?.bytes ?? 0) + (centreTap?.segment.bytes ?? 0);
}
