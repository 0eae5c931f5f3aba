import { PACKAGE_FOLDER } from "./given.ts";

export function packageRoot(): string {
  return PACKAGE_FOLDER;
}
