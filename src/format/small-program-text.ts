/** A small engine's network in words, by the labels of its tables. */
import { part } from "./program-text.ts";
import type { SmallMove, SmallProgram, SmallProgramLayer } from "./read-small-program.ts";
import { constantWords, moveNames } from "./small-program.ts";

/** Every layer: what its moves add, its constants, how many words of parameters and weights follow. */
export function formatSmallProgram(file: string, { bytes, layers }: SmallProgram): string {
  const count = `${layers.length} ${layers.length === 1 ? "layer" : "layers"}`;
  const lines = [
    `${file}: a network of ${bytes} bytes for a small engine: ${count}; constants that are zero are left out`,
    ...layers.flatMap((layer, index) => ["", `layer ${index}`, ...layerLines(layer)]),
  ];
  return `${lines.join("\n")}\n`;
}

function layerLines({ constants, moves, packets }: SmallProgramLayer): readonly string[] {
  const words = new Map<string, number>();
  for (const { kind, length } of packets) words.set(kind, (words.get(kind) ?? 0) + length);
  return [
    "  moves",
    ...moves.map((move, index) => `    ${moveNames[index] ?? ""}: ${moveText(move)}`),
    ...part("constants", constantWords, constants),
    "  16-bit words behind it",
    `    ${[...words].map(([kind, length]) => `${kind} ${length}`).join(", ")}`,
  ];
}

const moveText = ({ address, column, row }: SmallMove): string =>
  `address ${address}, column ${column}, row ${row}`;
