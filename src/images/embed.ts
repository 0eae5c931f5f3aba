import type { IntMap } from "../ir/integer.ts";
import { library } from "../platform/library.ts";

/** JPEG quality: a picture of 224 x 224 takes about 15 KB. */
const QUALITY = 85;

/** Pixels of the network's size, [H, W, C] with C = 1 or 3, as a `data:` address that a page can hold. */
export async function embeddedPicture(
  pixels: Uint8Array,
  { channels, height, width }: Pick<IntMap, "height" | "width" | "channels">,
): Promise<string> {
  const raw = { width, height, channels: channels === 1 ? (1 as const) : (3 as const) };
  const picture = library("sharp")(pixels, { raw });
  const jpeg = await picture.jpeg({ quality: QUALITY, chromaSubsampling: "4:4:4" }).toBuffer();
  return `data:image/jpeg;base64,${jpeg.toString("base64")}`;
}
