/** Pictures, decoded and resized by the browser. */

interface Size {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/**
 * Pixels [H, W, C] of a picture that covers the network's size, its aspect kept. The browser resizes otherwise than the command does, so
 * their values may differ where the picture has another size.
 */
export async function pixelsOf(file: Blob, { channels, height, width }: Size): Promise<Uint8Array> {
  const bitmap = await createImageBitmap(file);
  const context = new OffscreenCanvas(width, height).getContext("2d");
  if (context === null) throw new Error("the browser draws no pictures");
  const scale = Math.max(width / bitmap.width, height / bitmap.height);
  const [w, h] = [bitmap.width * scale, bitmap.height * scale];
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, (width - w) / 2, (height - h) / 2, w, h);
  const { data } = context.getImageData(0, 0, width, height);
  const pixels = new Uint8Array(height * width * channels);
  for (let at = 0; at < height * width; at += 1) {
    const [red = 0, green = 0, blue = 0] = data.subarray(4 * at, 4 * at + 3);
    if (channels === 3) pixels.set([red, green, blue], 3 * at);
    else pixels[at] = Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
  }
  return pixels;
}
