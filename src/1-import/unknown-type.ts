/** How to go on where a file has a type of numbers that Firebrick has no arithmetic for. */

/** `type`: the framework's name of it, such as FLOAT16. */
export function typeAdvice(type: string): string {
  switch (type) {
    case "FLOAT16":
    case "BFLOAT16":
    case "FLOAT64":
    case "DOUBLE":
      return "convert the network with float32 weights and maps, then `firebrick quantize`, or quantise it to 8 bits";
    case "INT16":
    case "UINT16":
      return "quantise the network with 8-bit activations and weights instead of 16-bit ones";
    case "INT4":
    case "UINT4":
      return "quantise the network with 8-bit weights instead of 4-bit ones";
    default:
      return "convert the network with float32 weights and maps, or quantise it to 8 bits";
  }
}
