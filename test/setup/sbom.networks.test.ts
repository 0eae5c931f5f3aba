/** The bill of materials: exactly the packages that the package asks for, and what they ask for. */
import { readFileSync } from "node:fs";
import { execa } from "execa";
import { expect, it } from "vitest";
import { packagePath, packageRoot } from "../../src/platform/package.ts";

it("npm run sbom writes CycloneDX with every dependency and none of the development's", async () => {
  await execa(process.execPath, ["src/setup/sbom.mjs"], { cwd: packageRoot() });
  const sbom = JSON.parse(readFileSync(packagePath("build", "sbom.cdx.json"), "utf8")) as {
    bomFormat: string;
    components: { name: string }[];
  };
  const { dependencies, devDependencies } = JSON.parse(
    readFileSync(packagePath("package.json"), "utf8"),
  ) as Record<"dependencies" | "devDependencies", Record<string, string>>;
  const names = sbom.components.map(({ name }) => name);
  expect(sbom.bomFormat).toBe("CycloneDX");
  expect(names).toEqual(expect.arrayContaining(Object.keys(dependencies)));
  expect(Object.keys(devDependencies).filter((name) => names.includes(name))).toEqual([]);
});
