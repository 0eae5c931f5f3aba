/** `npm start`: sets up, then compiles and simulates the embedded network on an embedded picture. */
import { buildIfStale, installMissing } from "./prepare.mjs";
import { say, script, show } from "./run.mjs";
import { simulationTools } from "./tools.mjs";

const picture = "src/zoo/pictures/examples/star.png";
const args = ["simulate", "pictures", "--input", picture, "-o", "firebrick-out"];

await script(async () => {
  const cwd = await installMissing(simulationTools());
  await buildIfStale();
  say(`running firebrick ${args.join(" ")}`);
  return show(process.execPath, ["dist/src/cli.js", ...args], { cwd });
});
