/** Every command, in the order of --help. Only the file of the one that is chosen is imported. */
import type { ListedCommand } from "./command.ts";

export const commands: readonly ListedCommand[] = [
  {
    usage: "inspect [model]",
    describe: "layers, shapes, parameters, MACs and every problem of a model; a program in words",
    load: async () => (await import("./inspect.ts")).inspectCommand,
  },
  {
    usage: "compile <model>",
    describe: "write the accelerator: Verilog, program, memory image, manifest",
    load: async () => (await import("./compile.ts")).compileCommand,
  },
  {
    usage: "simulate <model>",
    describe: "run the Verilog cycle by cycle and compare every layer with the golden model",
    load: async () => (await import("./simulate.ts")).simulateCommand,
  },
  {
    usage: "golden <model>",
    describe: "run the golden integer model alone",
    load: async () => (await import("./golden.ts")).goldenCommand,
  },
  {
    usage: "quantize <model>",
    describe: "turn a float network into an int8 one that reads plain pictures",
    load: async () => (await import("./quantize.ts")).quantizeCommand,
  },
  {
    usage: "compress <model>",
    describe: "prune weights, share them through codebooks and Huffman-code them (Deep Compression)",
    load: async () => (await import("./compress.ts")).compressCommand,
  },
  {
    usage: "hls <file>",
    describe: "compile functions over Int<N> and UInt<N> of a TypeScript file to Verilog",
    load: async () => (await import("./hls.ts")).hlsCommand,
  },
  {
    usage: "accuracy <model>",
    describe: "top-1 and top-5 of the golden model over labelled pictures",
    load: async () => (await import("./accuracy.ts")).accuracyCommand,
  },
  {
    usage: "report [model]",
    describe: "cycles, traffic and what limits each layer, by the cycle model",
    load: async () => (await import("./report.ts")).reportCommand,
  },
  {
    usage: "explore <models..>",
    describe: "try arrays, memories and buffers with the cycle model and list what nothing beats",
    load: async () => (await import("./explore.ts")).exploreCommand,
  },
  {
    usage: "models",
    describe: "networks of the zoo",
    load: async () => (await import("./models.ts")).modelsCommand,
  },
  {
    usage: "boards [name]",
    describe: "boards that --board knows; with a name, every figure and its source",
    load: async () => (await import("./boards.ts")).boardsCommand,
  },
  {
    usage: "doctor",
    describe: "which tools are here, which are missing, how to install them",
    load: async () => (await import("./doctor.ts")).doctorCommand,
  },
];
