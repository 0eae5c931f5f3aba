/** Random pools on two arrays, one of them packed; on more: pools.campaign.test.ts. */
import { describePools, seeds } from "./pools.ts";

describePools(seeds(1, 12), 4, "4x8", "bytes=8,latency=25", false);
describePools(seeds(101, 12), 8, "8x4", "bytes=16,latency=40", true);
