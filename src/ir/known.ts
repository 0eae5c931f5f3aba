/** For what the types cannot know and an invariant promises: outside inner loops, instead of `!` or a silent zero. */

/** Entry `index` of a list that reaches so far. Throws an internal error where it does not. */
export function item<T>(list: ArrayLike<T>, index: number): T {
  const value = list[index];
  if (value === undefined) throw new Error(`internal error: item ${index} of a list of ${list.length}`);
  return value;
}

/** The value, which `what` says is there. Throws an internal error where it is not. */
export function known<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`internal error: ${what}`);
  return value;
}

/** The last entry of a list that has one. Throws an internal error for an empty list. */
export function lastItem<T>(list: ArrayLike<T>): T {
  return item(list, list.length - 1);
}
