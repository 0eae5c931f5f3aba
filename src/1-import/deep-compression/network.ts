/** A .prototxt -> inputs and layers, with every mistake in it. */
import type { Problem } from "../../ir/errors.ts";
import { NameList } from "../names.ts";
import { FieldReader } from "./fields.ts";
import type { Report } from "./fields.ts";
import { LAYER_READERS } from "./layers.ts";
import type { LayerSpec } from "./layers.ts";
import { parseTextFormat } from "./text-format.ts";

export interface CaffeLayer {
  /** Unique. */
  readonly name: string;
  /** As the file has it, such as `Convolution`. */
  readonly type: string;
  readonly bottoms: readonly string[];
  readonly tops: readonly string[];
  /** Absent where the layer has a problem. */
  readonly spec?: LayerSpec;
}

export interface CaffeNetwork {
  readonly name: string;
  readonly inputs: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly layers: readonly CaffeLayer[];
}

/** @throws TextFormatError where the text is no text format at all. */
export function readNetwork(text: string, fallbackName: string, problems: Problem[]): CaffeNetwork {
  const names = new NameList();
  const about =
    (node: string): Report =>
    (code, found, supported, fix) =>
      void problems.push({ code, node, found, supported, fix });
  const top = new FieldReader(parseTextFormat(text), "", about(fallbackName));
  const name = top.strings("name").at(-1) ?? fallbackName;
  const inputs = readInputs(top);
  const layers: CaffeLayer[] = [];
  for (const fields of top.messages("layer")) {
    const wanted = fields.strings("name").at(-1) ?? `layer ${layers.length}`;
    const unique = names.unique(wanted);
    const layer = readLayer(unique, fields.withReport(about(unique)), about(unique));
    if (layer.type !== "Input") {
      layers.push(layer);
      continue;
    }
    for (const shape of fields.message("input_param").messages("shape")) {
      inputs.push({ name: layer.tops[0] ?? unique, shape: shape.sizes("dim") });
    }
  }
  top.ignore("debug_info", "force_backward");
  top.finish();
  return { name, inputs, layers };
}

function readInputs(top: FieldReader): { name: string; shape: number[] }[] {
  const names = top.strings("input");
  const shapes = top.messages("input_shape").map((shape) => shape.sizes("dim"));
  const dims = top.sizes("input_dim");
  for (let i = 0; i + 4 <= dims.length; i += 4) shapes.push(dims.slice(i, i + 4));
  return names.map((name, i) => ({ name, shape: shapes[i] ?? [] }));
}

function readLayer(name: string, fields: FieldReader, report: Report): CaffeLayer {
  const type = fields.strings("type").at(-1) ?? "";
  const [bottoms, tops] = [fields.strings("bottom"), fields.strings("top")];
  const layer = { name, type, bottoms, tops };
  // Learning rates, and what only training reads.
  fields.ignore("name", "param", "propagate_down", "loss_weight", "phase");
  if (type === "Input") {
    fields.ignore("input_param");
    fields.finish();
    return layer;
  }
  const reader = Object.hasOwn(LAYER_READERS, type) ? LAYER_READERS[type] : undefined;
  if (!reader) {
    const supported = Object.keys(LAYER_READERS).join(", ");
    report(
      "unsupported-operator",
      type || "a layer without a type",
      supported,
      "replace the layer, or cut the network before it",
    );
    return layer;
  }
  const spec = reader(fields, report);
  fields.finish();
  return spec ? { ...layer, spec } : layer;
}
