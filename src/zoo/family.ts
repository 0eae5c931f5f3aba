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

/** A family of one network, which is described when it is asked for. */
export function only(name: string, title: string, source: string, describe: () => Network): Family {
  return {
    pattern: name,
    title,
    source: `${source}, seeded weights`,
    names: [name],
    describe: (wanted) => (wanted === name ? describe() : undefined),
  };
}
