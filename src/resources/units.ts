/** The accelerator's parts as its user knows them, by the instance names of the Verilog. */

/** Modules that only wire others, and branches in them; a line buffer and the kernels behind the lanes are such branches. */
const wiring =
  /^((u_(accelerator|run|reads|compute|steps|operands|lanes|results)|gen_(?!buffer|activation)\w+(\[\d+\])?)(\.|$))+/;

/** Instance name (without `u_`) of a part; the longest path decides, so that the array's own logic is apart from its lanes'. */
const names: readonly (readonly [RegExp, string])[] = [
  [/^u_array\..*\.(gen_selectors|u_patches|u_select|u_next_address)\b/, "sparse steps"],
  [/^u_weight_loader\.gen_decoder\b/, "sparse steps"],
  [/^u_array\..*\.gen_weights/, "weight ring"],
  [/^u_sequencer\..*\.u_groups\b/, "sparse steps"],
  [/^u_array\..*\.u_(bias|scale)\b/, "parameter ring"],
  [/^u_array\..*\.u_window/, "window shifters"],
  [/^u_array\..*\.u_requant/, "requantisers"],
  [/^u_array\..*\.u_(mac|product)/, "multipliers"],
  [/^u_array/, "array control"],
  [/^gen_activation\b/, "activations"],
  [/^u_(table|to_table|weight_loader\.gen_tables\.u_tables)\b/, "tables"],
  [/^u_(control|place|bases|stop|done)\b/, "control registers"],
  [/^u_(to_b|to_c|words_b|words_c|row_select|column_select)\b/, "operand select"],
  [/^u_(weight_loader|release)\b/, "weight loader"],
  [/^u_packer\b/, "patch packer"],
  [/^u_row_writer\.u_output\b/, "output queue"],
  [/^u_residual_buffer/, "residual buffer"],
  [/^u_residual/, "residual add"],
  [/^u_max_pool/, "max pool"],
];

/** The same for the small engine, behind the board's top. */
const smallNames: readonly (readonly [RegExp, string])[] = [
  [/\.u_array\b/, "array"],
  [/\.u_scaler\b/, "scalers"],
  [/\.u_digits\b/, "scaler multipliers"],
  [/\.u_shifts\b/, "shifts"],
  [/\.u_bias\b/, "biases"],
  [/\.u_weights\b/, "weight ring"],
  [/\.u_program\.u_(low|high)\b/, "descriptors"],
  [/\.u_maps\b/, "maps"],
  [/\.u_reader\b/, "flash reader"],
  [/\.u_(loader|walker|rounder)\b/, "$1"],
  [/\.u_engine\b/, "engine control"],
  [/\.u_host\b/, "picture and answer"],
  [/\.u_[rt]x\b/, "serial line"],
];

/** Part of a small engine; everything outside the system is the board's. */
export function smallUnitOf(path: string): string {
  for (const [pattern, name] of smallNames) {
    const found = pattern.exec(path);
    if (found) return name.replace("$1", found[1] ?? "");
  }
  return "board";
}

/** True for what belongs to no part: the top, and what only wires others. `path` as that of `unitOf`. */
export function isWiring(path: string): boolean {
  return path.replace(wiring, "") === "";
}

/** `path`: instance names from the top, joined by dots; the top itself is "". */
export function unitOf(path: string): string {
  if (isWiring(path)) return "wiring";
  const part = path.replace(wiring, "");
  const named = names.find(([pattern]) => pattern.test(part));
  if (named) return named[1];
  const buffer = /^gen_buffer\[(\d)\]/.exec(part);
  if (buffer) return `line buffer ${buffer[1]}`;
  return (/^u_(\w+)/.exec(part)?.[1] ?? part).replaceAll("_", " ");
}
