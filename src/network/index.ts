/** What a file that describes a network imports as `firebrick/network`; see docs/zoo.md. */
export { buildNetwork } from "../ir/builder.ts";
export type {
  ActivationOptions,
  MaxPoolOptions,
  Network,
  NetworkBuilder,
  NetworkMap,
  WindowOptions,
} from "../ir/builder.ts";
