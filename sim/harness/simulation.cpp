#include "simulation.h"

#include "failure.h"
#include "registers.h"

namespace {
constexpr unsigned reset_cycles = 16;
constexpr unsigned register_limit = 10000;  // cycles that the control port may take to answer

std::string& stop_message() {
  static std::string message;
  return message;
}
void stopped(const char* what, const char* file, int line) {
  if (stop_message().empty()) stop_message() = std::string(what) + " at " + file + ":" + std::to_string(line);
}

// Registers without a reset value start random, the same for the same seed.
std::unique_ptr<VerilatedContext> make_context(const Job& job) {
  auto context = std::make_unique<VerilatedContext>();
  context->randReset(2);
  context->randSeed(static_cast<int>(job.memory.seed));
  context->traceEverOn(!job.trace.empty());
  return context;
}
}  // namespace

void vl_finish(const char* file, int line, const char*) { stopped("$finish", file, line); }
void vl_stop(const char* file, int line, const char*) { stopped("$stop", file, line); }
void vl_fatal(const char* file, int line, const char*, const char* message) { stopped(message, file, line); }

Simulation::Simulation(const Job& job, std::vector<Region>& regions)
    : job_(job),
      context_(make_context(job)),
      top_(std::make_unique<Vtop>(context_.get(), "")),
      waveform_(*top_, job.trace),
      memory_(job.memory, regions),
      events_(job.events),
      traffic_(job.register_traffic, job.memory.seed) {
  top_->s_axil_awvalid = top_->s_axil_wvalid = top_->s_axil_arvalid = 0;
  top_->s_axil_bready = top_->s_axil_rready = 1;
  top_->s_axil_wstrb = 15;
}

Simulation::~Simulation() { top_->final(); }

void Simulation::end_traffic() {
  traffic_.close();
  for (unsigned count = 0; !traffic_.idle(); ++count) {
    if (count > register_limit) throw Failure("timeout", "no answer to an access of a register");
    cycle();
  }
  top_->s_axil_awvalid = top_->s_axil_wvalid = top_->s_axil_arvalid = 0;
  top_->s_axil_bready = top_->s_axil_rready = 1;
}

void Simulation::reset() {
  end_traffic();
  golden_ = nullptr;
  top_->aresetn = 0;
  for (unsigned i = 0; i < reset_cycles; ++i) {
    // What the ports say during reset is no transaction.
    if (VM_TRACE) update_waveform();
    memory_.reset();
    memory_.drive(*top_);
    top_->aclk = 0;
    top_->eval();
    waveform_.dump(2 * now_);
    top_->aclk = 1;
    top_->eval();
    waveform_.dump(2 * now_ + 1);
    ++now_;
  }
  top_->aresetn = 1;
  last_activity_ = now_;
}

void Simulation::write_register(uint32_t address, uint32_t value, const std::function<void()>& accepted) {
  end_traffic();
  Vtop& top = *top_;
  top.s_axil_awaddr = address;
  top.s_axil_wdata = value;
  top.s_axil_awvalid = top.s_axil_wvalid = 1;
  bool address_taken = false, data_taken = false, answered = false;
  unsigned response = 0;
  for (unsigned count = 0; !answered; ++count) {
    if (count > register_limit) throw Failure("timeout", "no answer to a write of register " + hex(address));
    bool takes_address = false, takes_data = false;
    cycle([&] {
      takes_address = top.s_axil_awvalid && top.s_axil_awready;
      takes_data = top.s_axil_wvalid && top.s_axil_wready;
      answered = top.s_axil_bvalid;
      response = top.s_axil_bresp;
    });
    if (takes_address) top.s_axil_awvalid = 0;
    if (takes_data) top.s_axil_wvalid = 0;
    const bool before = address_taken && data_taken;
    address_taken |= takes_address;
    data_taken |= takes_data;
    if (!before && address_taken && data_taken && accepted) accepted();
  }
  if (response != 0) throw Failure("protocol", "register " + hex(address) + " answered a write with an error");
}

uint32_t Simulation::read_register(uint32_t address) {
  end_traffic();
  Vtop& top = *top_;
  top.s_axil_araddr = address;
  top.s_axil_arvalid = 1;
  bool answered = false;
  uint32_t value = 0;
  unsigned response = 0;
  for (unsigned count = 0; !answered; ++count) {
    if (count > register_limit) throw Failure("timeout", "no answer to a read of register " + hex(address));
    bool taken = false;
    cycle([&] {
      taken = top.s_axil_arvalid && top.s_axil_arready;
      answered = top.s_axil_rvalid;
      value = top.s_axil_rdata;
      response = top.s_axil_rresp;
    });
    if (taken) top.s_axil_arvalid = 0;
  }
  if (response != 0) throw Failure("protocol", "register " + hex(address) + " answered a read with an error");
  return value;
}

void Simulation::start_image(uint32_t image, Golden& golden) {
  write_register(REG_CONTROL, CONTROL_START, [&] {
    image_ = image;
    start_ = last_activity_ = now_;
    golden_ = &golden;
    statistics_.restart();
    events_.restart(memory_.traffic);
  });
  traffic_.begin_image();
}

void Simulation::check_progress() const {
  if (!stop_message().empty()) throw Failure("stop", "the Verilog stopped: " + stop_message());
  if (now_ - last_activity_ > job_.stall_limit) {
    throw Failure("timeout", "no result and no memory beat for " + std::to_string(job_.stall_limit) + " cycles" + describe_state());
  }
}

void Simulation::give_up() const {
  throw Failure("timeout", "not done after " + std::to_string(image_cycles()) + " cycles" + describe_state());
}

std::string Simulation::describe_state() const {
  static const char* const names[8] = {"issues steps", "waits for rows",   "waits for weights", "waits for output",
                                       "waits for line-buffer space", "sets up", "is idle", "is in an unknown state"};
  return "; block " + std::to_string(top_->state_block) + ", phase " + std::to_string(top_->state_phase) + " " +
         names[top_->state_reason] + " in cycle " + std::to_string(now_ - start_);
}

void Simulation::update_waveform() {
  if (!job_.trace_window) {
    waveform_.on = true;
    return;
  }
  const uint64_t cycle = now_ - start_;
  waveform_.on = golden_ != nullptr && image_ == job_.trace_image && cycle >= job_.trace_from && cycle <= job_.trace_to;
}
