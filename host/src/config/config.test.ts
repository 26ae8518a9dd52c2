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

  it('holds updates for a day unless it is told otherwise, in whole hours of at most a year', () => {
    const hours = (value?: string) => {
      const result = parseConfig(value === undefined ? {} : { UPDATE_COOLDOWN_HOURS: value });
      return result.ok ? result.config.UPDATE_COOLDOWN_HOURS : result.problems;
    };
    expect([undefined, '', '0', '1', '8760'].map(hours)).toEqual([24, 24, 0, 1, 8760]);
    const message = 'Expected whole hours from 0 to 8760';
    // Nothing that could be a slip turns the cooldown off.
    for (const value of ['-1', '8761', '1e9', '1.5', 'off', 'Infinity', 'NaN', ' ', '0x0', '-0', '24h', '1e2'])
      expect(hours(value), value).toEqual([{ variable: 'UPDATE_COOLDOWN_HOURS', message }]);
  });
});
