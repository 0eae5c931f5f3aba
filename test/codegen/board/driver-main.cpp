// Runs the generated C driver on the verilated accelerator: registers over AXI4-Lite, memory as one region behind AXI4.
// driver-main BYTES ERROR_BURST INPUT...: writes INPUT.out for each; the first is polled, the others are interrupts.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "failure.h"
#include "simulation.h"
extern "C" {
#include "firebrick.h"
}

namespace {
uint32_t read_bus(void* context, uint32_t offset) { return static_cast<Simulation*>(context)->read_register(offset); }
void write_bus(void* context, uint32_t offset, uint32_t value) {
  static_cast<Simulation*>(context)->write_register(offset, value);
}

// As an interrupt controller sees the line.
int wait_for_interrupt(Simulation& simulation, fb_device& device) {
  while (!simulation.top().INTERRUPT_PORT) simulation.cycle();
  const int ours = fb_acknowledge(&device);
  for (unsigned i = 0; i < 8; ++i) simulation.cycle();
  std::printf("interrupt=%d,%d\n", ours, static_cast<int>(simulation.top().INTERRUPT_PORT));
  return fb_finish(&device);
}
}  // namespace

int main(int argc, char** argv) {
  try {
    constexpr uint32_t base = 0x10000000;
    Job job;
    job.memory.bytes = std::atof(argv[1]);
    job.memory.error_read = std::strtoull(argv[2], nullptr, 10);
    std::vector<Region> regions{{"host", base, std::vector<uint8_t>(FB_TOTAL_BYTES), true}};
    Simulation simulation(job, regions);
    simulation.reset();
    fb_bus bus = {read_bus, write_bus, &simulation};
    fb_device device;
    std::printf("init=%d\n", fb_init(&device, bus, regions[0].bytes.data(), base));
    fb_start(&device, 0);
    std::printf("unloaded=%d\n", fb_wait(&device, 1000000));
    const auto model = read_bytes("memory/model.bin");
    std::printf("load=%d\n", fb_load(&device, model.data(), static_cast<uint32_t>(model.size())));
    for (int i = 3; i < argc; ++i) {
      const auto image = read_bytes(argv[i]);
      fb_set_input(&device, 0, reinterpret_cast<const int8_t*>(image.data()));
      const bool poll = i == 3;
      fb_start(&device, poll ? 0 : 1);
      const int result = poll ? fb_wait(&device, 1000000) : wait_for_interrupt(simulation, device);
      std::vector<uint8_t> output(FB_OUTPUT0_ROWS * FB_OUTPUT0_WIDTH * FB_OUTPUT0_CHANNELS);
      fb_get_output(&device, 0, reinterpret_cast<int8_t*>(output.data()));
      write_bytes(std::string(argv[i]) + ".out", output);
      const fb_counters counters = fb_read_counters(&device);
      std::printf("result=%d cycles=%u accounted=%u\n", result, counters.cycles,
                  counters.steps + counters.rows + counters.weights + counters.output + counters.other);
      if (result == FB_OK) continue;
      const fb_error error = fb_read_error(&device);
      std::printf("error bits=%u unit=%u block=%u offset=%u decode=%d\n", error.bits, error.unit, error.block, error.address - base,
                  error.decode);
    }
    return 0;
  } catch (const Failure& failure) {
    std::printf("%s: %s\n", failure.kind.c_str(), failure.what());
    return 1;
  }
}
