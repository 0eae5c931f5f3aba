import { readFileSync, readdirSync } from "node:fs";
import { extname, join } from "node:path";
import { InputError } from "../ir/errors.ts";

const ENDINGS = new Set([".jpg", ".jpeg", ".png", ".bmp", ".bin"]);

/**
 * Paths of the calibration inputs, pictures or raw tensors: those that `list` names, in its order, else all in `folder` by name.
 * A list has one name a line, relative to the folder; of a CSV the first column counts. Empty lines, comments (#) and a
 * header without an input's ending are skipped. Throws InputError.
 */
export function calibrationFiles(folder: string, list: string | undefined): string[] {
  let names: string[];
  try {
    names =
      list === undefined ? readdirSync(folder).filter(isInput).sort() : namesIn(readFileSync(list, "utf8"));
  } catch (error) {
    throw new InputError({
      code: "unreadable-file",
      node: list ?? folder,
      found: error instanceof Error ? error.message : String(error),
      supported: list === undefined ? "a folder of pictures or raw tensors" : "a text file of their names",
      fix: "check the path",
    });
  }
  if (names.length > 0) return names.map((name) => join(folder, name));
  throw new InputError({
    code: "no-pictures",
    node: list ?? folder,
    found: "no pictures and no raw tensors",
    supported: "JPEG, PNG and BMP pictures, or raw tensors (.bin), by their ending",
    fix: "give a hundred pictures or more, like those the network will see",
  });
}

function isInput(name: string): boolean {
  return ENDINGS.has(extname(name).toLowerCase());
}

function namesIn(list: string): string[] {
  const fields = list
    .split(/\r?\n/)
    .map((line) => (line.split(",")[0] ?? "").trim().replace(/^"(.*)"$/, "$1"));
  return fields.filter((name, i) => name !== "" && !name.startsWith("#") && (i > 0 || isInput(name)));
}
