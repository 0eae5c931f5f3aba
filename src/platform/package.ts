/** Firebrick's own package. */
import { exists, readText } from "./files.ts";
import { dirname, join, pathOfUrl } from "./paths.ts";

/** Folder of Firebrick's own package.json, from the sources, from dist/ and from an installed package alike. */
export function packageRoot(): string {
  let folder = dirname(pathOfUrl(import.meta.url));
  while (!isOwnPackage(folder)) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error("no package.json named firebrick above the running code");
    folder = parent;
  }
  return folder;
}

/** A file that ships with Firebrick, such as `packagePath("hw", "rtl")`. */
export function packagePath(...parts: readonly string[]): string {
  return join(packageRoot(), ...parts);
}

/** The `version` of package.json. */
export function packageVersion(): string {
  return readPackage(packageRoot()).version;
}

function isOwnPackage(folder: string): boolean {
  return exists(join(folder, "package.json")) && readPackage(folder).name === "firebrick";
}

function readPackage(folder: string): { name: string; version: string } {
  const content: unknown = JSON.parse(readText(join(folder, "package.json")));
  const field = (name: string): string => {
    const value: unknown =
      typeof content === "object" && content !== null ? Reflect.get(content, name) : undefined;
    return typeof value === "string" ? value : "";
  };
  return { name: field("name"), version: field("version") };
}
