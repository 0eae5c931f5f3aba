/** Names of layers as charts show them: without what all have in common, and no longer than there is room. */

/** What all names begin with, up to the end of a word: `MobilenetV1/MobilenetV1/`; empty where they have nothing in common. */
export function commonPrefix(names: readonly string[]): string {
  const [first = "", ...others] = names;
  if (others.length === 0) return "";
  const isShared = (length: number): boolean =>
    others.every((name) => name.startsWith(first.slice(0, length)));
  let length = first.length;
  while (!isShared(length)) length--;
  const prefix = /^.*[/.:;]/s.exec(first.slice(0, length))?.[0] ?? "";
  return names.includes(prefix) ? "" : prefix;
}

const MOST = 34;

/** The same names in order, each short enough for the side of a chart. */
export function labelsOf(names: readonly string[]): readonly string[] {
  const { length } = commonPrefix(names);
  return names.map((name) => short(name.slice(length)));
}

export const short = (name: string): string =>
  name.length > MOST ? `${name.slice(0, 6)}…${name.slice(7 - MOST)}` : name;

/** For the text of a section: what the labels leave out. */
export function prefixSentence(names: readonly string[]): string {
  const prefix = commonPrefix(names);
  return prefix === "" ? "" : ` All names begin with ${prefix}, which the chart leaves out.`;
}
