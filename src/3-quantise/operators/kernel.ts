/** A kernel as the activation of a layer. */
import type { KernelNode } from "../../ir/graph.ts";
import type { IntActivation, IntLookup, IntMap } from "../../ir/integer.ts";
import { intBase, mapOf, report } from "../context.ts";
import type { LowerContext } from "../context.ts";
import { dequantisedTable } from "../function-tables.ts";
import { lookupOf } from "./lookup.ts";

/**
 * The kernel's function for every value; in a quantised network from ONNX, whose maps have any scales, the function that it
 * stands for, as a table. Maps of another scale than the kernel's are reported.
 */
export function lowerKernel(node: KernelNode, context: LowerContext): IntActivation | IntLookup | null {
  const { real } = node.kernel;
  if (context.graph.arithmetic === "onnx" && real !== null)
    return lookupOf(node, context, (input, map) => dequantisedTable(real, input, map));
  const input = mapOf(context, node.inputs[0]);
  const output = mapOf(context, node.output);
  const { kernel } = node;
  if (!input || !output) return null;
  const wrong = (map: IntMap, places: number) => {
    if (map.scale === 2 ** -places && map.zeroPoint === 0) return false;
    const found = `${map.name} of scale ${map.scale} and zero point ${map.zeroPoint}`;
    const supported = `${places} binary places (scale ${2 ** -places}, zero point 0), as ${kernel.name} has them`;
    const fix = "quantise the network with firebrick quantize, or change the kernel's @places";
    report(context, "unsupported-quantization", node.name, found, supported, fix);
    return true;
  };
  const { operand, result } = kernel.places;
  if ([wrong(input, operand), wrong(output, result)].includes(true)) return null;
  return { kind: "activation", ...intBase(context, node, [input.id]), kernel };
}
