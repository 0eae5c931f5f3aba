/** `npm run mutate -- --runs N --seed S`: changes modules and sources one at a time, and runs their tests; CONTRIBUTING.md. */
import { runCampaign, wantedOf } from "./campaign.mjs";
import { script } from "./run.mjs";

await script(() => runCampaign("test/trust/mutate/main.ts", wantedOf("mutate", process.argv.slice(2), 40)));
