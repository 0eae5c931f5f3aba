import type { KernelReport } from "../../codegen/hls/report.ts";
import type { CheckResult } from "../../sim/kernel/index.ts";
import { textTable } from "../report/text-table.ts";

/** The kernel in one paragraph, a row for each stage, a row for each value. */
export function formatKernel(report: KernelReport, check: CheckResult | null): string {
  const operators = Object.entries(report.operators).map(([name, count]) => `${count} ${name}`);
  const stages = report.stages.map(({ depth, registerBits }, i) => [
    String(i + 1),
    String(report.values.filter(({ stage }) => stage === i + 1).length),
    String(depth),
    String(registerBits),
  ]);
  const values = report.values.map(({ stage, name, operation, bits, low, high, levels, settles }) => [
    String(stage),
    name,
    operation,
    String(bits),
    `${low}..${high}`,
    String(levels),
    String(settles),
  ]);
  return [
    `${report.name}${report.signature}`,
    `latency ${report.latency} cycles, a result every cycle`,
    `operators: ${operators.join(", ") || "none"}`,
    "",
    "delays are estimated levels of logic; a value settles so many levels behind the start of its stage",
    textTable(["stage", "values", "delay", "register bits"], stages),
    textTable(["stage", "value", "made by", "bits", "range", "delay", "settles"], values),
    ...(check === null || check.difference !== null
      ? []
      : [`checked: ${check.vectors} operands, the Verilog equals the function`]),
    "",
    "",
  ].join("\n");
}
