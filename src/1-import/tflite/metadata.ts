/** What a .tflite file says of its pictures and classes: TensorFlow Lite's metadata, metadata_schema.fbs. */
import type { Graph } from "../../ir/graph.ts";
import { textOf } from "../../platform/bytes.ts";
import {
  CorruptFileError,
  float32sOf,
  rootTable,
  stringField,
  tableField,
  tablesOf,
  uint8Field,
  vectorField,
  type Table,
} from "../flatbuffer.ts";
import {
  AssociatedFileField,
  LABELS_OF_AXIS,
  METADATA_IDENTIFIER,
  ModelMetadataField,
  NORMALIZATION,
  NormalizationField,
  ProcessUnitField,
  SubGraphMetadataField,
  TensorMetadataField,
} from "./metadata-schema.ts";
import { storedMember } from "./zip.ts";

/** What the metadata tell. */
export type Described = Pick<Graph, "preprocess" | "labels">;

/**
 * `metadata`: the buffer TFLITE_METADATA; `file`: the whole model file, behind which files of class names are packed; `channels`: of the input. Damaged metadata tell
 * nothing: the network is the same without them.
 */
export function describedBy(metadata: Uint8Array, file: Uint8Array, channels: number): Described {
  try {
    const model = rootTable(metadata, METADATA_IDENTIFIER);
    const graph = firstOf(model, ModelMetadataField.subgraphs);
    const input = graph && firstOf(graph, SubGraphMetadataField.inputs);
    const output = graph && firstOf(graph, SubGraphMetadataField.outputs);
    const preprocess = input && preprocessIn(input, channels);
    const labels = output && labelsIn(output, file);
    return { ...(preprocess && { preprocess }), ...(labels && { labels }) };
  } catch (error) {
    if (error instanceof CorruptFileError) return {};
    throw error;
  }
}

/** Mean and scale of the first normalisation; metadata know no other order of colours than R, G, B. */
function preprocessIn(input: Table, channels: number): Described["preprocess"] {
  const isNormalization = (unit: Table) =>
    uint8Field(unit, ProcessUnitField.optionsType, 0) === NORMALIZATION;
  const unit = [...listOf(input, TensorMetadataField.processUnits)].find(isNormalization);
  const options = unit && tableField(unit, ProcessUnitField.options, "normalization");
  if (!options) return undefined;
  const [mean, std] = [NormalizationField.mean, NormalizationField.std].map((field) =>
    float32sOf(vectorField(options, field, 4, "normalization")),
  );
  if (!mean || !std || ![mean, std].every(({ length }) => length === 1 || length === channels))
    return undefined;
  if (!mean.every(Number.isFinite) || !std.every((s) => s > 0 && Number.isFinite(s))) return undefined;
  return { mean, std, channelOrder: channels === 1 ? "grey" : "rgb" };
}

/** The lines of the file that names the output's classes. */
function labelsIn(output: Table, file: Uint8Array): readonly string[] | undefined {
  const names = [...listOf(output, TensorMetadataField.files)].find(
    (associated) => uint8Field(associated, AssociatedFileField.type, 0) === LABELS_OF_AXIS,
  );
  const bytes = names && storedMember(file, stringField(names, AssociatedFileField.name));
  return bytes && textOf(bytes).trimEnd().split(/\r?\n/);
}

function firstOf(table: Table, slot: number): Table | undefined {
  const [first] = listOf(table, slot);
  return first;
}

function listOf(table: Table, slot: number): Generator<Table> {
  return tablesOf(vectorField(table, slot, 4, "metadata"), "metadata");
}
