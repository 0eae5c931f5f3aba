/** Names of layers at the side of charts. */
import { expect, it } from "vitest";
import { commonPrefix, labelsOf, prefixSentence } from "../../../codegen/report/labels.ts";

it("leaves out what all names begin with, in whole words", () => {
  const names = ["MobilenetV1/MobilenetV1/Conv2d_0/Relu6", "MobilenetV1/MobilenetV1/Conv2d_1/Relu6"];
  expect(commonPrefix(names)).toBe("MobilenetV1/MobilenetV1/");
  expect(labelsOf(names)).toEqual(["Conv2d_0/Relu6", "Conv2d_1/Relu6"]);
  expect(prefixSentence(names)).toBe(
    " All names begin with MobilenetV1/MobilenetV1/, which the chart leaves out.",
  );
});

it("keeps names that have nothing in common, and one that is alone", () => {
  expect(labelsOf(["fire2/squeeze", "fire3/squeeze"])).toEqual(["fire2/squeeze", "fire3/squeeze"]);
  expect(labelsOf(["model/conv"])).toEqual(["model/conv"]);
  expect(prefixSentence([])).toBe("");
  // one name that begins the other is not left empty
  expect(labelsOf(["a/", "a/b"]).every((label) => label !== "")).toBe(true);
});

it("shortens what is longer than its room, from the middle", () => {
  const [label] = labelsOf([`begin/${"x".repeat(40)}/end`, "other"]);
  expect(label).toHaveLength(34);
  expect(label).toMatch(/^begin\/…x+\/end$/);
});
