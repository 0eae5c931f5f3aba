// The result on stdout, as JSON.
#pragma once
#include <array>
#include <string>
#include <vector>

#include "golden.h"
#include "statistics.h"

struct ImageReport {
  uint64_t cycles = 0;       // from the accepted start to the interrupt
  uint64_t start_cycle = 0;  // of the whole simulation
  Divergence divergence;
  uint64_t mismatches = 0;
  uint64_t read_bytes = 0, write_bytes = 0, read_bursts = 0, write_bursts = 0;
  uint64_t outside_reads = 0, outside_writes = 0;  // bursts, where the job lets them be
  uint32_t error_register = 0;
  uint32_t error_place = 0, error_address = 0;  // registers, of the first error on the bus
  std::array<uint32_t, 6> counters{};  // COUNTER_REGISTERS in registers.h
  std::vector<Expected> results;       // groups seen of those expected
  std::vector<PhaseStatistics> phases;
  std::string failure_kind, failure;   // empty: none
};

void print_report(const std::vector<ImageReport>& images, uint64_t cycles, double seconds);
