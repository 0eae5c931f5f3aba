/** A kernel as the activation of a network: the function itself, and what its file says of its values. */
import {
  isActivationName,
  isShipped,
  usualLatency,
  type ActivationKernel,
  type ShippedActivation,
} from "../ir/activation-kernel.ts";
import { packagePath } from "../platform/package.ts";
import { ownKernel, refused } from "./own-file.ts";
import { shippedKernels } from "./shipped.ts";

/**
 * The kernel of that name. Its function is called with all 256 values: the table is what it returned.
 * Throws InputError `broken-activation` for a file that exports no such function of one Int<8>.
 */
export function activationKernel(name: string): ActivationKernel {
  if (!isActivationName(name)) throw refused(name, "no kernel of that name", "see docs/hls.md");
  return isShipped(name) ? shipped(name) : own(name);
}

/** `activationKernel` that reads each kernel once. */
export function kernelReader(): (name: string) => ActivationKernel {
  const known = new Map<string, ActivationKernel>();
  return (name) => {
    const kernel = known.get(name) ?? activationKernel(name);
    known.set(name, kernel);
    return kernel;
  };
}

function shipped(name: ShippedActivation): ActivationKernel {
  const { call, places, real } = shippedKernels[name];
  const file = packagePath("hw", "kernels", `${name}.ts`);
  const table = tableOf(call as (x: bigint) => unknown, `${file}#${call.name}`);
  return { spec: name, name: call.name, file, latency: usualLatency, places, table, real };
}

/** FILE.ts, or FILE.ts#FUNCTION. */
function own(spec: string): ActivationKernel {
  const [file = "", wanted] = spec.split("#");
  const { call, ...said } = ownKernel(file, wanted);
  return { spec, file, ...said, table: tableOf(call, `${file}#${said.name}`), real: null };
}

function tableOf(call: (x: bigint) => unknown, place: string): Int8Array {
  return Int8Array.from({ length: 256 }, (_, i) => Number(valueOf(call, BigInt(i - 128), place)));
}

function valueOf(call: (x: bigint) => unknown, x: bigint, place: string): bigint {
  let value: unknown;
  try {
    value = call(x);
  } catch (error) {
    throw refused(place, `${String(error)} for ${x}`, "return an Int<8> for every Int<8>");
  }
  if (typeof value === "bigint" && value >= -128n && value <= 127n) return value;
  throw refused(place, `${String(value)} for ${x}`, "return an Int<8> for every Int<8>");
}
