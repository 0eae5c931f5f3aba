/** MODEL as a TypeScript file that exports a network. */
import { resolveActivation } from "../ir/activation-kernel.ts";
import type { Layer, Network } from "../ir/builder.ts";
import { InputError } from "../ir/errors.ts";
import * as builder from "../network/index.ts";
import { exists } from "../platform/files.ts";
import { dirname, resolve } from "../platform/paths.ts";
import { checkTypes } from "../typescript/check-types.ts";
import { SourceError } from "../typescript/diagnostic.ts";
import { withinStack } from "../typescript/nesting.ts";
import { runFile } from "../typescript/run-file.ts";

/**
 * The network that the file exports as `default` or `network`. Throws SourceError with every complaint of TypeScript's, and
 * InputError for what shows only when the file runs, with the line.
 */
export function readNetworkFile(path: string): Network {
  if (!exists(path)) throw refused(path, "no such file", "check the path");
  const exported = withinStack(path, "a network", () => {
    const { complaints } = checkTypes(path, "firebrick/network");
    if (complaints.length > 0) throw new SourceError("a network", complaints);
    return runFile({ path, modules: { "firebrick/network": builder }, refused });
  });
  const network = exported["default"] ?? exported["network"];
  if (!isNetwork(network)) {
    const names = Object.keys(exported).join(", ") || "nothing";
    throw refused(path, `exports ${names}`, "export default buildNetwork(...).finish(...)");
  }
  // Files of kernels are named from the network's own folder.
  const folder = dirname(resolve(path));
  const layers = network.layers.map((layer): Layer =>
    layer.kind === "activation" ? { ...layer, kernel: resolveActivation(layer.kernel, folder) } : layer,
  );
  return { ...network, layers };
}

function isNetwork(value: unknown): value is Network {
  return (
    typeof value === "object" && value !== null && "layers" in value && "maps" in value && "input" in value
  );
}

function refused(node: string, found: string, fix: string): InputError {
  return new InputError({
    code: "broken-network",
    node,
    found,
    supported: "a TypeScript file that exports a network as default",
    fix,
  });
}
