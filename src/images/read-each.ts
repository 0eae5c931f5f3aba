import { InputError, type Problem } from "../ir/errors.ts";

/** What `read` gives for each file, one after the other. Throws InputError with the problems of all of them. */
export async function readEach<T>(
  files: readonly string[],
  read: (file: string) => Promise<T> | T,
): Promise<T[]> {
  const results: T[] = [];
  const problems: Problem[] = [];
  for (const file of files) {
    try {
      results.push(await read(file));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new InputError(problems);
  return results;
}
