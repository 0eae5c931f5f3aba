/** The messages of onnx.proto (ONNX IR version 3 to the newest) that Firebrick reads, with their field numbers. */
import type protobuf from "protobufjs";
import { library } from "../../platform/library.ts";

const field = (id: number, type: string) => ({ id, type });
const list = (id: number, type: string) => ({ id, type, rule: "repeated" });

const DESCRIPTOR: protobuf.INamespace = {
  nested: {
    ModelProto: {
      fields: {
        irVersion: field(1, "int64"),
        graph: field(7, "GraphProto"),
        opsetImport: list(8, "OperatorSetIdProto"),
        metadataProps: list(14, "StringStringEntryProto"),
        functions: list(25, "FunctionProto"),
      },
    },
    OperatorSetIdProto: { fields: { domain: field(1, "string"), version: field(2, "int64") } },
    FunctionProto: { fields: { name: field(1, "string") } },
    GraphProto: {
      fields: {
        node: list(1, "NodeProto"),
        name: field(2, "string"),
        initializer: list(5, "TensorProto"),
        input: list(11, "ValueInfoProto"),
        output: list(12, "ValueInfoProto"),
        sparseInitializer: list(15, "SparseTensorProto"),
      },
    },
    NodeProto: {
      fields: {
        input: list(1, "string"),
        output: list(2, "string"),
        name: field(3, "string"),
        opType: field(4, "string"),
        attribute: list(5, "AttributeProto"),
        domain: field(7, "string"),
      },
    },
    AttributeProto: {
      fields: {
        name: field(1, "string"),
        f: field(2, "float"),
        i: field(3, "int64"),
        s: field(4, "bytes"),
        t: field(5, "TensorProto"),
        floats: list(7, "float"),
        ints: list(8, "int64"),
        strings: list(9, "bytes"),
        type: field(20, "int32"),
        refAttrName: field(21, "string"),
      },
    },
    TensorProto: {
      fields: {
        dims: list(1, "int64"),
        dataType: field(2, "int32"),
        floatData: list(4, "float"),
        int32Data: list(5, "int32"),
        int64Data: list(7, "int64"),
        name: field(8, "string"),
        rawData: field(9, "bytes"),
        doubleData: list(10, "double"),
        uint64Data: list(11, "uint64"),
        externalData: list(13, "StringStringEntryProto"),
        dataLocation: field(14, "int32"),
      },
    },
    StringStringEntryProto: { fields: { key: field(1, "string"), value: field(2, "string") } },
    SparseTensorProto: { fields: { values: field(1, "TensorProto") } },
    ValueInfoProto: { fields: { name: field(1, "string"), type: field(2, "TypeProto") } },
    TypeProto: { fields: { tensorType: field(1, "TensorTypeProto") } },
    TensorTypeProto: { fields: { elemType: field(1, "int32"), shape: field(2, "TensorShapeProto") } },
    TensorShapeProto: { fields: { dim: list(1, "DimensionProto") } },
    DimensionProto: { fields: { dimValue: field(1, "int64"), dimParam: field(2, "string") } },
  },
};

/** The type of a whole file, to decode it or, in tests, to write one. */
export function modelType(): protobuf.Type {
  return library("protobufjs").Root.fromJSON(DESCRIPTOR).lookupType("ModelProto");
}

/** TensorProto.DataType. */
export const DataType = {
  FLOAT: 1,
  UINT8: 2,
  INT8: 3,
  UINT16: 4,
  INT16: 5,
  INT32: 6,
  INT64: 7,
  STRING: 8,
  BOOL: 9,
  FLOAT16: 10,
  DOUBLE: 11,
  UINT32: 12,
  UINT64: 13,
  BFLOAT16: 16,
  UINT4: 21,
  INT4: 22,
} as const;

/** AttributeProto.AttributeType. */
export const AttributeType = {
  FLOAT: 1,
  INT: 2,
  STRING: 3,
  TENSOR: 4,
  GRAPH: 5,
  FLOATS: 6,
  INTS: 7,
  STRINGS: 8,
} as const;

export function dataTypeName(code: number): string {
  return Object.entries(DataType).find(([, value]) => value === code)?.[0] ?? `type ${code}`;
}
