/**
 * The contract of streams, for any module that has some: what an output offers stays until it is taken, as long as that holds of the
 * inputs. Pairs of ports are found by their names: GROUP_valid_o with GROUP_ready_i and GROUP_*, m_axi_awvalid with m_axi_awready.
 */

interface Port {
  readonly direction: "input" | "output";
  /** As the source has it, `[7:0]`, or empty. */
  readonly range: string;
  readonly name: string;
}

interface Stream {
  readonly valid: string;
  readonly ready: string;
  readonly payload: readonly string[];
}

/** Ports of a module of hw/rtl in the style that all have. */
export function portsOf(verilog: string): readonly Port[] {
  return [
    ...verilog.matchAll(/^\s+(input|output)\s+(?:wire|reg)\s*(\[[^\]]+\])?\s*(\w+)\s*,?\s*(?:\/\/.*)?$/gm),
  ].map(([, direction, range = "", name = ""]) => ({
    direction: direction as Port["direction"],
    range,
    name,
  }));
}

/** Streams that leave the module, or of `direction` input those that enter it. */
export function streamsOf(
  ports: readonly Port[],
  direction: Port["direction"] = "output",
): readonly Stream[] {
  const [own, other] = direction === "output" ? ["_o", "_i"] : ["_i", "_o"];
  return ports.flatMap(({ direction: of, name }) => {
    const group = /^(.*?)valid(_[io])?$/.exec(name)?.[1];
    if (of !== direction || group === undefined) return [];
    const isAxi = !name.endsWith(own);
    const ready = isAxi ? `${group}ready` : `${group}ready${other}`;
    if (!ports.some((port) => port.name === ready)) return [];
    const payload = ports.filter(
      (port) => port.direction === direction && port.name !== name && port.name.startsWith(group),
    );
    return [{ valid: name, ready, payload: payload.map((port) => port.name) }];
  });
}

export interface ContractOptions {
  /** Others have the module's own values. */
  readonly parameters: Readonly<Record<string, number>>;
  /** Of the module's surroundings, beside streams that stay: expressions that are assumed to hold. */
  readonly assumed?: readonly string[];
  /** Inputs that change at a reset alone. */
  readonly constant?: readonly string[];
}

/** A module `contract_NAME` around the module, with the contract of its streams. */
export function contractOf(module: string, verilog: string, options: ContractOptions): string {
  const { assumed = [], constant = [] } = options;
  const ports = portsOf(verilog);
  const [leave, enter] = [streamsOf(ports), streamsOf(ports, "input")];
  const own = [...verilog.matchAll(/^\s+parameter\s+(\w+)\s*=\s*(\d+)/gm)].map(
    ([, name = "", value = ""]) => [name, Number(value)],
  );
  const parameters = { ...(Object.fromEntries(own) as Record<string, number>), ...options.parameters };
  const declared = ports.map(({ direction, name, range }) => `    ${direction} wire ${range} ${name}`);
  const constants = Object.entries(parameters).map(([name, value]) => `    parameter ${name} = ${value}`);
  const has = (name: string) => ports.some((port) => port.name === name);
  const clear = ["rst_i", "clear_i"].filter(has).join(" || ");
  const rangeOf = (name: string) => ports.find((port) => port.name === name)?.range ?? "";
  const rule = (word: "assert" | "assume", { payload, ready, valid }: Stream): string => {
    const same = [valid, ...payload.map((name) => `${name} == before_${name}`)].join(" && ");
    return [
      `  reg waits_${valid} = 1'b0;`,
      ...payload.map((name) => `  reg ${rangeOf(name)} before_${name};`),
      "  always @(posedge clk_i) begin",
      `    waits_${valid} <= !(${clear}) && ${valid} && !${ready};`,
      ...payload.map((name) => `    before_${name} <= ${name};`),
      "  end",
      `  always @* if (waits_${valid} && !(${clear})) ${word} (${same});`,
    ].join("\n");
  };
  return [
    `module contract_${module}${constants.length > 0 ? ` #(\n${constants.join(",\n")}\n)` : ""} (`,
    declared.join(",\n"),
    ");",
    `  ${module}${
      Object.keys(parameters).length > 0
        ? ` #(${Object.keys(parameters)
            .map((name) => `.${name}(${name})`)
            .join(", ")})`
        : ""
    } u_dut (`,
    ports.map(({ name }) => `      .${name}(${name})`).join(",\n"),
    "  );",
    "  reset_first u_reset (.clk_i(clk_i), .rst_i(rst_i));",
    ...leave.map((stream) => rule("assert", stream)),
    ...enter.map((stream) => rule("assume", stream)),
    ...constant.flatMap((name) => [
      `  reg ${rangeOf(name)} first_${name};`,
      `  always @(posedge clk_i) first_${name} <= ${name};`,
      `  always @* if (!(${clear})) assume (${name} == first_${name});`,
    ]),
    ...assumed.map((expression) => `  always @* assume (${expression});`),
    "endmodule",
    "",
  ].join("\n");
}
