/** The flat view of templates/activation-kernels.v.hbs: the kernels behind a lane, each as late as the latest. */
import type { ActivationModule } from "../kernels.ts";
import type { View } from "../render.ts";

/** `stages`: cycles that every kernel is to take, at least the latency of each. */
export function activationKernelsView(
  kernels: readonly ActivationModule[],
  stages: number,
  generator: string,
): View {
  return {
    generator,
    stages,
    resultsMsb: 8 * kernels.length - 1,
    kernels: kernels.map(({ latency, module, operand }, index) => ({
      index,
      module,
      port: operand,
      delay: stages - latency,
      isLate: stages > latency,
      lsb: 8 * index,
      msb: 8 * index + 7,
    })),
  };
}
