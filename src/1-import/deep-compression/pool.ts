import type { Padding } from "../../ir/graph.ts";
import type { CaffeWindow } from "./layers.ts";

/**
 * Caffe's pools (pooling_layer.cpp) round the number of windows up, then drop a window that would start in the padding
 * behind the map. As padding: as many rows and columns after the map as the last window reaches beyond it.
 */
export function poolPadding(height: number, width: number, window: CaffeWindow, roundUp: boolean): Padding {
  const along = (axis: 0 | 1, size: number): number => {
    const [kernel, stride, pad] = [window.kernel[axis], window.stride[axis], window.pad[axis]];
    const steps = (size + 2 * pad - kernel) / stride;
    let windows = (roundUp ? Math.ceil(steps) : Math.floor(steps)) + 1;
    if (pad > 0 && (windows - 1) * stride >= size + pad) windows--;
    return Math.max(0, (windows - 1) * stride + kernel - size - pad);
  };
  return { top: window.pad[0], left: window.pad[1], bottom: along(0, height), right: along(1, width) };
}
