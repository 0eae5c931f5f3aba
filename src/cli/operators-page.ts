/** docs/operators.md: the importers' tables of operators, and where their nodes run. */
import { writeFileSync } from "node:fs";
import { LAYER_READERS } from "../1-import/deep-compression/layers.ts";
import { LAYER_WORDS } from "../1-import/deep-compression/words.ts";
import { FOLDED, MICROSOFT, QONNX, STANDARD } from "../1-import/onnx/operators/index.ts";
import { MICROSOFT_WORDS, QONNX_WORDS, STANDARD_WORDS } from "../1-import/onnx/operators/words.ts";
import { FOLDS, OF_SHAPES } from "../1-import/tflite/fold/index.ts";
import { OPERATOR_READERS } from "../1-import/tflite/operators/index.ts";
import { TFLITE_WORDS } from "../1-import/tflite/operators/words.ts";
import { OPERATOR_NAMES } from "../1-import/tflite/schema.ts";
import type { OperatorWords } from "../1-import/words.ts";
import { NODE_KINDS, type NodePlace } from "../4-schedule/node-kinds.ts";
import { known } from "../ir/known.ts";
import { packagePath } from "../platform/package.ts";

export const OPERATORS_PAGE = packagePath("docs", "operators.md");

/** Writes the page. */
export function writeOperators(): void {
  writeFileSync(OPERATORS_PAGE, operatorsPage());
}

/** The whole page. */
export function operatorsPage(): string {
  const [lite, onnx, caffe] = [tfliteOperators(), onnxOperators(), caffeLayers()];
  return `# Operators

What each importer reads, what becomes of it, and where it runs. Whatever is not here is refused with \`unsupported-operator\`, an attribute that
is not here with \`unsupported-attribute\`: nothing in a file is ignored silently, and all problems are reported at once.
Written by \`npm run docs:operators\` from the importers' own tables, the words beside them and \`src/4-schedule/node-kinds.ts\`; a test holds it current.

## Where a node runs

${table(
  ["node of the graph", "becomes", "runs in"],
  NODE_KINDS.map(({ becomes, kinds, runs }) => [kinds.map(code).join(", "), becomes, runs]),
)}
One operand of two may have one row, one column, one channel, or any of these together: it is stretched to the other's shape. A gate of one value a
channel (squeeze and excite) is one pixel that is read for every row; one channel becomes several by a convolution of ones.

Outputs of ONNX networks that are transposed, reshaped or flattened maps are given in the file's own order of values; on the accelerator they are [H, W, C].
Where float operators behind the last dequantisation need values in another order of axes, the host moves them.
\`--until LAYER\` ends a network behind a layer, as \`firebrick inspect\` names it: what lies behind is not read at all. Several give several outputs.
\`firebrick golden\` runs everything that has an integer form, also where the accelerator refuses.

## Operators by node

The golden model computes what the hardware computes and what the host does, as the framework; \`firebrick golden\` needs no hardware for it. A phase is a layer, or a step a
value, on the multipliers; behind the lanes costs no cycles of its own where the lines above say so; a layout moves no data where its readers can take it.

${byNode(lite, onnx, caffe)}
## TensorFlow Lite

int8 (per channel or per tensor) and uint8; float networks through \`firebrick quantize\`, those with FLOAT16 and with 8-bit weights
(dynamic range) too. INT4 weights are read as int8. Fused activations are NONE, RELU, RELU6 and RELU_N1_TO_1. A batch of -1 is 1.

On constants, and on the shapes of maps, these are computed while the file is read:
${wrapped([...FOLDS.keys(), ...OF_SHAPES.keys()].toSorted().join(", "))}.

${table(["operator", "node", "options", "refused"], lite.map(fourCells))}
A TRANSPOSE moves nothing: operators that treat every value on its own, CONCATENATION, PAD, MEAN, reshapes that only drop or add dimensions of 1 and
FULLY_CONNECTED, also behind a flattening, read maps in the order in which they are stored. A network's input in [N, C, H, W] that is only read transposed
to [N, H, W, C] is given in that order. Where the values would have to move, in front of a convolution or at an output, it is refused with
\`unsupported-attribute\`.

SPACE_TO_BATCH_ND, CONV_2D or DEPTHWISE_CONV_2D, BATCH_TO_SPACE_ND of one block are one dilated convolution, with its paddings less its crops; alone they are refused.

## ONNX

Operator set 7 or newer: float networks, QDQ and QLinear graphs. Kernels in a float network need \`firebrick quantize\`, which gives their maps the
scales that they have; between pairs of QuantizeLinear and DequantizeLinear the functions that they stand for are tables. Operators of ONNX Runtime's own domain are marked com.microsoft, those of QONNX by its domain, also under its older names finn.custom_op.general and onnx.brevitas. They may stand in any order, and have further outputs that
nothing reads. Constants, and what a network computes from its maps' shapes, are folded; an unnamed or symbolic batch is 1. Dynamic quantisation is read as the float network it stands for. Weights may lie in files in the model's folder; those of 16 or 64 bits are read as float32.

${table(
  ["operator", "node", "attributes", "without effect", "refused"],
  onnx.map(([name, { node = "", options = "", refused = "", unused = "" }]) => [
    name,
    node,
    options,
    unused,
    refused,
  ]),
)}
## Deep Compression

\`.net\` with its Caffe \`.prototxt\`; a float network behind \`firebrick quantize\`.

${table(["layer", "node", "fields", "refused"], caffe.map(fourCells))}`;
}

