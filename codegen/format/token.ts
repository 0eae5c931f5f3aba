/** What is made of the result token's table: Verilog modules that put it together and take it apart. */
import {
  tokenPlaces,
  tokenWidth,
  type Bits,
  type TokenFieldName,
  type TokenPlace,
} from "../../src/format/token.ts";
import { moduleText, snake, type ModuleText, type Port } from "./verilog.ts";

/** What looks at the token, and at which of its fields. */
const readers: readonly {
  readonly module: string;
  readonly what: string;
  readonly fields: readonly TokenFieldName[];
}[] = [
  {
    module: "token_release",
    what: "the weights that a step frees",
    fields: ["freeGroups", "freeWords", "free", "kept"],
  },
  { module: "token_activation", what: "the kernel behind the lanes", fields: ["activation"] },
  {
    module: "token_residual",
    what: "the residual of a result",
    fields: ["dstOffset", "dstAddr", "block", "toMemory"],
  },
  {
    module: "token_result",
    what: "where a result belongs",
    fields: [
      "channelGroup",
      "x",
      "y",
      "pixelLast",
      "yLast",
      "xLast",
      "chunkLast",
      "rowLast",
      "dstOffset",
      "dstAddr",
      "dstBank",
      "block",
      "phase",
      "toMemory",
    ],
  },
];

/** The modules by name. */
export function tokenModules(): ReadonlyMap<string, string> {
  return new Map([
    ["token_step", stepModule()],
    ...readers.map(({ fields, module, what }) => [module, readModule(module, what, fields)] as const),
  ]);
}

const parameters = [
  { name: "AddrW", value: 10, comment: "bits of a line-buffer word address" },
  { name: "BankW", value: 2, comment: "bits of a line-buffer bank" },
  { name: "Activations", value: 0, comment: "1: kernels stand behind the lanes" },
];

const common = { table: "src/format/token.ts", parameters } as const satisfies Partial<ModuleText>;

/** `117+AddrW+4*Activations`. */
function sum({ constant, ...terms }: Bits): string {
  const times = (name: string, factor: number): string => (factor === 1 ? name : `${factor}*${name}`);
  const added = Object.entries(terms).flatMap(([name, factor]) =>
    factor === 0 ? [] : [times(name, factor)],
  );
  return [constant, ...added].join("+");
}

const port = ({ field, name }: TokenPlace, direction: Port["direction"]): Port => ({
  direction,
  name: `${snake(name)}_${direction === "input" ? "i" : "o"}`,
  width: field.bits,
  comment: field.label,
});

const slice = ({ field, lsb }: TokenPlace): string =>
  field.bits === 1 ? `[${sum(lsb)}]` : `[${sum(lsb)}+:${field.bits}]`;

const token = (direction: Port["direction"], name: string): Port => ({
  direction,
  name,
  width: sum(tokenWidth),
});

function stepModule(): string {
  const places = tokenPlaces();
  const assign = (place: TokenPlace): string =>
    `assign token_o${slice(place)} = ${port(place, "input").name};`;
  const isOptional = ({ field }: TokenPlace): boolean => field.onlyWithActivations === true;
  const optional = places.filter(isOptional);
  const unused = optional.map((place) => port(place, "input").name).join(", ");
  return moduleText({
    ...common,
    name: "token_step",
    purpose: ["The token of a step: what comes out beside its result. Combinational."],
    ports: [{ ports: places.map((place) => port(place, "input")) }, { ports: [token("output", "token_o")] }],
    body: [
      ...places.filter((place) => !isOptional(place)).map((place) => `  ${assign(place)}`),
      "  generate",
      "    if (Activations != 0) begin : gen_activation",
      ...optional.map((place) => `      ${assign(place)}`),
      "    end else begin : gen_no_activation",
      `      wire unused_activation = &{1'b0, ${unused}};`,
      "    end",
      "  endgenerate",
    ],
  });
}

function readModule(name: string, what: string, fields: readonly TokenFieldName[]): string {
  const places = tokenPlaces().filter((place) => fields.includes(place.name));
  return moduleText({
    ...common,
    name,
    purpose: [`Fields of the result token: ${what}. Combinational.`],
    ports: [{ ports: [token("input", "token_i")] }, { ports: places.map((place) => port(place, "output")) }],
    body: [
      ...places.map((place) => `  assign ${port(place, "output").name} = token_i${slice(place)};`),
      "  wire unused_token = &{1'b0, token_i};",
    ],
  });
}
