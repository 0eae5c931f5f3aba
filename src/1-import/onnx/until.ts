import { item } from "../../ir/known.ts";
import { NameList } from "../names.ts";
import { cutBehind } from "../until.ts";
import type { FileNode, OnnxFile } from "./file.ts";
import { isStandard } from "./operators/index.ts";
import { inOrder } from "./sort.ts";

type FileGraph = NonNullable<OnnxFile["graph"]>;

/** The file's name of an operator, or what stands in for one. */
export function nameOf(node: FileNode, index: number): string {
  return node.name || node.output[0] || `${node.opType}_${index}`;
}

/**
 * The graph up to the operators named. In a quantised network the output is what QuantizeLinear and DequantizeLinear make of
 * theirs: before, it has no integers.
 */
export function cutFile(graph: FileGraph, until: readonly string[]): FileGraph {
  const names = new NameList();
  const { nodes } = inOrder(graph.node);
  const steps = nodes.map((node, i) => ({
    name: names.unique(nameOf(node, i)),
    inputs: node.input.filter((name) => name !== ""),
    outputs: node.output.filter((name) => name !== ""),
  }));
  const reader = (output: string, operator: string) =>
    nodes.findIndex(
      ({ opType, domain, input }) => opType === operator && isStandard(domain) && input[0] === output,
    );
  const ends = until.map((name) => {
    const step = steps.find((other) => other.name === name);
    const quantize = reader(step?.outputs[0] ?? "", "QuantizeLinear");
    if (quantize < 0) return name;
    const dequantize = reader(steps[quantize]?.outputs[0] ?? "", "DequantizeLinear");
    return item(steps, dequantize < 0 ? quantize : dequantize).name;
  });
  const { kept, outputs, read } = cutBehind(steps, ends);
  return {
    ...graph,
    node: kept.map((i) => item(nodes, i)),
    input: graph.input.filter(({ name }) => read.has(name)),
    output: outputs.map((name) => ({ name, type: null })),
  };
}
