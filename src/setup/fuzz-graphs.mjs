/** `npm run fuzz:graphs -- --seed S --runs N`: random graphs against an independent evaluation, a fifth through the hardware. */
import { wantedOf } from "./campaign.mjs";
import { installMissing } from "./prepare.mjs";
import { script, show } from "./run.mjs";
import { tools } from "./tools.mjs";

await script(async () => {
  const { runs, seed } = wantedOf("fuzz:graphs", process.argv.slice(2), 300);
  const cwd = await installMissing(tools);
  const args = ["run", "--config", "vitest.campaign.config.ts", "test/networks/graphs.campaign.test.ts"];
  const vitest = ["node_modules/vitest/vitest.mjs", ...args];
  return show(process.execPath, vitest, { cwd, env: { FIREBRICK_FUZZ: `${seed},${runs}` } });
});
