/** `npm run formal`: proofs of modules of hw/rtl; CONTRIBUTING.md. */
import { runScript } from "./campaign.mjs";
import { script, SetupError } from "./run.mjs";

await script(() => {
  const [word] = process.argv.slice(2);
  if (word !== undefined) throw new SetupError(`${word}: npm run formal takes no options.`, 2);
  return runScript("test/trust/formal/main.ts", []);
});
