const SECRET_NAME =
  /pass(word|wd|phrase)?$|secret|token$|authorization|api[-_]?key|credential|cookie|private[-_]?key|routing_key|service_key|basic_auth|connection_?string/i;

/** Parts of which every secret's name has one: looking for them costs a tenth of the expression in an interpreter. */
const SECRET_PARTS = ['pass', 'secret', 'token', 'auth', 'key', 'cred', 'cookie', 'connection'];

/** Whether a field, header or parameter of this name holds a secret. */
export function isSecretName(name: string): boolean {
  const lower = name.toLowerCase();
  for (let index = 0; index < SECRET_PARTS.length; index += 1)
    if (lower.includes(SECRET_PARTS[index] ?? '')) return SECRET_NAME.test(name);
  return false;
}
