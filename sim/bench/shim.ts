import { assert } from "../../src/ir/errors.ts";
import type { WaveformKind } from "../tools/verilator.ts";
import type { Port } from "./ports.ts";

/**
 * C++ around a verilated module: a C interface that creates it, clocks it and tells where its ports lie in memory.
 * Values never pass through calls; the bench reads and writes the ports in place.
 */
export function shimSource(
  prefix: string,
  ports: readonly Port[],
  clock: string,
  waveform: WaveformKind,
): string {
  const clockPort = ports.find((port) => port.name === clock);
  assert(clockPort === undefined || clockPort.direction === "input", `clock ${clock} is not an input`);
  const waveClass = waveform === "fst" ? "VerilatedFstC" : "VerilatedVcdC";
  const waved = waveform !== "none";
  const offsets = ports.map(
    (port) =>
      `reinterpret_cast<char*>(&bench->model.${port.member}) - reinterpret_cast<char*>(bench->model.rootp),`,
  );
  const tick = clockPort === undefined ? "" : `bench->model.${clockPort.member}`;
  return `#include "${prefix}.h"
#include "${prefix}___024root.h"
#include "verilated.h"
${waved ? `#include "verilated_${waveform}_c.h"` : ""}
#include <cstdio>
#include <string>

#define EXPORT extern "C" __attribute__((visibility("default")))

namespace {
thread_local std::string stop_message;
void stopped(const char* file, int line, const char* what) {
  if (stop_message.empty()) stop_message = std::string(what) + " at " + file + ":" + std::to_string(line);
}
struct Bench {
  VerilatedContext context;
  ${prefix} model;
  ${waved ? `${waveClass}* wave = nullptr;` : ""}
  explicit Bench(int seed) : context(), model(prepare(context, seed), "") {}
  static VerilatedContext* prepare(VerilatedContext& context, int seed) {
    context.randReset(2);
    context.randSeed(seed);
    ${waved ? "context.traceEverOn(true);" : ""}
    return &context;
  }
  void settle() {
    model.eval();
    ${waved ? "if (wave) wave->dump(context.time());" : ""}
    context.timeInc(1);
  }
};
}  // namespace

void vl_finish(const char* file, int line, const char*) { stopped(file, line, "$finish"); }
void vl_stop(const char* file, int line, const char*) { stopped(file, line, "$stop"); }
void vl_fatal(const char* file, int line, const char*, const char* text) { stopped(file, line, text); }

EXPORT void* bench_create(int seed) {
  stop_message.clear();
  return new Bench(seed);
}
EXPORT void bench_open_wave(Bench* bench, const char* file) {
  ${waved ? `bench->wave = new ${waveClass}; bench->model.trace(bench->wave, 99); bench->wave->open(file);` : ""}
}
EXPORT void bench_destroy(Bench* bench) {
  bench->model.final();
  ${waved ? "if (bench->wave) { bench->wave->close(); delete bench->wave; }" : ""}
  delete bench;
}
EXPORT void* bench_memory(Bench* bench) { return bench->model.rootp; }
EXPORT double bench_memory_bytes(Bench* bench) { return sizeof(*bench->model.rootp); }
EXPORT double bench_offset(Bench* bench, int port) {
  const ptrdiff_t offsets[] = { ${offsets.join("\n    ")} 0 };
  return static_cast<double>(offsets[port]);
}
EXPORT int bench_eval(Bench* bench) {
  bench->settle();
  return !stop_message.empty();
}
EXPORT int bench_step(Bench* bench, int cycles) {
  for (int i = 0; i < cycles && stop_message.empty(); ++i) {
    ${tick && `${tick} = 0; bench->settle(); ${tick} = 1; bench->settle();`}
  }
  return !stop_message.empty();
}
EXPORT const char* bench_message() { return stop_message.c_str(); }
`;
}
