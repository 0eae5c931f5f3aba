import type { Network } from "../ir/builder.ts";

/** Networks that differ in a few numbers, all of which their names spell out. */
export interface Family {
  /** How to write a name of this family, for messages. */
  readonly pattern: string;
  readonly title: string;
  readonly source: string;
  /** The names that are listed; `describe` may know more. */
  readonly names: readonly string[];
  /** The network of that name, undefined when the name belongs to no network of the family. */
  readonly describe: (name: string) => Network | undefined;
}
