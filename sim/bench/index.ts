/** The bench driver: verilated modules in this process, and what drives their ports. */
export { verilateModule, type BenchModule } from "./module.ts";
export type { Dut } from "./dut.ts";
export { cycle, runCycles, type Actor, type RunOptions } from "./cycle.ts";
export { benchRandom, type BenchRandom } from "./random.ts";
export { streamSink, streamSource, type Beat, type StreamSink, type StreamSource } from "./streams.ts";
export {
  axiReadMemory,
  axiWriteMemory,
  type AxiMemoryOptions,
  type Burst,
  type MemoryActor,
} from "./memory.ts";
export { readServer, type ReadServerOptions } from "./read-client.ts";
