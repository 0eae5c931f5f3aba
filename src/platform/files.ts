/** Files by path. A call that fails throws the system's own error, which has a `code` such as ENOENT. */
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";

export function readFile(path: string): Uint8Array {
  return readFileSync(path);
}

/** `length` bytes from `offset` on; fewer where the file ends before. */
export function readPart(path: string, offset: number, length: number): Uint8Array {
  const file = openSync(path, "r");
  try {
    const inFile = Math.max(0, Math.min(length, statSync(path).size - offset));
    const bytes = new Uint8Array(inFile);
    let read = 0;
    while (read < inFile) {
      const count = readSync(file, bytes, read, inFile - read, offset + read);
      if (count === 0) break;
      read += count;
    }
    return bytes.subarray(0, read);
  } finally {
    closeSync(file);
  }
}

/** Without links. */
export function realPath(path: string): string {
  return realpathSync(path);
}

/** In UTF-8. */
export function readText(path: string): string {
  return readFileSync(path, "utf8");
}

/** Whether there is a file or a folder. */
export function exists(path: string): boolean {
  return existsSync(path);
}

/** What is there; `other`: a device or a socket. */
export function kindOf(path: string): "file" | "folder" | "other" | "nothing" {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return "nothing";
  if (stat.isFile()) return "file";
  return stat.isDirectory() ? "folder" : "other";
}

/** Names of the files and folders in a folder. */
export function listFolder(path: string): string[] {
  return readdirSync(path);
}

/** Makes the folders above it as needed. */
export function writeFile(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** Also where there is none. */
export function removeFile(path: string): void {
  rmSync(path, { force: true });
}
