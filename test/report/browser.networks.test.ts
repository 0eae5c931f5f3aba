/** The HTML report in a browser; of larger networks, with axe, too: browser.campaign.test.ts. */
import { describePage } from "./model-page.ts";

describePage("pictures", ["--array", "16x16", "--board", "ultra96-v2"], true);
describePage("squeezenet-1.1-64", ["--array", "16x16", "--board", "ultra96-v2"], false);
describePage("pictures", ["--board", "icebreaker"], true);
