/** What a page gives to Firebrick, since a browser has neither files nor a hash that answers at once. */
import { UnavailableError } from "../unavailable.ts";

export type Content = string | Uint8Array;

/** Where Firebrick's own package lies among the files. */
export const PACKAGE_FOLDER = "/firebrick";

/** The page's one machine: what `setUp` and `writeFile` put there. */
const machine: { readonly files: Map<string, Content>; sha256: Platform["sha256"] | null } = {
  files: new Map(),
  sha256: null,
};

export interface Platform {
  /** Files of the firebrick package by their path in it, such as `templates/top.v.hbs`. */
  readonly packageFiles: Readonly<Record<string, Content>>;
  /** SHA-256 of the bytes, 32 bytes. */
  readonly sha256: (bytes: Uint8Array) => Uint8Array;
}

/** To be called once, before Firebrick is used. */
export function setUp({ packageFiles, sha256 }: Platform): void {
  for (const [path, content] of Object.entries(packageFiles))
    machine.files.set(`${PACKAGE_FOLDER}/${path}`, content);
  machine.sha256 = sha256;
}

/** Every file by its absolute path. */
export function givenFiles(): Map<string, Content> {
  return machine.files;
}

export function givenHash(): Platform["sha256"] {
  if (machine.sha256 !== null) return machine.sha256;
  throw new UnavailableError("a hash", "give one to setUp of firebrick/browser");
}
