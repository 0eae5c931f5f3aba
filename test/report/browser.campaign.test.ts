/** The HTML reports of larger networks in a browser. */
import { describePage } from "./model-page.ts";

describePage("pictures", ["--board", "icebreaker"]);
for (const model of [
  "pictures",
  "squeezenet-1.1-64",
  "mobilenet-v1-0.25-128",
  "squeezenet-1.0",
  "mobilenet-v1-1.0-224",
])
  describePage(model, ["--array", "16x16", "--board", "ultra96-v2"]);
