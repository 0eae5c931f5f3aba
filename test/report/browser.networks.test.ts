/** The HTML report in a browser; of larger networks: browser.campaign.test.ts. */
import { describePage } from "./model-page.ts";

describePage("squeezenet-1.1-64", ["--array", "16x16", "--board", "ultra96-v2"]);
describePage("mobilenet-v1-0.25-128", ["--array", "16x16", "--board", "ultra96-v2"]);
describePage("pictures", ["--board", "icebreaker"]);
