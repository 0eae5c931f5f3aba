/** Names of a network's classes. */
import { InputError } from "../ir/errors.ts";
import { exists, readText } from "../platform/files.ts";
import { dirname, extname, join } from "../platform/paths.ts";
import { backgroundShift } from "./background.ts";
import { fieldsOf } from "./csv.ts";

const FORMS =
  "a name a line (.txt), an array of names or names by class (.json), FILE,CLASS,NAME or CLASS,NAME a line (.csv)";

/** Names by class, counted from 0. */
type Names = ReadonlyMap<number, string>;

/**
 * The names in a file that the user names, one a class; a class that the file leaves out is called by its number.
 * Throws InputError: unreadable-file, broken-labels, label-count.
 */
export function readClassNames(path: string, classes: number): readonly string[] {
  return classNames(parse(path, readNames(path)), path, classes);
}

/** The names that a list of labelled pictures gives its classes; undefined where it has none. */
export function namesInList(path: string, classes: number): readonly string[] | undefined {
  const names = namesOfRows(readNames(path));
  return names.size === 0 ? undefined : classNames(names, path, classes);
}

/** Names that are given as such. Throws InputError: label-count. */
export function givenClassNames(names: readonly string[], classes: number): readonly string[] {
  return classNames(new Map(names.entries()), "labels", classes);
}

/**
 * Names of as many classes as the network has, from a file beside it: `labels.txt` (one a line), `labels.json` (an array) or
 * `meta.json` (`class_names`); undefined when none holds that many.
 */
export function namesBeside(model: string, classes: number | undefined): readonly string[] | undefined {
  const folder = dirname(model);
  const text = join(folder, "labels.txt");
  const candidates = [
    exists(text) ? linesOf(readText(text)) : undefined,
    jsonBeside(join(folder, "labels.json")),
    fieldOf(jsonBeside(join(folder, "meta.json")), "class_names"),
  ];
  return candidates.filter(isNames).find((names) => names.length === classes);
}

/** One name a class, the background in front where only the network counts it. */
function classNames(names: Names, path: string, classes: number): readonly string[] {
  const last = Math.max(-1, ...names.keys());
  const shift = last + 1 < classes ? backgroundShift(classes) : 0;
  const isWhole = names.size === last + 1;
  const isSparse = !isWhole && last + shift < classes;
  if (names.size > 0 && (isSparse || last + 1 + shift === classes))
    return Array.from({ length: classes }, (_, index) =>
      index < shift ? "background" : (names.get(index - shift) ?? String(index)),
    );
  throw new InputError({
    code: "label-count",
    node: path,
    found: isWhole ? `${names.size} names` : `a name of class ${last}`,
    supported: `as many names as the network has classes, ${classes}`,
    fix: "give the names that the network was trained with",
  });
}

function parse(path: string, text: string): Names {
  const ending = extname(path).toLowerCase();
  if (ending === ".csv") return namesOfRows(text);
  if (ending !== ".json") return new Map(linesOf(text).entries());
  const value = parseJson(path, text, FORMS, "mend the file");
  const list = fieldOf(value, "class_names") ?? value;
  if (isNames(list)) return new Map(list.entries());
  const entries = typeof list === "object" && list !== null ? Object.entries(list) : [];
  // ImageNet's own: { "0": ["n01440764", "tench"] }
  const named = entries.map(([key, name]): [number, unknown] => [
    /^\d{1,6}$/.test(key) ? Number(key) : -1,
    Array.isArray(name) ? (name as unknown[]).at(-1) : name,
  ]);
  const sound = named.filter(
    (entry): entry is [number, string] => entry[0] >= 0 && typeof entry[1] === "string",
  );
  if (sound.length > 0 && sound.length === entries.length) return new Map(sound);
  throw new InputError({
    code: "broken-labels",
    node: path,
    found: "JSON of another form",
    supported: FORMS,
    fix: "mend the file",
  });
}

/** FILE,CLASS,NAME or CLASS,NAME; other rows have no name. */
function namesOfRows(text: string): Names {
  const rows = text.split(/\r?\n/).map(fieldsOf);
  return new Map(
    rows.flatMap((row): [number, string][] => {
      const [number = "", name = ""] = row.length > 2 ? row.slice(1) : row;
      return /^\d{1,6}$/.test(number) && name !== "" && !row[0]?.startsWith("#")
        ? [[Number(number), name]]
        : [];
    }),
  );
}

function linesOf(text: string): readonly string[] {
  return text.trimEnd().split(/\r?\n/);
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((name) => typeof name === "string");
}

function readNames(path: string): string {
  try {
    return readText(path);
  } catch (error) {
    throw new InputError({
      code: "unreadable-file",
      node: path,
      found: error instanceof Error ? error.message : String(error),
      supported: FORMS,
      fix: "check the path",
    });
  }
}

function jsonBeside(path: string): unknown {
  if (!exists(path)) return undefined;
  return parseJson(path, readText(path), "JSON", "mend the file or move it away from the model");
}

function parseJson(node: string, text: string, supported: string, fix: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    throw new InputError({ code: "broken-labels", node, found, supported, fix });
  }
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
