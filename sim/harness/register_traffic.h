// A host that reads and writes registers while an image runs, with VALID and READY of the control port at random. What it writes
// must not disturb the image: bases are taken over at the start, and some addresses have no register.
#pragma once
#include <algorithm>
#include <cstdint>
#include <iterator>
#include <random>

#include "Vtop.h"
#include "failure.h"
#include "registers.h"

class RegisterTraffic {
 public:
  RegisterTraffic(uint32_t percent, uint64_t seed) : percent_(percent), random_(seed ^ 0x7a11) {}

  // No access is under way.
  bool idle() const { return kind_ == Kind::none; }
  // Whether new ones may begin.
  bool is_open() const { return open_; }
  void begin_image() {
    open_ = percent_ != 0;
    std::fill(std::begin(written_), std::end(written_), false);
  }
  void close() { open_ = false; }

  // The outputs have settled: what the coming edge transfers.
  void observe(const Vtop& top) {
    if (kind_ == Kind::write) {
      address_due_ &= !(top.s_axil_awvalid && top.s_axil_awready);
      data_due_ &= !(top.s_axil_wvalid && top.s_axil_wready);
      if (top.s_axil_bvalid && top.s_axil_bready) finish(top.s_axil_bresp);
    } else if (kind_ == Kind::read) {
      address_due_ &= !(top.s_axil_arvalid && top.s_axil_arready);
      if (!top.s_axil_rvalid || !top.s_axil_rready) return;
      if (expects_ && top.s_axil_rdata != bases_[base_]) {
        throw Failure("protocol", "register " + hex(address_) + " reads " + hex(top.s_axil_rdata) + ", not " + hex(bases_[base_]));
      }
      finish(top.s_axil_rresp);
    }
  }

  // Behind the edge: the port's inputs of the next cycle. A VALID that waits stays.
  void drive(Vtop& top) {
    if (idle() && open_ && chance(percent_)) begin();
    const bool write = kind_ == Kind::write, read = kind_ == Kind::read;
    top.s_axil_awvalid = write && address_due_ && (top.s_axil_awvalid || chance(40));
    top.s_axil_wvalid = write && data_due_ && (top.s_axil_wvalid || chance(40));
    top.s_axil_arvalid = read && address_due_ && (top.s_axil_arvalid || chance(40));
    if (write) {
      top.s_axil_awaddr = address_;
      top.s_axil_wdata = value_;
    }
    if (read) top.s_axil_araddr = address_;
    top.s_axil_bready = top.s_axil_rready = idle() || chance(40);
  }

 private:
  enum class Kind { none, read, write };
  static constexpr uint32_t base_registers[] = {REG_MODEL, REG_INPUT, REG_OUTPUT, REG_WORKSPACE};
  static constexpr uint32_t free_addresses[] = {REG_CYCLES, REG_STEPS, REG_OTHER, REG_ERROR, REG_KEEP, REG_ENABLE, REG_STATUS, 0x20, 0x70, 0xfc};

  bool chance(uint32_t percent) { return random_() % 100 < percent; }

  void begin() {
    base_ = random_() % 4;
    expects_ = false;
    address_due_ = true;
    if (chance(50)) {
      kind_ = Kind::read;
      expects_ = chance(50) && written_[base_];
      address_ = expects_ ? base_registers[base_] : free_addresses[random_() % 10];
      return;
    }
    kind_ = Kind::write;
    data_due_ = true;
    value_ = static_cast<uint32_t>(random_());
    const bool to_base = chance(60);
    address_ = to_base ? base_registers[base_] : chance(50) ? 0x20u : 0x70u;
    if (!to_base) return;
    bases_[base_] = value_;
    written_[base_] = true;
  }

  void finish(unsigned response) {
    if (response != 0) throw Failure("protocol", "register " + hex(address_) + " answered with an error");
    kind_ = Kind::none;
  }

  bool open_ = false;
  const uint32_t percent_;
  std::mt19937_64 random_;
  Kind kind_ = Kind::none;
  bool address_due_ = false, data_due_ = false, expects_ = false;
  uint32_t address_ = 0, value_ = 0;
  unsigned base_ = 0;
  uint32_t bases_[4] = {};
  bool written_[4] = {};
};