/** An operator and what is said of it. */
type Row = readonly [name: string, words: OperatorWords];

function tfliteOperators(): Row[] {
  return OPERATOR_READERS.map((reader) => rowOf(readerName(reader), TFLITE_WORDS));
}

function onnxOperators(): Row[] {
  const standard = [...new Set([...Object.keys(STANDARD), ...Object.keys(FOLDED)])].toSorted();
  return [
    ...standard.map((name) => rowOf(name, STANDARD_WORDS)),
    ...Object.keys(MICROSOFT)
      .toSorted()
      .map((name) => rowOf(name, MICROSOFT_WORDS, "com.microsoft ")),
    ...Object.keys(QONNX).map((name) => rowOf(name, QONNX_WORDS, "qonnx.custom_op.general ")),
  ];
}

/** As the format's schema calls it; a custom operator's own name behind. */
export function readerName({ code: number, custom }: (typeof OPERATOR_READERS)[number]): string {
  const name = known(OPERATOR_NAMES[number], "an operator has a name");
  return custom === undefined ? name : `${name} ${custom}`;
}

function caffeLayers(): Row[] {
  return Object.keys(LAYER_READERS).map((name) => rowOf(name, LAYER_WORDS));
}

function rowOf(name: string, words: Readonly<Record<string, OperatorWords>>, domain = ""): Row {
  return [`${domain}${name}`, known(words[name], `the words of ${domain}${name}, for docs/operators.md`)];
}

const HOW: Readonly<Record<NodePlace, string>> = {
  array: "phase",
  lanes: "behind the lanes",
  layout: "layout",
  folded: "part of what stands around it",
  host: "host",
};

/** Every kind of node with the operators that become it. */
function byNode(...formats: readonly (readonly Row[])[]): string {
  const rows = NODE_KINDS.flatMap(({ kinds, place }) =>
    kinds.map((kind) => {
      const makers = formats.map((operators) =>
        operators.flatMap(([name, { node = "" }]) => (node.includes(code(kind)) ? [name] : [])).join(", "),
      );
      const golden = place === "folded" ? "as what it becomes" : "yes";
      return [code(kind), ...makers, golden, place === "host" ? "no" : "yes", HOW[place]];
    }),
  );
  const formatNames = ["TensorFlow Lite", "ONNX", "Deep Compression"];
  return table(["node", ...formatNames, "golden", "hardware", "how it runs"], rows);
}

function fourCells([name, { node = "", options = "", refused = "" }]: Row): readonly string[] {
  return [name, node, options, refused];
}

function code(text: string): string {
  return `\`${text}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `|${cells.map((cell) => (cell === "" ? " " : ` ${cell} `)).join("|")}|\n`;
  return `${line(head)}|${"---|".repeat(head.length)}\n${rows.map(line).join("")}`;
}

/** Lines of at most 150 characters. */
function wrapped(text: string): string {
  return text.replace(/(.{1,149})(?: |$)/g, "$1\n").trimEnd();
}
