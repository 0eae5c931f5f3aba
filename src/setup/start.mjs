/** `npm start`: sets up, then compiles and simulates the embedded network on an embedded picture. */
import { buildIfStale, installMissing } from "./prepare.mjs";
import { say, script, show } from "./run.mjs";
import { simulationTools } from "./tools.mjs";

await script(async () => {
  const cwd = await installMissing(simulationTools());
  await buildIfStale();
  const firebrick = async (/** @type {string[]} */ ...args) => {
    say(`running firebrick ${args.join(" ")}`);
    return show(process.execPath, ["dist/src/cli.js", ...args], { cwd });
  };
  const compiled = await firebrick("compile", "pictures", "-o", "firebrick-out");
  if (compiled !== 0) return compiled;
  const status = await firebrick("simulate", "pictures", "--input", "src/zoo/pictures/examples/star.png");
  say("the Verilog lies in firebrick-out/rtl");
  return status;
});
