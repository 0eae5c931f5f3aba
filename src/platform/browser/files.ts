/** Files in a browser: those that the page gave and those that were written, in memory. */
import { textOf } from "../bytes.ts";
import { givenFiles, type Content } from "./given.ts";
import { resolve } from "./paths.ts";

export function readFile(path: string): Uint8Array {
  const content = find(path);
  return typeof content === "string" ? new TextEncoder().encode(content) : content;
}

export function readPart(path: string, offset: number, length: number): Uint8Array {
  return readFile(path).slice(offset, offset + length);
}

export function realPath(path: string): string {
  return resolve(path);
}

export function readText(path: string): string {
  const content = find(path);
  return typeof content === "string" ? content : textOf(content);
}

export function exists(path: string): boolean {
  return kindOf(path) !== "nothing";
}

export function kindOf(path: string): "file" | "folder" | "other" | "nothing" {
  if (givenFiles().has(resolve(path))) return "file";
  return namesIn(path).length > 0 ? "folder" : "nothing";
}

export function listFolder(path: string): string[] {
  const names = namesIn(path);
  if (names.length === 0) throw new MissingFileError(path);
  return names;
}

export function writeFile(path: string, content: Content): void {
  givenFiles().set(resolve(path), content);
}

export function removeFile(path: string): void {
  givenFiles().delete(resolve(path));
}

function namesIn(folder: string): string[] {
  const absolute = resolve(folder);
  const start = absolute === "/" ? absolute : `${absolute}/`;
  const inside = [...givenFiles().keys()].filter((path) => path.startsWith(start));
  return [...new Set(inside.map((path) => path.slice(start.length).replace(/\/[^]*/, "")))].sort();
}

function find(path: string): Content {
  const content = givenFiles().get(resolve(path));
  if (content === undefined) throw new MissingFileError(path);
  return content;
}

/** As Node tells it. */
class MissingFileError extends Error {
  readonly code = "ENOENT";

  constructor(path: string) {
    super(`ENOENT: no such file or directory, open '${path}'`);
  }
}
