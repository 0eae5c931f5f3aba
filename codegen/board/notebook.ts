/** The notebook that goes with the PYNQ driver: Jupyter's format 4. What is of the network stands in the driver. */
import { json } from "../json.ts";

const PICTURES = `from PIL import Image

rows, width, channels = firebrick.INPUTS[0].shape
picture = Image.open("picture.png").convert("RGB" if channels == 3 else "L").resize((width, rows))
values = firebrick.from_pixels(picture)`;

const TENSORS = `import numpy

place = firebrick.INPUTS[0]
values = numpy.fromfile("input.bin", place.dtype).reshape(place.shape)`;

/** `hasPictures`: whether it is known how pictures become the input. */
export function notebook(hasPictures: boolean): string {
  const markdown = (text: string) => ({ cell_type: "markdown", metadata: {}, source: lines(text) });
  const code = (text: string) => ({
    cell_type: "code",
    execution_count: null,
    metadata: {},
    outputs: [],
    source: lines(text),
  });
  return json({
    cells: [
      markdown(
        "# Classify\n\nCopy this folder to the board, behind a build: it then holds `firebrick.bit`, `firebrick.hwh` and `model.bin`.",
      ),
      code(
        `from pynq import Overlay\nimport firebrick\n\noverlay = Overlay("firebrick.bit")\naccelerator = overlay.accelerator\naccelerator.load()`,
      ),
      markdown(
        hasPictures
          ? "A picture of the network's size, `picture.png` beside this notebook."
          : "Values of the input in the network's own type, `input.bin` beside this notebook.",
      ),
      code(hasPictures ? PICTURES : TENSORS),
      code(
        `best, name, value, milliseconds = accelerator.classify(values)\nprint(f"class {best} ({name}), value {value}, {milliseconds:.2f} ms")`,
      ),
      markdown("What the array did, in cycles, and what the accelerator hands over."),
      code(`print(accelerator.counters())\nprint(accelerator.get_output())`),
    ],
    metadata: {
      kernelspec: { display_name: "Python 3", language: "python", name: "python3" },
      language_info: { name: "python" },
    },
    nbformat: 4,
    nbformat_minor: 2,
  });
}

/** As notebooks hold text: a string a line. */
const lines = (text: string): readonly string[] => text.split(/(?<=\n)/);
