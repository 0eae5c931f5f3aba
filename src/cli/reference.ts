/** docs/commands.md: the help of every command, as the command line prints it. */
import { writeFileSync } from "node:fs";
import { packagePath } from "../platform/package.ts";
import { runCli } from "./run.ts";
import { item } from "../ir/known.ts";

export const REFERENCE_PAGE = packagePath("docs", "commands.md");

/** The whole page; lines are as wide as without a terminal. */
export async function commandReference(): Promise<string> {
  const overview = await helpOf();
  const names = [...overview.matchAll(/^ {2}firebrick (\w+)/gm)].map((match) => item(match, 1));
  const parts = [];
  for (const name of names) parts.push(`## ${name}\n\n${fenced(await helpOf(name))}`);
  return [
    "# Commands\n",
    "Written by `npm run docs:commands` from the commands' own help; a test holds it current. Exit status and messages:",
    "[errors.md](errors.md).\n",
    fenced(overview),
    ...parts,
  ].join("\n");
}

/** Writes the page. */
export async function writeReference(): Promise<void> {
  writeFileSync(REFERENCE_PAGE, await commandReference());
}

async function helpOf(...command: readonly string[]): Promise<string> {
  let text = "";
  await runCli([...command, "--help"], {
    out: (part) => {
      text += part;
    },
    err: (part) => {
      text += part;
    },
    signal: new AbortController().signal,
    isTerminal: false,
  });
  return text.trim();
}

function fenced(text: string): string {
  return `\`\`\`\n${text}\n\`\`\`\n`;
}
