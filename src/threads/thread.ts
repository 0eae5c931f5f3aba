/** What runs in a thread of `spread`. */
import { plainError } from "../ir/errors.ts";
import { known } from "../ir/known.ts";
import { answerEach, givenData } from "../platform/threads.ts";
import type { Given, Outcome } from "./spread.ts";
import type { Work } from "./work.ts";

const { module, name, setup } = givenData() as Given;
const exported = (await import(module)) as Readonly<Record<string, Work<unknown, unknown, unknown>>>;
const run = known(exported[name], `${module} exports ${name}`).start(setup);
answerEach(async (input): Promise<Outcome> => {
  try {
    return { value: await run(input) };
  } catch (error) {
    return { error: plainError(error) };
  }
});
