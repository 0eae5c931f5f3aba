// The clock loop: the verilated top, the memory, and what watches them.
#pragma once
#include <functional>
#include <memory>

#include "axi_memory.h"
#include "events.h"
#include "golden.h"
#include "register_traffic.h"
#include "statistics.h"
#include "waveform.h"

class Simulation {
 public:
  Simulation(const Job& job, std::vector<Region>& regions);
  ~Simulation();

  // One clock cycle. `sample` runs when the outputs have settled, before the rising edge.
  template <class Sample>
  inline void cycle(Sample&& sample);
  void cycle() {
    cycle([] {});
  }
  void reset();

  // Bus transactions of the control port. A write returns when its response came; `accepted` runs when the port has
  // taken it.
  void write_register(uint32_t address, uint32_t value, const std::function<void()>& accepted = {});
  uint32_t read_register(uint32_t address);

  // Sets the start bit. The cycle after the one that takes it is cycle 0 of the image; results count from there.
  void start_image(uint32_t image, Golden& golden);
  void end_image() {
    end_traffic();
    golden_ = nullptr;
  }
  // Throw Failure: when nothing happens any more or the Verilog stopped itself; in any case.
  void check_progress() const;
  [[noreturn]] void give_up() const;
  std::string describe_state() const;

  Vtop& top() { return *top_; }
  AxiMemory& memory() { return memory_; }
  Statistics& statistics() { return statistics_; }
  const Events& events() const { return events_; }
  uint64_t now() const { return now_; }
  // Of the image that runs.
  uint64_t start() const { return start_; }
  uint64_t image_cycles() const { return now_ - start_; }

 private:
  void update_waveform();
  // An access that the host began in between ends first.
  void end_traffic();

  const Job& job_;
  std::unique_ptr<VerilatedContext> context_;
  std::unique_ptr<Vtop> top_;
  Waveform waveform_;
  AxiMemory memory_;
  Statistics statistics_;
  Events events_;
  RegisterTraffic traffic_;
  Golden* golden_ = nullptr;
  uint64_t now_ = 0;
  uint64_t start_ = 0;
  uint32_t image_ = 0;
  uint64_t last_activity_ = 0;
};

template <class Sample>
inline void Simulation::cycle(Sample&& sample) {
  Vtop& top = *top_;
  if (VM_TRACE) update_waveform();
  top.aclk = 0;
  top.eval();
  waveform_.dump(2 * now_);
  sample();
  if (!traffic_.idle()) traffic_.observe(top);
  bool active = memory_.observe(top);
  if (golden_ != nullptr) {
    statistics_.observe(top, now_ - start_);
    if (events_.on()) events_.observe(top, now_ - start_, memory_.traffic);
    if (top.trace_valid) {
      active = true;
      golden_->observe({top.trace_block, top.trace_phase, top.trace_y, top.trace_x, top.trace_group,
                        reinterpret_cast<const int8_t*>(&top.trace_data)},
                       now_ - start_);
    }
#ifdef POOL_PORTS
    if (top.pool_valid) {
      golden_->observe({top.pool_block, POOL_PHASE, top.pool_y, top.pool_x, top.pool_group,
                        reinterpret_cast<const int8_t*>(&top.pool_data)},
                       now_ - start_);
    }
#endif
  }
  if (active) last_activity_ = now_;
  top.aclk = 1;
  top.eval();
  waveform_.dump(2 * now_ + 1);
  memory_.drive(top);
  if (traffic_.is_open() || !traffic_.idle()) traffic_.drive(top);
  ++now_;
}
