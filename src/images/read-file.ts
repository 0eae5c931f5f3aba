import { InputError } from "../ir/errors.ts";
import { readFile } from "../platform/files.ts";

export const READABLE_INPUTS = "a JPEG, PNG or BMP picture, or a raw .bin tensor in the model's input type";

/** The bytes of a file, an input unless `supported` says otherwise; an InputError says what is wrong when there are none. */
export function readBytes(path: string, supported = READABLE_INPUTS): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = readFile(path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new InputError(explain(path, code, supported));
  }
  if (bytes.length > 0) return bytes;
  throw new InputError({
    code: "empty-file",
    node: path,
    found: "an empty file",
    supported,
    fix: "write the file again, it holds no bytes",
  });
}

function explain(path: string, code: string, supported: string) {
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
