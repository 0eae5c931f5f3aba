/** Where the patches of a convolution lie in its map. */

/** In values of the map. A patch is read in runs of values that lie together. */
export interface Patches {
  /** First value of each patch, rising. */
  readonly corners: Int32Array;
  /** Offset of each run from its patch's first value, rising. */
  readonly runs: Int32Array;
  /** Values of a run. */
  readonly length: number;
}

export interface Windows {
  readonly kernel: readonly [rows: number, columns: number];
  readonly stride: readonly [rows: number, columns: number];
  readonly dilation: readonly [rows: number, columns: number];
}

/** A map [H, W, C], its padding with it. */
interface PaddedMap {
  readonly width: number;
  readonly channels: number;
  /** Of the channels; a patch has those of one. */
  readonly groups: number;
}

/** The patches of all pixels of the result, row by row, of the first group: [kh, kw, C / groups] each. */
export function patchesOf(
  { dilation, kernel, stride }: Windows,
  { channels, groups, width }: PaddedMap,
  result: { readonly height: number; readonly width: number },
): Patches {
  const [kh, kw] = kernel;
  const corners = new Int32Array(result.height * result.width);
  for (let y = 0; y < result.height; y++)
    for (let x = 0; x < result.width; x++)
      corners[y * result.width + x] = (y * stride[0] * width + x * stride[1]) * channels;
  // Rows of the kernel lie together, unless columns are dilated or channels grouped: then every tap is a run.
  const joined = dilation[1] === 1 && groups === 1 ? kw : 1;
  const runs: number[] = [];
  for (let y = 0; y < kh; y++)
    for (let x = 0; x < kw; x += joined) runs.push((y * dilation[0] * width + x * dilation[1]) * channels);
  return { corners, runs: Int32Array.from(runs), length: (joined * channels) / groups };
}
