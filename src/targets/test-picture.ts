/** The picture of a testbench where the user gives none. */
import { inputsOf, type IntGraph } from "../ir/integer.ts";
import { known } from "../ir/known.ts";
import { createRandom } from "../zoo/pictures/random.ts";

/** Pseudo-random values, the same for every network of the size: re-centred int8, the input maps one behind the other. */
export function testPicture(graph: IntGraph): Int8Array {
  const random = createRandom(1);
  const sizes = inputsOf(graph).map((id) => {
    const { channels, height, width } = known(graph.maps.get(id), "an input is a map");
    return height * width * channels;
  });
  const values = new Int8Array(sizes.reduce((sum, size) => sum + size, 0));
  return values.map(() => Math.floor(256 * random()) - 128);
}
