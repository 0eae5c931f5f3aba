/** `npm run trust`: docs/trust.md, with the campaigns that were run in this checkout. */
import { runScript } from "./campaign.mjs";
import { script } from "./run.mjs";

await script(() => runScript("test/trust/main.ts", []));
