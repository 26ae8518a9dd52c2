import { describe, expect, it } from 'vitest';
import { parseConfig } from './config.ts';

const problemsOf = (environment: Record<string, string>) => {
  const result = parseConfig(environment);
  return result.ok ? [] : result.problems.map(({ variable }) => variable);
};

describe('the environment', () => {
  it('has a default for everything', () => {
    const result = parseConfig({});
    expect(result).toMatchObject({ ok: true, config: { PORT: 3000, HOST: '127.0.0.1', INTEGRATION_RATE_LIMIT: true } });
  });

  it('is read as empty where a variable is empty', () => {
    expect(parseConfig({ PORT: '', DATABASE_URL: '' })).toMatchObject({ ok: true });
  });

  it('has all its problems told at once', () => {
    expect(problemsOf({ PORT: 'a', DATABASE_URL: 'mysql://x', PATCHBAY_BOOTSTRAP_TOKEN: 'short' }).sort()).toEqual([
      'DATABASE_URL',
      'PATCHBAY_BOOTSTRAP_TOKEN',
      'PORT',
    ]);
  });

  it('refuses plain http beyond loopback unless it is allowed by name', () => {
    expect(problemsOf({ HOST: '0.0.0.0' })).toEqual(['HOST']);
    expect(problemsOf({ HOST: '0.0.0.0', PATCHBAY_ALLOW_PLAIN_HTTP: 'true' })).toEqual([]);
    expect(problemsOf({ HOST: '0.0.0.0', TLS_CERT_FILE: 'a', TLS_KEY_FILE: 'b' })).toEqual([]);
    expect(problemsOf({ TLS_CERT_FILE: 'a' })).toEqual(['TLS_CERT_FILE']);
  });

  it('takes no network and no proxy that is not one', () => {
    expect(problemsOf({ EGRESS_ALLOW: '10.0.0.0/8, nonsense' })).toEqual(['EGRESS_ALLOW']);
    expect(problemsOf({ TRUSTED_PROXIES: '10.0.0.1, 300.1.1.1' })).toEqual(['TRUSTED_PROXIES']);
    expect(parseConfig({ EGRESS_ALLOW: '10.0.0.0/8, fd00::/8', TRUSTED_PROXIES: '10.0.0.1,10.0.0.0/8' })).toMatchObject(
      {
        ok: true,
        config: { EGRESS_ALLOW: ['10.0.0.0/8', 'fd00::/8'] },
      },
    );
  });
});
