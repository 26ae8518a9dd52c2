/**
 * The closed catalogue of error codes: what the API, the CLI, the interface and the documentation share.
 * `status` is the HTTP status when the code reaches an API; codes without one live in logs, deliveries and findings.
 * docs/reference/errors.md is generated from here.
 */
interface ErrorEntry {
  status?: number;
  /** What happened, as a sentence without detail. */
  means: string;
  /** What to do about it. */
  remedy: string;
}

export const errorCatalogue = {
  // The door and the API
  ADDRESSES_UNKNOWN: {
    status: 503,
    means: 'Only addresses that the vendor publishes may post, and they could not be read yet.',
    remedy: 'Refresh them in the integration’s settings, where it says what went wrong; or allow addresses by hand.',
  },
  BODY_INVALID: {
    status: 400,
    means: 'The body or the query of the request does not have the expected shape.',
    remedy: 'Correct what the message says, or the fields listed in details.',
  },
  BODY_TOO_LARGE: {
    status: 413,
    means: 'The body is larger than allowed.',
    remedy: 'Send less than the limit named in the message.',
  },
  CONFLICT: {
    status: 409,
    means: 'The change conflicts with the present state.',
    remedy: 'Read the resource again and repeat the change.',
  },
  CONFIGURATION_INVALID: {
    status: 422,
    means: 'The settings do not fit the plugin’s form.',
    remedy: 'Correct the fields listed in details.',
  },
  CONSENT_STALE: {
    status: 409,
    means: 'What you agreed to is not what this version asks for.',
    remedy: 'Read the permissions again (consent of GET /api/plugins/NAMESPACE/NAME) and agree to the digest there.',
  },
  DATABASE_UNAVAILABLE: {
    status: 503,
    means: 'The database cannot be reached.',
    remedy: 'Send the request again after the time in Retry-After.',
  },
  FORBIDDEN: {
    status: 403,
    means: 'You may not do this.',
    remedy: 'Ask an owner of the group for the role named in the message.',
  },
  HANDSHAKE_FAILED: {
    status: 502,
    means: 'The handshake that the sender asked for could not be completed.',
    remedy: 'Have the sender ask again; the message says what the vendor answered.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 409,
    means: 'This Idempotency-Key was used with another body.',
    remedy: 'Use a new key for a new request.',
  },
  INTEGRATION_DISABLED: {
    status: 403,
    means: 'The integration is switched off.',
    remedy: 'Enable it on its page, under Integrations.',
  },
  INTEGRATION_NOT_FOUND: {
    status: 404,
    means: 'No integration of this type has this id.',
    remedy: 'Copy the URL from the integration again.',
  },
  INTERNAL: {
    status: 500,
    means: 'Something failed on our side.',
    remedy: 'Try again; if it stays, look for the request id in the host log.',
  },
  IP_NOT_ALLOWED: {
    status: 403,
    means: 'The sender’s address is denied, or is on no list that allows it.',
    remedy: 'See the lists of addresses in the integration’s settings.',
  },
  KEY_INVALID: {
    status: 401,
    means: 'The integration key is missing or wrong.',
    remedy: 'Send "Authorization: Bearer KEY" with the key shown on the integration.',
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    means: 'This URL does not take this method.',
    remedy: 'Use one of the methods in the Allow header.',
  },
  NOT_FOUND: {
    status: 404,
    means: 'There is nothing here, or you may not see it.',
    remedy: 'Check the address and the group.',
  },
  PAYLOAD_INVALID: {
    status: 400,
    means: 'The body is not a payload that this integration understands, or does not fit its own schema.',
    remedy: 'See the paths in details; compare with the plugin’s README and the integration’s schema.',
  },
  PENDING_FULL: {
    status: 503,
    means: 'Too many requests wait for their plugin.',
    remedy: 'Send again after the time in Retry-After; look at the plugin’s errors.',
  },
  RATE_LIMITED: { status: 429, means: 'Too many requests.', remedy: 'Send again after the time in Retry-After.' },
  SUBMISSIONS_FULL: {
    status: 409,
    means: 'Too many submissions of this publisher wait to be checked or reviewed.',
    remedy: 'Wait until some of them are decided.',
  },
  SECRET_KEY_MISSING: {
    status: 500,
    means: 'Something was sealed with a host key that this host does not have.',
    remedy: 'Add the key named in the message to PATCHBAY_SECRET_KEYS_OLD and start the host again.',
  },
  REQUEST_TIMEOUT: {
    status: 408,
    means: 'The request did not arrive in time.',
    remedy: 'Send it again over a faster line, or send less at once.',
  },
  SESSION_REQUIRED: {
    status: 401,
    means: 'You are not signed in, or the token is not valid.',
    remedy: 'Sign in, or send a valid API token as bearer.',
  },
  SIGNATURE_INVALID: {
    status: 401,
    means: 'The signature does not match the body.',
    remedy: 'Compare the secret on both sides; check the clock of the sender.',
  },
  SIGNATURE_UNCHECKED: {
    status: 503,
    means: 'The signature cannot be checked now: the vendor’s public key could not be fetched.',
    remedy: 'Send again after the time in Retry-After; let the host reach the vendor if it stays.',
  },
  SIGNATURE_MISSING: {
    status: 401,
    means: 'This integration wants a signature and there is none.',
    remedy: 'Set the secret on the sender’s side.',
  },
  TYPE_NOT_INSTALLED: {
    status: 409,
    means: 'No installed plugin provides this integration type.',
    remedy: 'Install a plugin for it from the marketplace; the message names one if there is any.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    means: 'The content type is not supported.',
    remedy: 'Send it in one of the ways that the message names.',
  },

  // Running a plugin
  ASK_INVALID: {
    means: 'The plugin asked in a form that no ask has.',
    remedy: 'Build it with the SDK; the message says what is wrong with the ask.',
  },
  ASKS_EXCEEDED: {
    means: 'The call asked for more than a call may.',
    remedy: 'Do less in one call; the message names the limit.',
  },
  CALL_CPU_EXCEEDED: {
    means: 'All runs of the call together used too much CPU time.',
    remedy: 'Make the plugin do less work per answer.',
  },
  INPUT_TOO_LARGE: {
    means: 'The input of the call was larger than a run takes.',
    remedy: 'Have the sender send less at once.',
  },
  JOURNAL_TOO_LARGE: {
    means: 'What the call asked for and was answered is more than its journal holds.',
    remedy: 'Ask for smaller pages, or do less in one call.',
  },
  LOG_BYTES_EXCEEDED: { means: 'The run logged more bytes than it may.', remedy: 'Log less; leave payloads out.' },
  LOG_LINES_EXCEEDED: { means: 'The run logged more lines than it may.', remedy: 'Log less; look for a loop.' },
  MEMORY_EXCEEDED: { means: 'The plugin needed more memory than its limit.', remedy: 'Handle less data at once.' },
  MODULE_INVALID: {
    status: 422,
    means: 'The module breaks a rule of the loader.',
    remedy: 'Build it with the SDK; the message names rule and place.',
  },
  MODULE_UNVERIFIED: {
    means: 'The stored module, or what was signed for it, does not verify; it is not run.',
    remedy:
      'See the message for what failed. Find out who changed it, then install the version again; what waits is tried again.',
  },
  NON_DETERMINISTIC: {
    means: 'The plugin asked for something else than in its earlier run.',
    remedy: 'Do not let the asks depend on anything but input, configuration and answers.',
  },
  OUTCOME_UNKNOWN: {
    means: 'A request was sent and its answer was lost; sending again could double it.',
    remedy: 'Use once(name, {find, create}), or mark the request repeatable.',
  },
  OUTPUT_INVALID: {
    means: 'The plugin’s output does not have the shape of its export.',
    remedy: 'Return what the guide says; the message names the path.',
  },
  OUTPUT_TOO_LARGE: {
    means: 'The plugin’s output was larger than a run may give.',
    remedy: 'Return less; leave details out.',
  },
  PERMISSION_DENIED: {
    means: 'The plugin asked for something that its manifest does not grant.',
    remedy: 'Declare the permission and have it agreed to.',
  },
  PLUGIN_ERROR: { means: 'The plugin threw an error.', remedy: 'See the stack; fix the plugin and replay.' },
  PLUGIN_QUARANTINED: {
    status: 409,
    means: 'This version broke its limits so often that it is not run.',
    remedy: 'Install a mended version, or release this one when the reason is gone.',
  },
  PLUGIN_TIMEOUT: {
    means: 'The run took longer than its limit.',
    remedy: 'Make the plugin faster; if many plugins are slow, the machine is too busy.',
  },
  PLUGIN_TRAP: { means: 'The module trapped.', remedy: 'Look for endless recursion or memory use.' },
  EMIT_REFUSED: {
    means: 'The plugin emitted too many events, or events that answer those of other connectors without end.',
    remedy: 'Emit fewer events in one call, and none in answer to what a connector emitted.',
  },
  REQUESTS_EXCEEDED: {
    means: 'The call made more requests than a call may.',
    remedy: 'Ask for larger pages, or do less in one call.',
  },
  RULE_FAILED: {
    means: 'A rule of the integration could not be evaluated on an event, which went on without it.',
    remedy: 'Correct the expression; the request names the rule and the place.',
  },
  RULES_STOPPED: {
    means: 'The rules of the integration broke the limits of a run and were stopped; no event was stored.',
    remedy: 'Make the rules do less, then replay the request.',
  },
  RUN_CPU_EXCEEDED: {
    means: 'The run used more CPU time than its limit.',
    remedy: 'Make the plugin faster; look for a loop without end.',
  },
  SANDBOX_UNAVAILABLE: {
    status: 503,
    means: 'The sandbox could not run the plugin.',
    remedy: 'Try again; look at the host log if it stays.',
  },
  STALLED: { means: 'The run ended without output, error or open request.', remedy: 'Return or await every promise.' },
  STORE_FULL: {
    means: 'The store of the installation holds no more.',
    remedy: 'Delete what is no longer needed, or declare more in permissions.store.',
  },
  STORE_VALUE_TOO_LARGE: {
    means: 'A stored value is larger than one may be.',
    remedy: 'Store less under one key.',
  },

  // Requests of plugins and webhooks to the outside
  EGRESS_BLOCKED: {
    means: 'The target address is not allowed.',
    remedy: 'Use a public https address, or have the operator allow the network.',
  },
  EGRESS_FAILED: { means: 'The target could not be reached.', remedy: 'Check the address and that the service is up.' },
  EGRESS_TIMEOUT: {
    means: 'The target did not answer in time.',
    remedy: 'Check the service; the delivery is tried again.',
  },
  REQUEST_REFUSED: {
    means: 'The request breaks a rule (header, path or method).',
    remedy: 'See the message for the rule.',
  },
  RESPONSE_TOO_LARGE: {
    means: 'The answer was larger than allowed.',
    remedy: 'Ask for less, or declare limits.responseBytes.',
  },
  CAPTURE_MISSED: {
    means: 'An answer from which a token is to be taken had none where the manifest says, and was withheld.',
    remedy: 'Compare the pointer or header of the capture rule with what the vendor answers now.',
  },
  TOKEN_REFUSED: {
    means: 'The vendor gave no token for the secret.',
    remedy: 'Check the secret under Installed, and what it may do at the vendor.',
  },
  TOKEN_UNAVAILABLE: {
    means: 'The token for a request could not be had for now.',
    remedy: 'Nothing: it is tried again; look at the vendor if it stays.',
  },
  SECRET_REFLECTED: {
    means: 'The answer contained the secret that was sent.',
    remedy: 'Use an endpoint that does not echo credentials.',
  },

  // Delivery
  DESTINATION_GONE: {
    means: 'The destination answered 410 and was disabled.',
    remedy: 'Enter the new address and enable it again.',
  },
  DESTINATION_NEEDS_ATTENTION: {
    means: 'The destination refused our credentials or address (401, 403, 404) and was paused.',
    remedy: 'Correct the settings or the secret, then resume.',
  },
  HTTP_STATUS: {
    means: 'The target answered with a status that is not a success.',
    remedy: 'See the status and body of the attempt.',
  },
  RETRY_REQUESTED: { means: 'The connector asked for another attempt.', remedy: 'Nothing to do; see the reason.' },

  // Packages and the registry
  ARCHIVE_INVALID: {
    status: 422,
    means: 'The package breaks a rule of the archive format.',
    remedy: 'Pack it with "patchbay pack"; the message names the entry.',
  },
  CATALOGUE_INVALID: {
    status: 503,
    means: 'What the registry says about its plugins does not verify, or is older than what this host has seen.',
    remedy: 'Nothing is installed or updated meanwhile. Find out who answers in the registry’s place.',
  },
  CHECKS_FAILED: {
    status: 422,
    means: 'At least one required check did not pass.',
    remedy: 'See the findings; fix them and publish a new version.',
  },
  CHECKS_INCOMPLETE: {
    status: 503,
    means: 'A required check could not be carried out, which is never a pass.',
    remedy: 'Upload the same package again; if it stays, look at the registry’s log.',
  },
  COMPILE_FAILED: {
    status: 422,
    means: 'The plugin’s source could not be compiled.',
    remedy: 'See file, line and column in the message.',
  },
  HOST_API_UNSUPPORTED: {
    status: 422,
    means: 'This plugin needs another version of the host.',
    remedy: 'Choose a version of the plugin whose hostApi fits.',
  },
  MANIFEST_INVALID: {
    status: 422,
    means: 'The manifest (plugin.json) breaks the schema.',
    remedy: 'See the paths in details.',
  },
  NAMESPACE_FORBIDDEN: {
    status: 403,
    means: 'You are not a member of this namespace.',
    remedy: 'Ask its owner, or publish under your own.',
  },
  NAMESPACE_UNCLAIMED: {
    status: 409,
    means: 'Nobody has this namespace yet, and a first upload does not take it by itself.',
    remedy: 'Publish with --claim, or claim it under Publishing, or by POST /api/registry/namespaces.',
  },
  OWN_SUBMISSION: {
    status: 403,
    means: 'Nobody reviews what they submitted, or decides what they asked for.',
    remedy: 'Ask another reviewer or admin of this registry.',
  },
  PACKAGE_TAMPERED: {
    status: 422,
    means: 'Digest or signature does not match the package.',
    remedy: 'Do not install it; report it to the registry.',
  },
  PERMISSIONS_UNPROVEN: {
    status: 422,
    means: 'The module imports more than the manifest declares.',
    remedy: 'Declare the permission, or remove the use.',
  },
  PLUGIN_IN_USE: {
    status: 409,
    means: 'Integrations or destinations still use this installation.',
    remedy: 'Remove them first.',
  },
  PLUGIN_NOT_FOUND: {
    status: 404,
    means: 'The registry has no such plugin or version.',
    remedy: 'Check id and version.',
  },
  PUBLISHER_CHANGED: {
    status: 409,
    means: 'The plugin’s namespace has other owners, or signs with another key, than when it was installed.',
    remedy: 'Read the notice on the installation and agree to it, then update; what is installed goes on running.',
  },
  REGISTRY_UNAVAILABLE: {
    status: 503,
    means: 'The registry cannot be reached, or does not answer as a registry does.',
    remedy: 'Try again after the time in Retry-After; what is installed goes on running.',
  },
  REVOCATIONS_INVALID: {
    status: 503,
    means: 'The registry’s list of revoked versions does not verify, or is older than the one this host has.',
    remedy: 'Nothing is installed or updated meanwhile. Find out who answers in the registry’s place.',
  },
  REVOCATIONS_STALE: {
    status: 503,
    means: 'This host has no list of revoked versions that is still valid.',
    remedy: 'Nothing is installed or updated until the registry can be reached; what is installed goes on running.',
  },
  UPDATE_TOO_NEW: {
    status: 409,
    means: 'This version was approved so recently that no installation is updated to it yet, or replaced by one of it.',
    remedy:
      'Update after the time of eligibleAt in details. For a security fix, two admins can agree to take it early, on the installation’s page.',
  },
  SIGNING_KEY_UNKNOWN: {
    status: 422,
    means: 'What was sent is signed with a key that the namespace does not have.',
    remedy:
      'Name the file of the key that it has with --key. "patchbay rotate-key" replaces one by another; "patchbay lost-key" asks for one in place of a lost one.',
  },
  VERSION_EXISTS: {
    status: 409,
    means: 'This version was already published; versions never change.',
    remedy: 'Raise the version and publish again.',
  },
  VERSION_UNAVAILABLE: {
    status: 409,
    means: 'This version is not published (held, yanked or revoked).',
    remedy: 'Choose another version.',
  },

  // Starting the host
  CONFIG_INVALID: { means: 'The environment has values that cannot be used.', remedy: 'Correct each variable listed.' },
  DATA_FOLDER_LOCKED: {
    means: 'Another host has this data folder open.',
    remedy: 'Stop the other host, or set PATCHBAY_DATA to another folder.',
  },
  DATABASE_UNREACHABLE: {
    means: 'The database of DATABASE_URL did not answer, or did not let the host in.',
    remedy: 'Start it, or correct DATABASE_URL; without that variable the embedded database is used.',
  },
  USAGE: {
    means: 'The command was called wrongly.',
    remedy: 'See "patchbay COMMAND --help", or docs/reference/cli.md.',
  },
  PORT_IN_USE: { means: 'Another process listens on this port.', remedy: 'Stop it, or set PORT to a free one.' },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorCatalogue;
export type ApiErrorCode = {
  [C in ErrorCode]: (typeof errorCatalogue)[C] extends { status: number } ? C : never;
}[ErrorCode];
export const errorCodes = Object.keys(errorCatalogue) as ErrorCode[];

/** True for every code of the catalogue, and for nothing else (also not for names of Object.prototype). */
export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(errorCatalogue, text);
}
