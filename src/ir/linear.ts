/** Resizing between pixels: where an element of the result lies between those of the map, in 1/1024. */

/**
 * How elements of a resized axis lie on the map's: the centres of pixels on each other, the first pixels, or the first and the
 * last ones (TFLite's half_pixel_centers, neither, align_corners).
 */
export type Alignment = "half-pixel" | "asymmetric" | "align-corners";

/** Element i lies at (offset + i * step) / one. */
export interface LinearSteps {
  readonly offset: number;
  readonly step: number;
  /** Parts of the distance between two elements. */
  readonly one: number;
}

const LINEAR_ONE = 1024;

/** Of `size` elements that become `made`, in 1/1024. Source: ResizeBilinearInteger in TFLite's reference/resize_bilinear.h. */
export function linearSteps(size: number, made: number, alignment: Alignment): LinearSteps {
  const [from, to] = alignment === "align-corners" && made > 1 ? [size - 1, made - 1] : [size, made];
  const step = Math.floor((LINEAR_ONE * from + Math.floor(to / 2)) / to);
  const offset = alignment === "half-pixel" ? Math.floor(step / 2) - LINEAR_ONE / 2 : 0;
  return { step, offset, one: LINEAR_ONE };
}

/** The same as the exact fractions that the alignment stands for. */
export function exactSteps(size: number, made: number, alignment: Alignment): LinearSteps {
  switch (alignment) {
    case "half-pixel":
      return { step: 2 * size, offset: size - made, one: 2 * made };
    case "asymmetric":
      return { step: size, offset: 0, one: made };
    case "align-corners":
      return made > 1 ? { step: size - 1, offset: 0, one: made - 1 } : { step: 0, offset: 0, one: 1 };
  }
}

/** Between elements `low` and `high` of an axis, `weight` / `one` of the way. */
export interface LinearPlace {
  readonly low: number;
  readonly high: number;
  readonly weight: number;
}

/** Where element i lies on an axis of `size` elements; outside of them at the nearest one. */
export function linearPlace({ offset, one, step }: LinearSteps, i: number, size: number): LinearPlace {
  const at = offset + i * step;
  const low = Math.floor(at / one);
  const inside = (place: number) => Math.max(0, Math.min(size - 1, place));
  return { low: inside(low), high: inside(low + 1), weight: at - low * one };
}

/** Between elements `low` and `high` of an axis, with the float32 weights of both. */
export interface RealPlace {
  readonly low: number;
  readonly high: number;
  readonly weights: readonly [number, number];
}

/**
 * Of `size` elements that become `made`, in float32. Source: SetupUpsampleBilinear and
 * GetOriginalCoordinateFromResizedCoordinate (onnxruntime/core/providers/cpu/tensor/upsample.h, upsamplebase.h).
 */
export function realPlaces(size: number, made: number, alignment: Alignment): readonly RealPlace[] {
  const scale = Math.fround(made / size);
  const placeOf = (i: number): number => {
    switch (alignment) {
      case "half-pixel":
        return Math.fround(Math.fround((i + 0.5) / scale) - 0.5);
      case "asymmetric":
        return Math.fround(i / scale);
      case "align-corners":
        return made > 1 ? Math.fround((i * (size - 1)) / (made - 1)) : 0;
    }
  };
  return Array.from({ length: made }, (_, i) => {
    const at = Math.max(0, Math.min(size - 1, placeOf(i)));
    const low = Math.floor(at);
    const high = Math.min(low + 1, size - 1);
    const weights =
      low === high ? ([0.5, 0.5] as const) : ([Math.fround(high - at), Math.fround(at - low)] as const);
    return { low, high, weights };
  });
}
