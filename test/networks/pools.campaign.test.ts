/** Sixty random networks of pools on each of four arrays. */
import { describePools, seeds } from "./pools.ts";

describePools(seeds(1001, 60), 4, "4x4", "bytes=8,latency=25", true);
describePools(seeds(2001, 60), 16, "8x8", "bytes=16,latency=40", false);
describePools(seeds(3001, 60), 8, "16x16", "bytes=16,latency=40", false);
describePools(seeds(4001, 60), 4, "16x8", "bytes=8,latency=60", true);
