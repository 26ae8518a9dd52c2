import type { ReportReason, ReportState } from '@patchbay/plugin-sdk/contract/rest/reports';

/** The reasons that can be chosen, most urgent first. */
export const reasonWords: Record<ReportReason, string> = {
  malicious: 'It does harm on purpose',
  data: 'It sends data where it should not',
  broken: 'It does not work as it says',
  misleading: 'It pretends to be something else',
  rights: 'It uses names or code of others',
  other: 'Something else',
};

export const reportStateWords: Record<ReportState, string> = {
  open: 'Open',
  dismissed: 'Dismissed',
  held: 'Held',
  acted: 'Dealt with',
};
