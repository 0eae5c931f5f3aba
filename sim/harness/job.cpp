#include "job.h"

#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <sstream>

#include "failure.h"

namespace {
Slave slave_of(const std::string& name) {
  if (name == "serial") return Slave::serial;
  if (name == "joint") return Slave::joint;
  throw Failure("job", "unknown slave " + name);
}
ErrorData error_data_of(const std::string& name) {
  if (name == "stale") return ErrorData::stale;
  if (name == "random") return ErrorData::random;
  throw Failure("job", "unknown error data " + name);
}
}  // namespace

std::string hex(uint64_t value) {
  std::ostringstream text;
  text << "0x" << std::hex << value;
  return text.str();
}

std::vector<uint8_t> read_bytes(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Failure("job", "cannot read " + file);
  return std::vector<uint8_t>(std::istreambuf_iterator<char>(in), {});
}

void write_bytes(const std::string& file, const std::vector<uint8_t>& bytes) {
  std::ofstream out(file, std::ios::binary);
  out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (!out) throw Failure("job", "cannot write " + file);
}

Job read_job(const std::string& file) {
  std::ifstream in(file);
  if (!in) throw Failure("job", "cannot read " + file);
  Job job;
  MemoryConfig& memory = job.memory;
  using Line = std::istringstream;
  const std::map<std::string, std::function<void(Line&)>> keys = {
      {"model", [&](Line& line) { line >> job.model; }},
      {"image",
       [&](Line& line) {
         ImageJob image;
         line >> image.input;
         if (line >> std::ws && !line.eof()) line >> image.golden;
         line.clear();
         job.images.push_back(image);
       }},
      {"output_bytes", [&](Line& line) { line >> job.output_bytes; }},
      {"workspace_bytes", [&](Line& line) { line >> job.workspace_bytes; }},
      {"output_map",
       [&](Line& line) {
         OutputMap map;
         line >> map.block >> map.offset >> map.rows >> map.width >> map.channels >> map.row_pitch >> map.pixel_pitch;
         job.outputs.push_back(map);
       }},
      {"bytes", [&](Line& line) { line >> memory.bytes; }},
      {"latency", [&](Line& line) { line >> memory.latency; }},
      {"outstanding", [&](Line& line) { line >> memory.outstanding; }},
      {"refresh", [&](Line& line) { line >> memory.refresh_period >> memory.refresh_length; }},
      {"spread", [&](Line& line) { line >> memory.spread; }},
      {"held",
       [&](Line& line) {
         for (uint32_t& percent : memory.held) line >> percent;
       }},
      {"seed", [&](Line& line) { line >> memory.seed; }},
      {"slave",
       [&](Line& line) {
         std::string name;
         line >> name;
         memory.slave = slave_of(name);
       }},
      {"error_read", [&](Line& line) { line >> memory.error_read; }},
      {"error_write", [&](Line& line) { line >> memory.error_write; }},
      {"error_response",
       [&](Line& line) {
         unsigned response = 0;
         line >> response;
         memory.error_response = static_cast<uint8_t>(response);
       }},
      {"silent_read", [&](Line& line) { line >> memory.silent_read; }},
      {"silent_write", [&](Line& line) { line >> memory.silent_write; }},
      {"open", [&](Line& line) { line >> memory.open; }},
      {"error_data",
       [&](Line& line) {
         std::string name;
         line >> name;
         memory.error_data = error_data_of(name);
       }},
      {"error_beat", [&](Line& line) { line >> memory.error_beat; }},
      {"max_cycles", [&](Line& line) { line >> job.max_cycles; }},
      {"stall_limit", [&](Line& line) { line >> job.stall_limit; }},
      {"reset_at", [&](Line& line) { line >> job.reset_at; }},
      {"stop_at", [&](Line& line) { line >> job.stop_at; }},
      {"register_traffic", [&](Line& line) { line >> job.register_traffic; }},
      {"flip",
       [&](Line& line) {
         Flip flip;
         line >> flip.offset >> flip.bit;
         job.flips.push_back(flip);
       }},
      {"register_flip",
       [&](Line& line) {
         RegisterFlip flip;
         line >> flip.address >> flip.bit;
         job.register_flips.push_back(flip);
       }},
      {"watchdog", [&](Line& line) { line >> job.watchdog; }},
      {"events", [&](Line& line) { line >> job.events; }},
      {"recover", [&](Line& line) { line >> job.recover; }},
      {"model_base", [&](Line& line) { line >> job.model_base; }},
      {"trace", [&](Line& line) { std::getline(line >> std::ws, job.trace); }},
      {"trace_window",
       [&](Line& line) {
         job.trace_window = true;
         line >> job.trace_image >> job.trace_from >> job.trace_to;
       }},
  };
  for (std::string text; std::getline(in, text);) {
    Line line(text);
    std::string key;
    line >> key;
    const auto found = keys.find(key);
    if (found == keys.end()) throw Failure("job", "unknown key " + key);
    found->second(line);
    if (line.fail()) throw Failure("job", "bad value: " + text);
  }
  return job;
}
