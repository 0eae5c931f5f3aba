/** JUnit's XML, as continuous integration reads it: a test case an input. */
import { escapes } from "../../codegen/text/languages.ts";
import type { InputReport } from "../targets/simulation.ts";
import { describeDivergence } from "./simulation-text.ts";

interface TestCase {
  readonly name: string;
  /** Why it failed; null when it did not. */
  readonly failure: string | null;
  readonly seconds: number;
}

/** What stands beside the cases, by name. */
export type Properties = Readonly<Record<string, string | number>>;

/** Each input is right when every layer was equal to the golden model. */
export function casesOf(inputs: readonly InputReport[], cyclesPerSecond: number): readonly TestCase[] {
  return inputs.map((input) => ({
    name: input.file,
    failure: input.bitExact ? null : describeDivergence(input),
    seconds: cyclesPerSecond === 0 ? 0 : input.cycles / cyclesPerSecond,
  }));
}

export function junit(suite: string, properties: Properties, cases: readonly TestCase[]): string {
  const failures = cases.filter(({ failure }) => failure !== null).length;
  const seconds = cases.reduce((sum, one) => sum + one.seconds, 0);
  const counts = `tests="${cases.length}" failures="${failures}" time="${seconds.toFixed(3)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `<testsuite name="${text(suite)}" ${counts}>`,
    "<properties>",
    ...Object.entries(properties).map(
      ([name, value]) => `<property name="${text(name)}" value="${text(String(value))}"/>`,
    ),
    "</properties>",
    ...cases.map(({ failure, name, seconds: took }) => {
      const start = `<testcase classname="${text(suite)}" name="${text(name)}" time="${took.toFixed(3)}"`;
      return failure === null
        ? `${start}/>`
        : `${start}><failure message="${text(failure)}">${text(failure)}</failure></testcase>`;
    }),
    "</testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

const text = escapes.xml.text;
