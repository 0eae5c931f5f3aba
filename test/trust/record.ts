/** The runs of campaigns that docs/trust.md shows: each campaign leaves its last line here, `npm run trust` gathers them. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packagePath } from "../../src/platform/package.ts";

/** What became of the runs of one kind of disturbance. */
export interface Outcomes {
  /** Nothing was lost. */
  readonly exact: number;
  /** A register told, and the next start gave the right result. */
  readonly detected: number;
  /** The watchdog told, and the next start behind a reset gave the right result. */
  readonly reset: number;
  /** A wrong result that nobody told, or no recovery. */
  readonly failed: number;
}

export interface Run {
  readonly command: string;
  /** The day, as 2026-11-30. */
  readonly date: string;
  /** What it said last. */
  readonly result: string;
  /** Of `npm run stress`: by what the run was disturbed. */
  readonly disturbed?: Readonly<Record<string, Outcomes>>;
}

const folder = (): string => packagePath("build", "trust", "runs");
const kept = (): string => packagePath("test", "trust", "runs.json");

/** Of a campaign that has come to its end. */
export function recordRun(command: string, result: string, disturbed?: Run["disturbed"]): void {
  mkdirSync(folder(), { recursive: true });
  const date = new Date().toISOString().slice(0, 10);
  const run: Run = { command, date, result, ...(disturbed && { disturbed }) };
  const name = command.replace(/[^a-z0-9]+/gi, "-");
  writeFileSync(join(folder(), `${name}.json`), `${JSON.stringify(run, null, 2)}\n`);
}

/** Those that the page shows, by command. */
export function keptRuns(): readonly Run[] {
  return JSON.parse(readFileSync(kept(), "utf8")) as Run[];
}

/** Adds the runs of this checkout to those that the page shows, in place of earlier ones of the same command; returns all. */
export function gatherRuns(): readonly Run[] {
  mkdirSync(folder(), { recursive: true });
  const fresh = readdirSync(folder()).map(
    (name) => JSON.parse(readFileSync(join(folder(), name), "utf8")) as Run,
  );
  const all = new Map([...keptRuns(), ...fresh].map((run) => [run.command, run]));
  const runs = [...all.values()].sort((a, b) => (a.command < b.command ? -1 : 1));
  writeFileSync(kept(), `${JSON.stringify(runs, null, 2)}\n`);
  return runs;
}

/** Of what a campaign said. */
export function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}
