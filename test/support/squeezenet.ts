/** The real SqueezeNet beside the project. */
export const squeezenetFolder = new URL(
  "../../../shared/models/squeezenet_v1.0_deep_compression/",
  import.meta.url,
);

export function squeezenetFile(name: string): string {
  return new URL(name, squeezenetFolder).pathname;
}

/** Picture [H, W, C], R, G, B, as the float network takes it: B, G, R without their means. */
export function prepare(pixels: Uint8Array): Float32Array {
  const mean = [104, 117, 123];
  return Float32Array.from(pixels, (_, i) => pixels[i - (i % 3) + 2 - (i % 3)]! - mean[i % 3]!);
}
