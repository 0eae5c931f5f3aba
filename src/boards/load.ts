/** Boards by name from hw/boards, or from a file of the user's own. */
import { InputError } from "../ir/errors.ts";
import { nearest } from "../ir/nearest.ts";
import { exists, listFolder, readText } from "../platform/files.ts";
import { packagePath } from "../platform/package.ts";
import { basename, join } from "../platform/paths.ts";
import { boardSchema, type Board } from "./schema.ts";

/** Names of the boards that come with Firebrick, sorted. */
export function boardNames(): readonly string[] {
  return listFolder(packagePath("hw", "boards"))
    .filter((file) => file.endsWith(".json"))
    .map((file) => basename(file, ".json"))
    .sort();
}

/** Every board that comes with Firebrick, the one with the fewest DSP blocks first. */
export function knownBoards(): readonly Board[] {
  const boards = boardNames().map((name) => readBoard(packagePath("hw", "boards", `${name}.json`)));
  return boards.sort((a, b) => a.resources.dsp.value - b.resources.dsp.value);
}

/** `text`: a board's name, or the path of a .json file. Throws InputError. */
export function boardByName(text: string): Board {
  if (text.endsWith(".json")) return readBoard(text);
  const names = boardNames();
  if (names.includes(text)) return readBoard(packagePath("hw", "boards", `${text}.json`));
  throw new InputError({
    code: "unknown-board",
    node: "--board",
    found: `"${text}"`,
    supported: `${names.join(", ")}, or the path of a board's .json file`,
    fix: `did you mean ${nearest(text, names, 1).join(", ")}? Choose one of these, or describe the board in a file of your own as docs/boards.md shows`,
  });
}

/** Throws InputError with everything that is wrong with the file. */
function readBoard(path: string): Board {
  if (!exists(path))
    throw new InputError({
      code: "missing-file",
      node: path,
      found: "no such file",
      supported: "a board's .json file",
      fix: "check the path",
    });
  const parsed = boardSchema.safeParse(parseJson(path));
  if (parsed.success) return parsed.data;
  throw new InputError(
    parsed.error.issues.map(({ message, path: field }) => ({
      code: "board-file",
      node: path,
      found: `${field.length === 0 ? "the whole file" : field.join(".")}: ${message}`,
      supported: "the fields of docs/boards.md, each figure with its source",
      fix: `start from ${join("hw", "boards", "arty-a7-100t.json")}`,
    })),
  );
}

function parseJson(path: string): unknown {
  try {
    return JSON.parse(readText(path));
  } catch (error) {
    throw new InputError({
      code: "board-file",
      node: path,
      found: error instanceof Error ? error.message : String(error),
      supported: "JSON",
      fix: "correct the file",
    });
  }
}
