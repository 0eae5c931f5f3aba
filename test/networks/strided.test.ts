/** A few random networks of strided windows on two arrays. */
import { describeStrided } from "./strided.ts";

describeStrided(116, 8, { array: "8x8", memory: "bytes=8,latency=200", most: 2 });
describeStrided(300, 8, { array: "8x16", memory: "bytes=13.25,latency=40", most: 4, sparse: true });
