/** Random pools on two arrays, one of them packed; more of them: pools.campaign.test.ts. */
import { describePools } from "./pools.ts";

const seeds = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);

describePools(seeds(1, 12), 4, "4x8", "bytes=8,latency=25", false);
describePools(seeds(101, 12), 8, "8x4", "bytes=16,latency=40", true);
