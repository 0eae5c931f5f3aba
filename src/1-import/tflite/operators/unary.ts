/** Operators of one map whose attributes, if any, the shapes already tell. */
import type { ActivationNode, DType, Node, QuantizeNode } from "../../../ir/graph.ts";
import { nodeBase, requireMapTypes, typesAdvice } from "../context.ts";
import type { OperatorContext, OperatorReader } from "../context.ts";
import { OperatorCode, OptionsType } from "../schema.ts";

type Base = ReturnType<typeof nodeBase>;

/** `make` gets a map of a type that maps may have, or one of `others` that the output has too. */
export function unary(
  code: number,
  options: number,
  make: (base: Base, op: OperatorContext) => Node | undefined,
  mostInputs = 1,
  others: readonly DType[] = [],
): OperatorReader {
  return {
    code,
    options,
    inputs: [1, mostInputs],
    read(op) {
      const map = op.inputs[0];
      if (!map) return undefined;
      const isOther = others.includes(map.dtype) && op.output.dtype === map.dtype;
      if (!isOther && !requireMapTypes(op, [map])) return undefined;
      return make(nodeBase(op, [map]), op);
    },
  };
}

function activation(code: number, kind: ActivationNode["kind"]): OperatorReader {
  return unary(code, OptionsType.NONE, (base) => ({ kind, ...base }));
}

export const relu = activation(OperatorCode.RELU, "relu");
export const relu6 = activation(OperatorCode.RELU6, "relu6");
export const relu0To1 = activation(OperatorCode.RELU_0_TO_1, "relu-0-to-1");
export const reluN1To1 = activation(OperatorCode.RELU_N1_TO_1, "relu-n1-to-1");

/** The output's shape is in the file, so neither a second input nor `squeeze_dims` is read. Places that ARG_MAX chose are reshaped too. */
function reshaping(code: number, options: number, mostInputs: number): OperatorReader {
  return unary(code, options, (base) => ({ kind: "reshape", ...base }), mostInputs, ["int32", "int64"]);
}

export const reshape = reshaping(OperatorCode.RESHAPE, OptionsType.ReshapeOptions, 2);
export const squeeze = reshaping(OperatorCode.SQUEEZE, OptionsType.SqueezeOptions, 1);
export const expandDims = reshaping(OperatorCode.EXPAND_DIMS, OptionsType.ExpandDimsOptions, 2);

/** QUANTIZE and DEQUANTIZE change the type between float32, int8 and uint8; int8 to int8 is a rescale. */
function conversion(code: number, options: number, kind: QuantizeNode["kind"]): OperatorReader {
  return {
    code,
    options,
    inputs: [1, 1],
    read(op) {
      const map = op.inputs[0];
      if (!map) return undefined;
      const small = (type: string) => type === "int8" || type === "uint8";
      const to = op.output.dtype;
      const known =
        kind === "quantize"
          ? (small(map.dtype) || map.dtype === "float32") && small(to)
          : small(map.dtype) && to === "float32";
      if (known) return { kind, ...nodeBase(op, [map]) };
      op.report(
        "unsupported-type",
        `${map.dtype} to ${to}`,
        "between float32, int8 and uint8",
        typesAdvice([map.dtype, to]),
      );
      return undefined;
    },
  };
}

export const quantize = conversion(OperatorCode.QUANTIZE, OptionsType.QuantizeOptions, "quantize");
export const dequantize = conversion(OperatorCode.DEQUANTIZE, OptionsType.DequantizeOptions, "dequantize");
