/** Which inputs a picture can be put into. */

/** Why a picture does not fit an input of this shape: [N, H, W, C], or [N, C] for a vector. */
export function shapeNotForPictures(shape: readonly number[]): string | undefined {
  const sizes = shape.length === 2 ? [1, 1, ...shape.slice(1)] : shape.length === 4 ? shape.slice(1) : [];
  const [height, width, channels] = sizes;
  if (height === undefined || width === undefined || channels === undefined)
    return `an input of shape [${shape.join(", ")}]`;
  return notForPictures({ height, width, channels });
}

/** Why a picture does not fit an input map; undefined when it does. */
export function notForPictures(map: {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}): string | undefined {
  const { height, width, channels } = map;
  if (channels === 1 || channels === 3) return undefined;
  const isVector = height === 1 && width === 1;
  return isVector ? `an input that is a vector of ${channels} values` : `an input of ${channels} channels`;
}
