// Where the cycles of an image went, by block, phase and what the sequencer did.
#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "Vtop.h"

constexpr unsigned reason_idle = 6;

struct PhaseStatistics {
  std::array<uint64_t, 8> reasons{};  // cycles by state_reason
  uint64_t first = 0, last = 0;       // cycles of the image, without idle ones
  bool active = false;
};

class Statistics {
 public:
  Statistics() : phases_(1024) {}
  void restart() { phases_.assign(1024, PhaseStatistics()); }
  void observe(const Vtop& top, uint64_t cycle) {
    PhaseStatistics& phase = phases_[top.state_block << 2 | top.state_phase];
    ++phase.reasons[top.state_reason];
    if (top.state_reason == reason_idle) return;
    if (!phase.active) phase.first = cycle;
    phase.active = true;
    phase.last = cycle;
  }
  // By block * 4 + phase.
  const std::vector<PhaseStatistics>& phases() const { return phases_; }

 private:
  std::vector<PhaseStatistics> phases_;
};
