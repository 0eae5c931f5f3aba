/** Resizing between pixels: where an element of the result lies between those of the map, in 1/1024. */

/**
 * How elements of a resized axis lie on the map's: the centres of pixels on each other, the first pixels, or the first and the
 * last ones (TFLite's half_pixel_centers, neither, align_corners).
 */
export type Alignment = "half-pixel" | "asymmetric" | "align-corners";

/** Element i lies at (offset + i * step) / 1024. Source: ResizeBilinearInteger in TFLite's reference/resize_bilinear.h. */
export interface LinearSteps {
  readonly offset: number;
  readonly step: number;
}

/** Parts of the distance between two elements. */
export const LINEAR_ONE = 1024;

/** Of `size` elements that become `made`. */
export function linearSteps(size: number, made: number, alignment: Alignment): LinearSteps {
  const [from, to] = alignment === "align-corners" && made > 1 ? [size - 1, made - 1] : [size, made];
  const step = Math.floor((LINEAR_ONE * from + Math.floor(to / 2)) / to);
  return { step, offset: alignment === "half-pixel" ? Math.floor(step / 2) - LINEAR_ONE / 2 : 0 };
}

/** Between elements `low` and `high` of an axis, `weight` / 1024 of the way. */
export interface LinearPlace {
  readonly low: number;
  readonly high: number;
  readonly weight: number;
}

/** Where element i lies on an axis of `size` elements; outside of them at the nearest one. */
export function linearPlace({ offset, step }: LinearSteps, i: number, size: number): LinearPlace {
  const at = offset + i * step;
  const low = Math.floor(at / LINEAR_ONE);
  const inside = (place: number) => Math.max(0, Math.min(size - 1, place));
  return { low: inside(low), high: inside(low + 1), weight: at - low * LINEAR_ONE };
}
