/** `npm run fuzz -- --runs N --seed S`: damaged files of every kind that Firebrick reads; CONTRIBUTING.md. */
import { runCampaign, wantedOf } from "./campaign.mjs";
import { script } from "./run.mjs";

await script(() => runCampaign("test/trust/fuzz/main.ts", wantedOf("fuzz", process.argv.slice(2), 2000)));
