import { expect, test } from "vitest";
import { isIdentifier, verilogNames } from "../../codegen/names.ts";

test("names of layers become legal identifiers", () => {
  expect(
    verilogNames([
      "MobilenetV1/Conv2d_0/Relu6",
      "model/dense/MatMul;bias",
      "7x7",
      "reg",
      "",
      "größe",
      "__a__b",
    ]),
  ).toEqual([
    "MobilenetV1_Conv2d_0_Relu6",
    "model_dense_MatMul_bias",
    "n_7x7",
    "n_reg",
    "unnamed",
    "gr_e",
    "a_b",
  ]);
});

test("names stay unique, whatever their case, and a made-up one does not meet a given one", () => {
  expect(verilogNames(["a/b", "a.b", "A_B", "a_b_2"])).toEqual(["a_b", "a_b_2", "A_B_3", "a_b_2_2"]);
});

test("a long name keeps its end, where layers differ", () => {
  const [name] = verilogNames([`${"scope/".repeat(20)}conv_9`]);
  expect(name).toMatch(/^[a-z_]+_conv_9$/);
  expect(name!.length).toBeLessThanOrEqual(48);
});

test("an identifier is a word that no language keeps for itself", () => {
  const names = ["a_1", "_x", "program", "Begin", "1a", "a-b", "a b", "", "a$", "größe"];
  expect(names.filter(isIdentifier)).toEqual(["a_1", "_x"]);
});

test("no name is a word of SystemVerilog, of its standard package or of VHDL, whatever its case", () => {
  expect(verilogNames(["before", "process", "mailbox", "Signal", "BEGIN", "std", "processing"])).toEqual([
    ...["n_before", "n_process", "n_mailbox", "n_Signal", "n_BEGIN", "n_std", "processing"],
  ]);
});
