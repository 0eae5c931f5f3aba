import { readFile } from "node:fs/promises";
import { InputError } from "../ir/errors.ts";

export const READABLE_INPUTS = "a JPEG, PNG or BMP picture, or a raw .bin tensor in the model's input type";

/** The bytes of an input file; an InputError says what is wrong when there are none. */
export async function readBytes(path: string): Promise<Buffer> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new InputError(explain(path, (error as NodeJS.ErrnoException).code ?? String(error)));
  }
  if (bytes.length > 0) return bytes;
  throw new InputError({
    code: "empty-file",
    node: path,
    found: "an empty file",
    supported: READABLE_INPUTS,
    fix: "write the file again, it holds no bytes",
  });
}

function explain(path: string, code: string) {
  const supported = READABLE_INPUTS;
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return { code: "missing-file", node: path, found: "no such file", supported, fix: "check the path" };
    case "EISDIR":
      return {
        code: "not-a-file",
        node: path,
        found: "a directory",
        supported,
        fix: "name the files in it, for example with a shell pattern",
      };
    default:
      return {
        code: "unreadable-file",
        node: path,
        found: `a file that cannot be read (${code})`,
        supported,
        fix: "check its permissions",
      };
  }
}
