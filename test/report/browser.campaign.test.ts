/** The HTML reports of large networks in a browser. */
import { describePage } from "./model-page.ts";

describePage("squeezenet-1.0", ["--array", "16x16", "--board", "ultra96-v2"]);
describePage("mobilenet-v1-1.0-224", ["--array", "16x16", "--board", "ultra96-v2"]);
