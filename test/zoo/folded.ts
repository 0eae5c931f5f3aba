import type { Network } from "../../src/ir/builder.ts";

/** Channels that batch normalisation follows: those of all layers with weights but the `plain` ones. */
export function normalisedChannels(network: Network, plain: (name: string) => boolean): number {
  return network.layers.reduce((sum, layer) => {
    const isWeighted = layer.kind === "conv" || layer.kind === "depthwise";
    return sum + (isWeighted && !plain(layer.name) ? layer.output.channels : 0);
  }, 0);
}
