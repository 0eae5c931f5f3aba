/** What `report` asks of each kind of hardware, and gets. */
import type { InputError } from "../ir/errors.ts";
import type { ModelReport, ReportInput } from "../report/model-report.ts";

export interface ReportRequest {
  readonly model: string;
  /** undefined: the board's. */
  readonly clockMHz: number | undefined;
  readonly synth: boolean;
  /** Computes --input, which takes a while: to be called when the network is known to fit. null without one. */
  readonly runInput: () => Promise<ReportInput | null>;
}

export interface Reported {
  readonly report: ModelReport;
  /** `does-not-fit`, with which the command ends; null when everything fits. */
  readonly refusal: InputError | null;
  /** What --synth adds, as fields of the JSON object and as text. */
  readonly synthesis: { readonly fields: object; readonly text: string } | null;
}
