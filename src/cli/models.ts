import { embeddedName } from "../load.ts";
import { listZoo } from "../zoo/index.ts";
import type { ZooEntry } from "../zoo/index.ts";
import { countMacs, countParameters, picturesNetwork } from "../zoo/pictures/network.ts";
import { command } from "./command.ts";
import { printJson } from "./io.ts";
import { option } from "./options.ts";
import { thousands } from "../ir/thousands.ts";
import { numbers, textTable } from "../report/text-table.ts";

export const modelsCommand = command(
  (yargs) => yargs.option("json", option.json).example("$0 models", "names that MODEL may be"),
  (args, io) => {
    const entries = [embedded(), ...listZoo()];
    if (args.json) printJson(io, { models: entries });
    else io.out(`${formatTable(entries)}\n`);
  },
);

function embedded(): ZooEntry {
  const network = picturesNetwork();
  return {
    name: embeddedName,
    description: `MobileNet v1 in miniature, ${network.inputSize}x${network.inputSize}, ${network.classes} kinds of drawings`,
    parameters: countParameters(network),
    macs: countMacs(network),
    source: "ships with Firebrick, trained weights",
  };
}

function formatTable(entries: readonly ZooEntry[]): string {
  const head = ["name", "network", numbers("MACs"), numbers("parameters"), "weights"];
  const rows = entries.map(({ name, description, macs, parameters, source }) => [
    name,
    description,
    thousands(macs),
    thousands(parameters),
    source,
  ]);
  return textTable(head, rows);
}
