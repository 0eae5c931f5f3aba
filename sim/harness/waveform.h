// The waveform file; compiled to nothing when the model was verilated without.
#pragma once
#include <cstdint>
#include <string>

#include "Vtop.h"
#include "failure.h"
#include "verilated.h"
#if VM_TRACE_FST
#include "verilated_fst_c.h"
using WaveFile = VerilatedFstC;
#elif VM_TRACE_VCD
#include "verilated_vcd_c.h"
using WaveFile = VerilatedVcdC;
#endif

class Waveform {
 public:
  bool on = false;

#if VM_TRACE
  Waveform(Vtop& top, const std::string& name) {
    if (name.empty()) return;
    top.trace(&file_, 99);
    file_.open(name.c_str());
    if (!file_.isOpen()) throw Failure("job", "cannot write " + name);
  }
  ~Waveform() { file_.close(); }
  // `half` counts clock phases since the start of the simulation; a clock cycle shows as 10 units of time.
  void dump(uint64_t half) {
    if (on) file_.dump(5 * half);
  }

 private:
  WaveFile file_;
#else
  Waveform(Vtop&, const std::string& name) {
    if (!name.empty()) throw Failure("job", "built without waveforms");
  }
  void dump(uint64_t) {}
#endif
};
