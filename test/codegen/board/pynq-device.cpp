// The verilated accelerator as a library: what stands behind pynq-stub/pynq.py. Registers over AXI4-Lite, memory as one region
// behind AXI4 at the address of the buffer that was allocated.
#include <cstdint>
#include <string>
#include <vector>

#include "failure.h"
#include "simulation.h"

namespace {
struct Device {
  Job job;
  std::vector<Region> regions;
  Simulation simulation;
  Device(uint32_t base, uint32_t bytes)
      : regions{{"buffer", base, std::vector<uint8_t>(bytes), true}}, simulation((job.memory.bytes = 8, job), regions) {
    simulation.reset();
  }
};
std::string message;

template <class Body>
uint32_t guarded(Body&& body) {
  try {
    return body();
  } catch (const Failure& failure) {
    message = failure.kind + ": " + failure.what();
    return 0;
  }
}
}  // namespace

extern "C" {
void* device_create(uint32_t base, uint32_t bytes) { return new Device(base, bytes); }
uint8_t* device_memory(void* device) { return static_cast<Device*>(device)->regions[0].bytes.data(); }
uint32_t device_read(void* device, uint32_t offset) {
  return guarded([&] {
    Simulation& simulation = static_cast<Device*>(device)->simulation;
    // A processor is far slower than the accelerator's clock.
    for (unsigned i = 0; i < 64; ++i) simulation.cycle();
    return simulation.read_register(offset);
  });
}
void device_write(void* device, uint32_t offset, uint32_t value) {
  guarded([&] {
    static_cast<Device*>(device)->simulation.write_register(offset, value);
    return 0u;
  });
}
const char* device_message() { return message.c_str(); }
}
