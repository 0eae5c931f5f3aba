/** A module between shift registers, so that four pins serve it: every path of it runs from a register to a register. */
import { assert } from "../../../../src/ir/errors.ts";

export interface Port {
  readonly name: string;
  readonly bits: number;
}

export interface Ports {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
}

const CLOCK = "clk_i";

/** An instance alone, of which Yosys tells the ports. */
export function instanceOf(module: string, parameters: Readonly<Record<string, number>>): string {
  const values = Object.entries(parameters).map(([name, value]) => `.${name}(${value})`);
  return `module harness;\n  ${module} #(${values.join(", ")}) u_module ();\nendmodule\n`;
}

/** `ports`: the module's, with the clock. */
export function harnessOf(
  module: string,
  parameters: Readonly<Record<string, number>>,
  { inputs, outputs }: Ports,
): string {
  assert(
    inputs.some(({ name }) => name === CLOCK),
    `${module} has ${CLOCK}`,
  );
  const data = inputs.filter(({ name }) => name !== CLOCK);
  const width = (ports: readonly Port[]): number => ports.reduce((sum, { bits }) => sum + bits, 0);
  const [ins, outs] = [width(data), width(outputs)];
  const values = Object.entries(parameters).map(([name, value]) => `.${name}(${value})`);
  const connections = [...slices(data, "in_q"), ...slices(outputs, "out")];
  return `module harness (input wire clk, input wire in, input wire shift, output wire so);
  reg [${ins - 1}:0] in_q;
  reg [${outs - 1}:0] out_q;
  wire [${outs - 1}:0] out;
  assign so = out_q[${outs - 1}];
  always @(posedge clk) begin
    in_q <= {in_q, in};
    out_q <= shift ? {out_q, 1'b0} : out;
  end
  ${module} #(${values.join(", ")}) u_module (
    .${CLOCK}(clk),
    ${connections.join(",\n    ")}
  );
endmodule
`;
}

/** Each port on its bits of a vector. */
function slices(ports: readonly Port[], vector: string): readonly string[] {
  let from = 0;
  return ports.map(({ bits, name }) => {
    const slice = `.${name}(${vector}[${from}+:${bits}])`;
    from += bits;
    return slice;
  });
}
