/** The HTML report in a browser; of larger networks: browser.campaign.test.ts. */
import { describePage } from "./model-page.ts";
import { joinedNetwork, plainNetwork } from "./small-networks.ts";

describePage(joinedNetwork(), ["--array", "16x16", "--board", "ultra96-v2"]);
describePage(plainNetwork(), ["--board", "icebreaker"]);
