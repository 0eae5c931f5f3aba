/** What campaign and worker say to each other. */
import type { CaseNumber, Outcome } from "./case.ts";
import type { Step } from "./reader.ts";

export interface Order extends CaseNumber {
  /** Where the case's files go. */
  readonly folder: string;
}

export type Told =
  | { readonly kind: "ready" }
  | { readonly kind: "begins"; readonly step: Step }
  | {
      readonly kind: "done";
      readonly outcome: Outcome;
      /** Most memory that the worker ever had, and what it has now: bytes. */
      readonly peak: number;
      readonly now: number;
    };
