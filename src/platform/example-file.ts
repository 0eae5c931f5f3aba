/** Files of the documentation's commands, which ship with Firebrick. */
import { exists } from "./files.ts";
import { packagePath } from "./package.ts";

/** A picture of the embedded network, a kernel. */
const example = /^(?:src\/zoo\/pictures\/examples|hw\/kernels)\/[\w-]+\.(?:png|ts)$/;

/** Where to read the path: the package's own file, where it is one of the examples and the folder has no file of that path. */
export function exampleFile(path: string): string {
  if (!example.test(path) || exists(path)) return path;
  const shipped = packagePath(path);
  return exists(shipped) ? shipped : path;
}
