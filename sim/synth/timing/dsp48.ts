/** The DSP blocks of Xilinx: A and D through the pre-adder, with B through the multiplier, with C or PCIN to P; each behind registers or not. */
import type { Parameters } from "../netlist.ts";
import { arcs, edges, isSet, type Arc, type CellTiming, type Edge } from "./model.ts";

/** ps. `setUp`: of an input to its own register, and through what lies between to those behind it. */
export interface DspDelays {
  readonly setUp: {
    readonly own: number;
    readonly control: number;
    readonly adder: number;
    readonly multiplier: number;
    readonly preAdder: number;
    readonly result: number;
    readonly sum: number;
    readonly cascade: number;
  };
  /** From the clock to P, by the register that comes last. */
  readonly launch: {
    readonly result: number;
    readonly product: number;
    readonly sum: number;
    readonly operand: number;
    readonly preAdder: number;
  };
  /** From an input to P without a register between. */
  readonly through: {
    readonly operand: number;
    readonly preAdder: number;
    readonly sum: number;
    readonly cascade: number;
  };
  /** PCOUT behind P. */
  readonly cascadeOut: number;
}

/** An input, the registers that stand before P, and the times to them and through. */
interface Input {
  readonly pins: readonly string[];
  /** Registers in order, with the set-up time to each. */
  readonly registers: readonly (readonly [string, number])[];
  readonly through: number;
}

export function dsp48(parameters: Parameters, delays: DspDelays): CellTiming {
  const { cascadeOut, launch, setUp, through } = delays;
  const adds =
    isSet(parameters, "USE_DPORT") || parameters["AMULTSEL"] === "AD" || parameters["BMULTSEL"] === "AD";
  const pre = adds ? setUp.preAdder : 0;
  const toProduct = (own: string, more: number): Input["registers"] => [
    [own, setUp.own],
    ...(more > 0 ? [["ADREG", setUp.adder] as const] : []),
    ["MREG", setUp.multiplier + more],
    ["PREG", setUp.result + more],
  ];
  const operand = adds ? through.preAdder : through.operand;
  const inputs: readonly Input[] = [
    { pins: ["A"], registers: toProduct("AREG", pre), through: operand },
    { pins: ["B"], registers: toProduct("BREG", 0), through: through.operand },
    { pins: ["D"], registers: toProduct("DREG", setUp.preAdder), through: through.preAdder },
    {
      pins: ["C"],
      registers: [
        ["CREG", setUp.own],
        ["PREG", setUp.sum],
      ],
      through: through.sum,
    },
    { pins: ["PCIN"], registers: [["PREG", setUp.cascade]], through: through.cascade },
    {
      pins: ["OPMODE", "ALUMODE", "CARRYIN"],
      registers: [
        ["OPMODEREG", setUp.own],
        ["PREG", setUp.sum],
      ],
      through: through.sum,
    },
    { pins: ["INMODE"], registers: toProduct("INMODEREG", pre), through: operand },
  ];
  const captures: Edge[] = [...edges(controls, setUp.control)];
  const paths: Arc[] = [];
  for (const { pins, registers, through: ps } of inputs) {
    const first = registers.find(([register]) => isSet(parameters, register));
    if (first !== undefined) captures.push(...edges(pins, first[1]));
    else paths.push(...arcs(pins, ["P"], ps), ...arcs(pins, ["PCOUT"], ps + cascadeOut));
  }
  const last = lastRegister(parameters, launch);
  const launches = last === undefined ? [] : [...edges(["P"], last), ...edges(["PCOUT"], last + cascadeOut)];
  return { arcs: paths, launches, captures };
}

/** Enables and resets of the registers. */
const controls = [
  ...[
    "CEA1",
    "CEA2",
    "CEAD",
    "CEALUMODE",
    "CEB1",
    "CEB2",
    "CEC",
    "CECARRYIN",
    "CECTRL",
    "CED",
    "CEINMODE",
    "CEM",
    "CEP",
  ],
  ...["RSTA", "RSTALLCARRYIN", "RSTALUMODE", "RSTB", "RSTC", "RSTCTRL", "RSTD", "RSTINMODE", "RSTM", "RSTP"],
];

/** The slowest way from a register to P that no other register cuts. */
function lastRegister(parameters: Parameters, launch: DspDelays["launch"]): number | undefined {
  const has = (register: string): boolean => isSet(parameters, register);
  if (has("PREG")) return launch.result;
  const times = [
    ...(has("CREG") ? [launch.sum] : []),
    ...(has("MREG") ? [launch.product] : []),
    ...(!has("MREG") && has("ADREG") ? [launch.operand] : []),
    ...(!has("MREG") && !has("ADREG") && (has("AREG") || has("DREG")) ? [launch.preAdder] : []),
    ...(!has("MREG") && has("BREG") ? [launch.operand] : []),
  ];
  return times.length === 0 ? undefined : Math.max(...times);
}
