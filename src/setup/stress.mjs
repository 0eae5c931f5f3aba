/** `npm run stress -- --runs N --seed S`: accelerators under bad memories, hosts and faults; CONTRIBUTING.md. */
import { runCampaign, wantedOf } from "./campaign.mjs";
import { script } from "./run.mjs";

await script(() => runCampaign("test/trust/stress/main.ts", wantedOf("stress", process.argv.slice(2), 40)));
