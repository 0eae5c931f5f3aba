import { describeJoins } from "./seeded-joins.ts";

for (const name of [
  "squeezenet-1.0",
  "squeezenet-1.1",
  "squeezenet-1.0-simple-bypass-224",
  "squeezenet-1.0-complex-bypass-224",
  "mobilenet-v2-1.0-224",
  "squeezenet-1.1-base32-incr32-pct0.75-sr0.25-96",
])
  describeJoins(name, 60);
