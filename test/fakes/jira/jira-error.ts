/** Jira's error body; `errors` are keyed by field. */
export class JiraError extends Error {
  readonly status: number;
  readonly errorMessages: string[];
  readonly errors: Record<string, string>;

  constructor(status: number, errorMessages: string[], errors: Record<string, string> = {}) {
    super([...errorMessages, ...Object.values(errors)].join('; '));
    this.status = status;
    this.errorMessages = errorMessages;
    this.errors = errors;
  }
}

export function issueMissing(): JiraError {
  return new JiraError(404, ['Issue does not exist or you do not have permission to see it.']);
}

export function payloadInvalid(): JiraError {
  return new JiraError(400, ['Invalid request payload. Refer to the REST API documentation and try again.']);
}
