import type { Layer, Network, NetworkMap } from "../ir/builder.ts";

/** The network with the kernel in place of every activation. `kernel`: an ActivationName, its file absolute. */
export function withActivation(network: Network, kernel: string): Network {
  const maps: NetworkMap[] = [...network.maps];
  const layers = network.layers.flatMap((layer): Layer[] => {
    if (layer.kind === "activation") return [{ ...layer, kernel }];
    if (!("activation" in layer) || layer.activation === "none") return [layer];
    const before = { ...layer.output, index: maps.length };
    maps.push(before);
    const { name, output } = layer;
    return [
      { ...layer, output: before, activation: "none" },
      { kind: "activation", name: `${name}/activation`, input: before, output, kernel },
    ];
  });
  return { ...network, maps, layers };
}
