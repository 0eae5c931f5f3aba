/** The functions of firebrick_host.c, each in a file of templates/board/host. */
import { render, type View } from "../../render.ts";
import type { Code } from "../../text/code.ts";

/** In the order of the file: a function behind those that it needs. */
const FUNCTIONS = {
  move: [],
  fill: [],
  reorder: [],
  pool: [],
  lines: [],
  arg: ["lines"],
  multiply: [],
  shift_right: [],
  shift_left: [],
  clamped: [],
  scaled: ["multiply", "shift_right"],
  pair: ["scaled"],
  mean: ["scaled", "clamped"],
  resize: ["shift_right"],
  shares: ["lines", "multiply", "shift_right", "shift_left"],
  softmax: ["shares", "clamped"],
  log_softmax: ["shares", "scaled", "clamped"],
  l2_normalise: ["lines", "scaled", "shift_left", "clamped"],
  detect: [],
  real_limit: [],
  real_places: [],
  real_values: [],
  real_clamp: ["real_limit"],
  real_leaky: [],
  real_steps: [],
  real_exp: [],
  real_power: [],
  real_logistic: [],
  real_tanh: [],
  real_hard_sigmoid: ["real_limit"],
  real_hard_swish: ["real_limit"],
  real_pair: ["real_limit", "real_places"],
  real_move: ["real_places"],
  real_softmax: [],
  real_products: ["real_limit"],
  real_layer: ["real_limit"],
  real_resize: [],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type HostFunction = keyof typeof FUNCTIONS;

const NAMES = Object.keys(FUNCTIONS) as readonly HostFunction[];

/** The functions that calls need, in the order of the file. */
export function functionsOf(calls: readonly Code<"c">[]): readonly HostFunction[] {
  const needed = new Set<HostFunction>();
  const need = (name: HostFunction) => {
    needed.add(name);
    FUNCTIONS[name].forEach(need);
  };
  for (const name of NAMES) if (calls.some((call) => String(call).startsWith(`${name}(`))) need(name);
  return NAMES.filter((name) => needed.has(name));
}

/** Whether any of them computes with real numbers. */
export function usesMath(functions: readonly HostFunction[]): boolean {
  return functions.some((name) => name === "detect" || name.startsWith("real_"));
}

/** firebrick_host.c. */
export function hostSource(view: View, functions: readonly HostFunction[]): string {
  return [
    render("board/host.c", "c", view),
    ...functions.map((name) => render(`board/host/${name}.c`, "c", {})),
    render("board/host/results.c", "c", view),
  ].join("");
}
