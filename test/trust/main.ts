/** `npm run trust`: writes docs/trust.md with the campaigns that were run in this checkout. */
import { writeFileSync } from "node:fs";
import { packagePath } from "../../src/platform/package.ts";
import { trustPage } from "./page.ts";
import { gatherRuns } from "./record.ts";

writeFileSync(packagePath("docs", "trust.md"), trustPage(gatherRuns()));
