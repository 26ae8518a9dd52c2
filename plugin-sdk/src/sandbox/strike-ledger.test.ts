import { describe, expect, it } from 'vitest';
import { sandboxLimits } from '../contract/limits.ts';
import type { RunRequest } from '../contract/run.ts';
import { StrikeLedger } from './strike-ledger.ts';
import { emptyJournal } from './test-modules.ts';

const { provenRuns, strikesToQuarantine, strikeWindowMs } = sandboxLimits;

function runOf(more: Partial<RunRequest> = {}): RunRequest {
  return {
    module: 'm1',
    export: 'ingest',
    input: '{}',
    grants: [],
    journal: emptyJournal,
    group: 'g1',
    installation: 'i1',
    ...more,
  };
}

function open() {
  const clock = { ms: 1_000_000 };
  const ledger = new StrikeLedger(() => clock.ms);
  const strikeOften = (more: Partial<RunRequest> = {}, times: number = strikesToQuarantine) =>
    Array.from({ length: times }, (_, i) => ledger.strike(runOf({ input: `${i}`, ...more }), 'cpu'));
  return { clock, ledger, strikeOften };
}

describe('the ledger of strikes', () => {
  it('takes a version for new until it has run well often enough, and again after a strike', () => {
    const { clock, ledger } = open();
    for (let i = 0; i < provenRuns; i++) {
      expect(ledger.isProven('m1')).toBe(false);
      ledger.ranWell(runOf());
    }
    expect(ledger.isProven('m1')).toBe(true);
    ledger.strike(runOf(), 'trap');
    for (let i = 0; i < provenRuns; i++) ledger.ranWell(runOf());
    expect(ledger.isProven('m1')).toBe(false);
    clock.ms += strikeWindowMs;
    expect(ledger.isProven('m1')).toBe(true);
  });

  it('quarantines the installation whose strikes are on different inputs, and no other', () => {
    const { ledger, strikeOften } = open();
    const strikes = strikeOften();
    expect(strikes.slice(0, -1)).toEqual(strikes.slice(0, -1).map(() => undefined));
    expect(strikes.at(-1)).toMatchObject({
      module: 'm1',
      installation: 'i1',
      reason: 'cpu',
      strikes: strikesToQuarantine,
    });
    expect(ledger.quarantineOf('m1', 'i1')).toBeDefined();
    expect(ledger.quarantineOf('m1', 'i2')).toBeUndefined();
    expect(ledger.quarantineOf('m2', 'i1')).toBeUndefined();
  });

  it('judges programs and not the module that interprets them', () => {
    const { ledger, strikeOften } = open();
    for (let i = 0; i < provenRuns; i++) ledger.ranWell(runOf({ program: 'p2' }));
    strikeOften({ program: 'p1' });
    strikeOften({ program: 'p3', group: 'g2', installation: 'i2' });
    expect(ledger.quarantineOf('p1', 'i1')).toBeDefined();
    expect(ledger.quarantineOf('m1', 'i1')).toBeUndefined();
    expect(ledger.quarantineOf('p2', 'i1')).toBeUndefined();
    expect(ledger.quarantineOf('p1', 'i2')).toBeUndefined();
    expect(ledger.isProven('p2')).toBe(true);
    expect(ledger.isProven('m1')).toBe(false);
  });

  it('does not count the same input twice, nor strikes of long ago', () => {
    const { clock, strikeOften } = open();
    expect(strikeOften({ input: 'same' }, 50).filter(Boolean)).toEqual([]);
    clock.ms += strikeWindowMs;
    for (let i = 0; i < 20; i++) {
      expect(strikeOften({ input: `later ${i}` }, 1)).toEqual([undefined]);
      clock.ms += strikeWindowMs / (strikesToQuarantine - 1);
    }
  });

  it('bears with few strikes among many good runs', () => {
    const { ledger, strikeOften } = open();
    strikeOften({}, 1);
    for (let i = 0; i < 100 * strikesToQuarantine + 100; i++) ledger.ranWell(runOf());
    expect(strikeOften({ input: 'x' }, 1)).toEqual([undefined]);
    expect(strikeOften().filter(Boolean)).toEqual([]);
  });

  it('quarantines the version once two groups suffer, and a person releases it', () => {
    const { ledger, strikeOften } = open();
    strikeOften();
    strikeOften({ installation: 'i2' });
    expect(ledger.quarantineOf('m1', 'i3')).toBeUndefined();
    strikeOften({ installation: 'i4', group: 'g2' });
    expect(ledger.quarantineOf('m1', 'i3')).toMatchObject({ installation: null });
    expect(ledger.release('m1', 'i3')).toBe(true);
    expect(ledger.quarantineOf('m1', 'i3')).toBeUndefined();
    expect(ledger.quarantineOf('m1', 'i5')).toBeDefined();
    expect(ledger.release('m1', 'i1')).toBe(true);
    expect(ledger.release('m1', 'i1')).toBe(false);
    expect(strikeOften({}, strikesToQuarantine - 1).filter(Boolean)).toEqual([]);
    expect(ledger.quarantineOf('m1', 'i1')).toBeUndefined();
    strikeOften();
    expect(ledger.quarantineOf('m1', 'i1')).toBeDefined();
  });
});
