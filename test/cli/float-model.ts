/** A small float network with pictures, as `quantize` and `accuracy` take them. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { saveGraph } from "../../src/saved/save.ts";
import { fireNetwork, noise } from "../3-quantise/ptq/fire-network.ts";

/** A float model `float`, `count` pictures of 20 x 16 pixels in `pictures`, and a text among them. */
export async function prepareFolder(
  folder: string,
  count: number,
): Promise<{ model: string; pictures: string; out: string }> {
  const [model, pictures] = [join(folder, "float"), join(folder, "pictures")];
  writeFileSync(model, saveGraph(fireNetwork()));
  mkdirSync(pictures);
  for (let i = 0; i < count; i++) {
    const data = Uint8Array.from(noise(i, 20 * 16 * 3, 255), (v) => v + 127.5);
    await sharp(data, { raw: { width: 20, height: 16, channels: 3 } })
      .png()
      .toFile(join(pictures, `${i}.png`));
  }
  writeFileSync(join(pictures, "labels.csv"), "file,class\n3.png,1\n1.png,0\n");
  return { model, pictures, out: join(folder, "int8") };
}

/** How the network wants its pictures. */
export const rule = ["--mean", "123,117,104", "--std", "50", "--channels", "bgr"];
