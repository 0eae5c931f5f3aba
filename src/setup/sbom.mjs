/** `npm run sbom`: the packages that Firebrick runs with, in CycloneDX's form, from the lock file. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";

const component = z.looseObject({ name: z.string(), version: z.string(), "bom-ref": z.string() });
const sbomSchema = z.looseObject({
  metadata: z.looseObject({ component }),
  components: z.array(component),
  dependencies: z.array(z.object({ ref: z.string(), dependsOn: z.array(z.string()) })),
});
const lockSchema = z.object({
  packages: z.record(z.string(), z.object({ dev: z.boolean().optional(), version: z.string().optional() })),
});

const words = ["sbom", "--sbom-format", "cyclonedx", "--sbom-type", "application", "--package-lock-only"];
const listed = execFileSync("npm", words, { encoding: "utf8", maxBuffer: 1 << 26 });
const sbom = sbomSchema.parse(JSON.parse(listed));
const { packages } = lockSchema.parse(JSON.parse(readFileSync("package-lock.json", "utf8")));

// npm's own --omit dev leaves out what a package of the development needs too
const runtime = new Set(
  Object.entries(packages).flatMap(([path, { dev, version }]) =>
    dev === true || path === "" ? [] : [`${path.replace(/^.*node_modules\//, "")}@${version ?? ""}`],
  ),
);
const components = sbom.components.filter(({ name, version }) => runtime.has(`${name}@${version}`));
const known = new Set([sbom.metadata.component, ...components].map((one) => one["bom-ref"]));
const dependencies = sbom.dependencies
  .filter(({ ref }) => known.has(ref))
  .map(({ dependsOn, ref }) => ({ ref, dependsOn: dependsOn.filter((one) => known.has(one)) }));

mkdirSync("build", { recursive: true });
writeFileSync("build/sbom.cdx.json", `${JSON.stringify({ ...sbom, components, dependencies }, null, 2)}\n`);
