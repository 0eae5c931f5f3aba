/** Firebrick's own package. */
import { readText } from "./files.ts";
import { join } from "./paths.ts";
import { packageRoot } from "./root.ts";

export { packageRoot };

/** A file that ships with Firebrick, such as `packagePath("hw", "rtl")`. */
export function packagePath(...parts: readonly string[]): string {
  return join(packageRoot(), ...parts);
}

/** The `version` of package.json. */
export function packageVersion(): string {
  const content = JSON.parse(readText(packagePath("package.json"))) as { readonly version: string };
  return content.version;
}
