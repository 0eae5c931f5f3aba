import { writeFileSync } from "node:fs";
import { packagePath } from "../../src/platform/package.ts";
import { formatFiles } from "./files.ts";

/** `npm run formats`: writes every file that is made of the field tables. */
export function writeFormats(): void {
  for (const [path, text] of formatFiles()) writeFileSync(packagePath(path), text);
}
