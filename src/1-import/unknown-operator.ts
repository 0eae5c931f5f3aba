/** What to say of operators that no reader knows: some tell what happened to the network, and so how to go on. */
import type { Problem } from "../ir/errors.ts";

export interface UnknownOperator {
  readonly node: string;
  /** The framework's name, without a domain. */
  readonly operator: string;
  /** The same for people. */
  readonly shown: string;
  /** How many problems were found before it. */
  readonly before: number;
}

/** Operators that come together, for one reason. */
interface Family {
  readonly what: string;
  readonly names: readonly string[];
  /** Belong to the family where one of `names` is in the network, too. */
  readonly helpers: readonly string[];
  readonly fix: string;
}

const FAMILIES: readonly Family[] = [
  {
    what: "arithmetic of shapes",
    names: ["SHAPE"],
    helpers: ["STRIDED_SLICE", "PACK"],
    fix: "convert the network with a fixed input shape and folded constants",
  },
  {
    what: "recurrent layers",
    names: [
      ...["LSTM", "GRU", "RNN", "SVDF", "UNIDIRECTIONAL_SEQUENCE_LSTM", "UNIDIRECTIONAL_SEQUENCE_RNN"],
      ...["BIDIRECTIONAL_SEQUENCE_LSTM", "BIDIRECTIONAL_SEQUENCE_RNN", "VAR_HANDLE"],
    ],
    helpers: ["READ_VARIABLE", "ASSIGN_VARIABLE", "CALL_ONCE"],
    fix: "the accelerator keeps nothing from image to image: end the network before them with --until LAYER",
  },
  {
    what: "values of 1 bit",
    names: ["BipolarQuant"],
    helpers: [],
    fix: "quantise weights and maps to 2 to 8 bits with Quant",
  },
  {
    what: "FINN's thresholds",
    names: ["MultiThreshold"],
    helpers: [],
    fix: "give the network from before FINN's conversion, with Quant of 8 bits or fewer",
  },
];

/** Compilers for other accelerators, by the custom operator that holds all that they compiled. */
const COMPILED: ReadonlyMap<string, { readonly compiler: string; readonly tool: string }> = new Map([
  ["ethos-u", { compiler: "Vela for Arm's Ethos-U", tool: "Vela" }],
  ["edgetpu-custom-op", { compiler: "Google's Edge TPU compiler", tool: "edgetpu_compiler" }],
]);

/** For the name of a custom operator; undefined when no such compiler is known. */
export function compiledProblem(node: string, customOperator: string): Problem | undefined {
  const by = COMPILED.get(customOperator);
  if (by === undefined) return undefined;
  const { compiler, tool } = by;
  return {
    code: "unsupported-operator",
    node,
    found: `a network compiled by ${compiler} (custom operator ${customOperator})`,
    supported: "networks of TensorFlow Lite's own operators",
    fix: `give the .tflite file from before ${tool}`,
  };
}

/** The problems with one for each unknown operator at its place; those of a family are alike, so that they are told as one. */
export function withUnknownOperators(
  problems: readonly Problem[],
  unknown: readonly UnknownOperator[],
): Problem[] {
  const told = unknownOperators(unknown);
  return [...problems, null].flatMap((problem, place) => [
    ...told.filter((_, i) => unknown[i]?.before === place),
    ...(problem === null ? [] : [problem]),
  ]);
}

function unknownOperators(unknown: readonly UnknownOperator[]): Problem[] {
  const present = FAMILIES.filter(({ names }) => unknown.some(({ operator }) => names.includes(operator)));
  const familyOf = (operator: string) =>
    present.find(({ names, helpers }) => names.includes(operator) || helpers.includes(operator));
  return unknown.map(({ node, operator, shown }) => {
    const family = familyOf(operator);
    const members = unknown.filter((other) => family && familyOf(other.operator) === family);
    const names = [...new Set(members.map((member) => member.shown))].join(", ");
    return {
      code: "unsupported-operator",
      node,
      found: family ? `${family.what} (${names})` : shown,
      supported: "the operators in docs/operators.md",
      fix: family?.fix ?? "replace the operator, or end the network before it with --until LAYER",
    };
  });
}
