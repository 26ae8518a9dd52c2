import { describe, expect, it } from 'vitest';
import { CpuBudget } from './cpu-budget.ts';

describe('the CPU budget of an installation', () => {
  const open = () => {
    const clock = { ms: 0 };
    return { clock, budget: new CpuBudget(2000, () => clock.ms) };
  };

  it('is overdrawn by more than a minute’s worth, and fills with time', () => {
    const { clock, budget } = open();
    for (let i = 0; i < 10; i++) budget.charge('ins_a', 200_000);
    expect(budget.isOverdrawn('ins_a')).toBe(false);
    budget.charge('ins_a', 1000);
    expect(budget.isOverdrawn('ins_a')).toBe(true);
    expect(budget.isOverdrawn('ins_b')).toBe(false);
    clock.ms += 100;
    expect(budget.isOverdrawn('ins_a')).toBe(false);
  });

  it('lasts for what it gives each minute, however long', () => {
    const { clock, budget } = open();
    for (let second = 0; second < 600; second++, clock.ms += 1000) {
      budget.charge('ins_a', 33_000);
      expect(budget.isOverdrawn('ins_a')).toBe(false);
    }
  });

  it('is paid back within a minute, whatever was used', () => {
    const { clock, budget } = open();
    budget.charge('ins_a', 1e12);
    clock.ms += 60_001;
    expect(budget.isOverdrawn('ins_a')).toBe(false);
  });

  it('knows whose runs are short, by the first and then by those of late', () => {
    const { budget } = open();
    expect(budget.hasShortRuns('ins_a')).toBe(false);
    budget.charge('ins_a', 500);
    expect(budget.hasShortRuns('ins_a')).toBe(true);
    for (let run = 0; run < 8; run++) budget.charge('ins_a', 50_000);
    expect(budget.hasShortRuns('ins_a')).toBe(false);
    for (let run = 0; run < 20; run++) budget.charge('ins_a', 500);
    expect(budget.hasShortRuns('ins_a')).toBe(true);
    budget.charge('ins_b', 50_000);
    expect(budget.hasShortRuns('ins_b')).toBe(false);
  });

  it('does not grow without end', () => {
    const { budget } = open();
    for (let i = 0; i < 30_000; i++) budget.charge(`ins_${i}`, 1);
    budget.charge('ins_x', 1e9);
    expect(budget.isOverdrawn('ins_x')).toBe(true);
  });
});
