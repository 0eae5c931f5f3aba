/** Everything that the template of a kernel's module needs, with all arithmetic done. */
import { verilogNames } from "../names.ts";
import type { View } from "../render.ts";
import { joined } from "../text/code.ts";
import { verilog, verilogIdentifier } from "../text/languages.ts";
import { demandedWidths } from "./demand.ts";
import { bitsOf } from "./format.ts";
import type { Kernel } from "./kernel.ts";
import { expressionOf } from "./operator.ts";
import { signatureOf, type RenderedKernel } from "./report.ts";
import type { Schedule } from "./schedule.ts";
import { romView } from "./rom.ts";
import { signalsOf, vector } from "./signals.ts";
import { isBlockRom, type SsaNode } from "./ssa.ts";
import { item, known } from "../../src/ir/known.ts";

/** Ports and signals of the module itself, and of the handshake. */
const reserved = [
  "clk",
  "rst",
  "in_valid",
  "in_ready",
  "out_valid",
  "out_ready",
  "advance",
  "valid_q",
  "unused",
];

/** What the module makes of a name: its ports, registers, tables, and wires before they are cut. */
const derived = /_(i|o|q\d*|full|rom)$/;

export interface KernelNames {
  readonly top: string;
  /** Without `_i` and `_o`. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

export interface KernelView extends RenderedKernel {
  readonly ports: KernelNames;
  readonly view: View;
}

export function kernelView(
  kernel: Kernel,
  nodes: readonly SsaNode[],
  plan: Schedule,
  { ports, module }: { readonly ports: "stream" | "plain"; readonly module: string },
): KernelView {
  const { inputs, outputs, results } = kernel;
  const top = item(verilogNames([module]), 0);
  const named = nodes.filter((node) => node.operation !== "const" && node.operation !== "input");
  const wanted = [
    ...reserved,
    top,
    ...outputs.map(({ name }) => name),
    ...inputs.map(({ name }) => name),
    ...named.map((node) => node.name ?? `v${node.id}`),
  ];
  const all = verilogNames(wanted, (name) => derived.test(name) && !reserved.includes(name)).slice(
    reserved.length + 1,
  );
  const outputNames = all.slice(0, outputs.length);
  const inputNames = all.slice(outputs.length, outputs.length + inputs.length);
  const nodeNames = new Map(named.map((node, i) => [node, item(all, outputs.length + inputs.length + i)]));
  for (const node of nodes) if (node.operation === "input") nodeNames.set(node, item(inputNames, node.port));
  const wireNames = new Map([...nodeNames].map(([node, name]) => [node, verilogIdentifier(name)]));

  const widths = new Map(
    demandedWidths(
      nodes,
      results.map((node, i) => ({ node, bits: bitsOf(item(outputs, i).format) })),
    ),
  );
  // A port has its type's width, whatever of it is needed.
  for (const node of nodes)
    if (node.operation === "input") widths.set(node, bitsOf(item(inputs, node.port).format));
  const signals = signalsOf({ names: wireNames, widths, stageOf: plan.stageOf });

  const wires = named.map((node) => {
    const name = known(wireNames.get(node), "every wire has a name");
    const stage = known(plan.stageOf.get(node), "every node has a stage");
    const width = signals.width(node);
    const own = { name, vector: vector(width), stage };
    if (node.operation === "lookup") {
      const isBlock = isBlockRom(node);
      return { ...own, isTable: !isBlock, isBlock, isCut: false, ...romView(node, signals, stage) };
    }
    const expression = expressionOf(node, signals, stage);
    const isCut = expression.width > width;
    return {
      ...own,
      isTable: false,
      isBlock: false,
      isCut,
      computed: isCut ? verilog`${name}_full` : name,
      isDsp: kernel.usesDsp && node.operation === "mul",
      text: expression.text,
      full: vector(expression.width),
      part: width === 1 ? verilog`[0]` : verilog`[${width - 1}:0]`,
      index: verilog``,
      size: verilog``,
      entries: [],
      last: { number: 0, value: verilog`` },
    };
  });
  const finals = results.map((node, i) => ({
    name: verilogIdentifier(item(outputNames, i)),
    isLast: i === results.length - 1,
    vector: vector(bitsOf(item(outputs, i).format)),
    text: signals.read(node, bitsOf(item(outputs, i).format), plan.stages + 1),
  }));
  const stages = Array.from({ length: plan.stages }, (_, i) => ({
    number: i + 1,
    depth: item(plan.depths, i),
    wires: wires.filter((wire) => wire.stage === i + 1),
    registers: registersAfter(i + 1),
  }));

  function registersAfter(stage: number) {
    return nodes
      .filter((node) => (signals.lastRead.get(node) ?? 0) > stage && (plan.stageOf.get(node) ?? 1) <= stage)
      .map((node) => {
        const name = known(wireNames.get(node), "every wire has a name");
        const isMade = plan.stageOf.get(node) === stage;
        const made = isBlockRom(node)
          ? verilog`${name}_rom[${
              known(
                wires.find((wire) => wire.name === name),
                "a table is a wire",
              ).index
            }]`
          : name;
        const from = isMade ? made : verilog`${name}_q${stage - 1}`;
        const bits = signals.width(node);
        return { name: verilog`${name}_q${stage}`, vector: vector(bits), bits, from };
      });
  }

  const unread = inputs.flatMap((_, port) => {
    const node = nodes.find((candidate) => candidate.operation === "input" && candidate.port === port);
    return node !== undefined && signals.lastRead.has(node)
      ? []
      : [verilogIdentifier(item(inputNames, port))];
  });
  const unused = new Map(
    [
      ...signals.partlyRead.values(),
      ...unread,
      ...wires.filter(({ isCut }) => isCut).map(({ computed }) => computed),
    ].map((wire) => [String(wire), wire]),
  );
  const view = {
    isStream: ports === "stream",
    top,
    purpose: `${kernel.name}${signatureOf(kernel)}`,
    latency: plan.stages,
    lastValid: plan.stages - 1,
    isDeep: plan.stages > 1,
    shiftFrom: plan.stages - 2,
    stages,
    finals,
    inputs: inputs.map(({ format }, i) => ({
      name: verilogIdentifier(item(inputNames, i)),
      vector: vector(bitsOf(format)),
    })),
    hasRegisters: stages.some(({ registers }) => registers.length > 0),
    validVector: vector(plan.stages),
    validLast: plan.stages === 1 ? verilog`valid_q` : verilog`valid_q[${plan.stages - 1}]`,
    hasUnused: unused.size > 0,
    unused: verilog`{${joined(verilog, [verilog`1'b0`, ...unused.values()], verilog`, `)}}`,
    stageCount: plan.stages,
    validZero: verilog`${plan.stages}'h0`,
  };
  const registerBits = stages.map(({ registers }) => registers.reduce((sum, { bits }) => sum + bits, 0));
  const portNames = { top, inputs: inputNames, outputs: outputNames };
  return { ports: portNames, names: nodeNames, widths, registerBits, view };
}
