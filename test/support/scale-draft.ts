/** One quantised operator between 8-bit maps of two scales, for comparison with ONNX Runtime. */
import { elements } from "../../src/ir/shapes.ts";
import { OnnxDraft } from "./onnx-draft.ts";

export type Byte = "int8" | "uint8";

/** Zero points are -7 and 5, for uint8 128 above. `next`: random numbers from 0 to 1. */
export class ScaleDraft extends OnnxDraft {
  #count = 0;
  readonly type: Byte;
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly fromScale: number;
  readonly shape: readonly number[];
  readonly #next: () => number;

  constructor(type: Byte, from: number, to: number, shape: readonly number[], next: () => number) {
    super(13);
    this.type = type;
    this.fromScale = from;
    this.shape = shape;
    this.#next = next;
    this.from = this.scale(from, -7);
    this.to = this.scale(to, 5);
  }

  /** Constants of a scale and a zero point; `zero` is for int8. */
  scale(scale: number, zero: number, type: Byte | "int32" = this.type): string[] {
    const name = `q${this.#count++}`;
    const own = type === "uint8" ? zero + 128 : zero;
    return [this.constant(`${name}/s`, [], [scale]), this.constant(`${name}/z`, [], [own], type)];
  }

  /** The input as floats. */
  real(): string {
    return this.node("DequantizeLinear", [this.input("x", this.shape, this.type), ...this.from], "real");
  }

  /** Floats to integers and back, as inside of a network. */
  through(name: string, scale: readonly string[]): string {
    this.node("QuantizeLinear", [name, ...scale], `${name}/q`);
    return this.node("DequantizeLinear", [`${name}/q`, ...scale], `${name}/d`);
  }

  /** int8 values without -128. */
  integers(shape: readonly number[]): number[] {
    return Array.from({ length: elements(shape) }, () => Math.floor(255 * this.#next()) - 127);
  }

  /** Dequantised int8 weights. */
  weights(name: string, shape: readonly number[], scale: number): string {
    const constant = this.constant(`${name}/i`, shape, this.integers(shape), "int8");
    return this.node("DequantizeLinear", [constant, ...this.scale(scale, 0, "int8")], name);
  }

  /** A dequantised int32 bias in units of `scale`. */
  bias(name: string, count: number, scale: number): string {
    const values = Array.from({ length: count }, () => Math.floor(2000 * this.#next()) - 1000);
    const constant = this.constant(`${name}/i`, [count], values, "int32");
    return this.node("DequantizeLinear", [constant, ...this.scale(Math.fround(scale), 0, "int32")], name);
  }
}
