// What ends a simulation early.
#pragma once
#include <stdexcept>
#include <string>

// `kind` is one of: job, protocol, address, timeout, stop. The runner knows these words.
struct Failure : std::runtime_error {
  std::string kind;
  Failure(std::string kind_, const std::string& message) : std::runtime_error(message), kind(std::move(kind_)) {}
};

std::string hex(uint64_t value);
