/** `npm run tables`: writes docs/seed-tables.md. */
import { existsSync, writeFileSync } from "node:fs";
import { packagePath } from "../../src/platform/package.ts";
import { loadGraph } from "../../src/load.ts";
import { seedTables } from "./seed-tables.ts";

/** The authors' trained network; it lies beside the project. */
export const TRAINED = packagePath(
  "..",
  "shared",
  "models",
  "squeezenet_v1.0_deep_compression",
  "compressed_SqueezeNet.net",
);
export const PAGE = packagePath("docs", "seed-tables.md");

/** Throws Error when the trained network is not there. */
export function writeTables(): void {
  if (!existsSync(TRAINED)) throw new Error(`the tables need ${TRAINED}`);
  writeFileSync(PAGE, seedTables(loadGraph(TRAINED)));
  process.stdout.write(`wrote ${PAGE}\n`);
}
