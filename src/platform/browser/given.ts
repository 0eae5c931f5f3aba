/** What a page gives to Firebrick, since a browser has no files. */
export type Content = string | Uint8Array;

/** Where Firebrick's own package lies among the files. */
export const PACKAGE_FOLDER = "/firebrick";

/** What `setUp` and `writeFile` put there, by absolute path. */
const files = new Map<string, Content>();

export interface Platform {
  /** Files of the firebrick package by their path in it, such as `templates/top.v.hbs`. */
  readonly packageFiles: Readonly<Record<string, Content>>;
}

/** To be called once, before Firebrick is used. */
export function setUp({ packageFiles }: Platform): void {
  for (const [path, content] of Object.entries(packageFiles)) files.set(`${PACKAGE_FOLDER}/${path}`, content);
}

/** Every file by its absolute path. */
export function givenFiles(): Map<string, Content> {
  return files;
}
