/** JUnit's XML: `--junit`. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { validateXML } from "xmllint-wasm";
import { expect, it } from "vitest";
import { casesOf, junit } from "../../src/cli/junit.ts";
import { packagePath } from "../../src/platform/package.ts";
import type { InputReport } from "../../src/targets/simulation.ts";
import { firebrick, inTemporaryFolder } from "./helper.ts";

/** The part of JUnit's format that readers agree on. */
const schema = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
<xs:attributeGroup name="counts"><xs:attribute name="tests" type="xs:integer" use="required"/>
<xs:attribute name="failures" type="xs:integer" use="required"/><xs:attribute name="time" type="xs:decimal"/></xs:attributeGroup>
<xs:element name="testsuites"><xs:complexType><xs:sequence><xs:element name="testsuite"><xs:complexType><xs:sequence>
<xs:element name="properties"><xs:complexType><xs:sequence><xs:element name="property" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
<xs:attribute name="name" use="required"/><xs:attribute name="value" use="required"/></xs:complexType></xs:element></xs:sequence></xs:complexType></xs:element>
<xs:element name="testcase" minOccurs="0" maxOccurs="unbounded"><xs:complexType><xs:sequence><xs:element name="failure" minOccurs="0"><xs:complexType>
<xs:simpleContent><xs:extension base="xs:string"><xs:attribute name="message"/></xs:extension></xs:simpleContent></xs:complexType></xs:element></xs:sequence>
<xs:attribute name="classname" use="required"/><xs:attribute name="name" use="required"/><xs:attribute name="time" type="xs:decimal"/></xs:complexType></xs:element>
</xs:sequence><xs:attribute name="name" use="required"/><xs:attributeGroup ref="counts"/></xs:complexType></xs:element></xs:sequence>
<xs:attributeGroup ref="counts"/></xs:complexType></xs:element></xs:schema>`;

async function expectValid(contents: string): Promise<void> {
  const { errors } = await validateXML({ xml: [{ fileName: "junit.xml", contents }], schema: [schema] });
  expect(errors.map(({ message }) => message)).toEqual([]);
}

const input = (file: string, wrong: Partial<InputReport>): InputReport => ({
  ...{ file, bitExact: true, firstDivergence: null, failure: null, cycles: 2000, predictedCycles: 2000 },
  ...{
    utilization: 1,
    memory: { readBytes: 0, writeBytes: 0, stallCycles: 0 },
    top: [],
    values: [],
    ...wrong,
  },
});

it("has a case an input, and says where one that differed did, whatever its name holds", async () => {
  const divergence = {
    layer: "a<b",
    row: 1,
    column: 2,
    channel: 3,
    cycle: 4,
    expected: 5,
    got: 6,
    kind: "value",
  } as const;
  const inputs = [input("a.png", {}), input(`"<x>&.png`, { bitExact: false, firstDivergence: divergence })];
  const xml = junit("firebrick simulate net", { array: "8x8" }, casesOf(inputs, 1000));
  await expectValid(xml);
  expect(xml).toContain(`<testsuites tests="2" failures="1" time="4.000">`);
  expect(xml).toContain(`<property name="array" value="8x8"/>`);
  expect(xml).toContain(`name="a.png" time="2.000"/>`);
  expect(xml).toContain(`name="&quot;&lt;x&gt;&amp;.png"`);
  expect(xml).toContain("layer a&lt;b, row 1, column 2, channel 3, cycle 4: expected 5, got 6</failure>");
});

it("is written by simulate", () =>
  inTemporaryFolder(async (folder) => {
    const file = join(folder, "junit.xml");
    const picture = packagePath("src", "zoo", "pictures", "examples", "star.png");
    const run = await firebrick(
      "simulate",
      "pictures",
      "--input",
      picture,
      "--array",
      "8x8",
      "--junit",
      file,
    );
    expect(run.status, run.stderr).toBe(0);
    const xml = readFileSync(file, "utf8");
    await expectValid(xml);
    expect(xml).toContain('<testsuites tests="1" failures="0"');
    expect(xml).toContain(`name="${picture}"`);
    const bad = await firebrick(
      "simulate",
      "pictures",
      "--input",
      picture,
      "--junit",
      join(folder, "no", "x.xml"),
    );
    expect([bad.status, bad.stderr]).toEqual([2, expect.stringContaining("output-file")]);
  }));

it("is written by accuracy: the pictures that were judged, and those that went through the Verilog", () =>
  inTemporaryFolder(async (folder) => {
    const file = join(folder, "junit.xml");
    const images = packagePath("src", "zoo", "pictures", "examples");
    const labels = join(folder, "labels.csv");
    // the second one is labelled wrong
    writeFileSync(labels, "file,class\nstar.png,4\ncircle.png,4\n");
    const pictures = ["--images", images, "--labels", labels];
    const run = await firebrick(
      "accuracy",
      "pictures",
      ...pictures,
      "--rtl",
      "1",
      "--array",
      "8x8",
      "--junit",
      file,
    );
    expect(run.status, run.stderr).toBe(0);
    const xml = readFileSync(file, "utf8");
    await expectValid(xml);
    expect(xml).toContain('<testsuites tests="2" failures="0"');
    expect(xml).toContain('<property name="images" value="2"/>');
    expect(xml).toContain('<property name="top1" value="0.5"/>');
    expect(xml).toContain('name="2 pictures judged"');
    expect(xml).toContain(`name="${join(images, "star.png")}"`);
  }));
