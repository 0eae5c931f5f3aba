/** Many random networks of strided windows: kernels of 2 to 7, arrays, memories and buffers of every kind. */
import { describeStrided } from "./strided.ts";

const small = { weightWords: 64, lineBytes: 300, mapBytes: 0 } as const;
const kept = { mapBytes: 100_000, keptWords: 500 } as const;

describeStrided(1000, 24, { array: "4x4", memory: "bytes=4,latency=40", most: 2, sparse: true });
describeStrided(2000, 24, { array: "8x8", memory: "bytes=8,latency=1", most: 3, buffers: small });
describeStrided(3000, 24, { array: "16x16", memory: "bytes=16,latency=200", most: 4, sparse: true });
describeStrided(4000, 24, { array: "8x16", memory: "bytes=13.25,latency=40", most: 3, packed: true });
describeStrided(5000, 24, { array: "16x8", memory: "bytes=32,latency=40", most: 2, packed: "shared" });
describeStrided(6000, 24, { array: "4x32", memory: "bytes=8,latency=200", most: 5, buffers: kept });
describeStrided(7000, 24, { array: "4x32", memory: "bytes=16,latency=40", most: 7, sparse: true });
describeStrided(8000, 24, { array: "8x16", memory: "bytes=4,latency=40", most: 6, buffers: kept });
