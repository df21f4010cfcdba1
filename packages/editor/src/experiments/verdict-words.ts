import type { Test } from '@signalbox/engine/experiments/contract';
import { t } from '../lib/translate.ts';
import type { SignalTone } from '../ui/signal.tsx';
import { labelOf } from './figures.ts';

/** What may be said of a test, in words: a line, and what follows from it. */
export type VerdictWords = { readonly tone: SignalTone; readonly title: string; readonly text: string };

/** The verdict on a test as it stands, or how it ended. */
export function verdictWords(test: Test): VerdictWords {
  return test.ended === null ? runningWords(test) : endedWords(test, test.ended);
}

function endedWords(test: Test, { by, outcome, winner, reason }: NonNullable<Test['ended']>): VerdictWords {
  const arm = labelOf(test, winner);
  const control = test.arms[0]?.label ?? '';
  if (by === 'version') return { tone: 'calm', title: t('test.ended.version'), text: t('test.ended.version.text') };
  if (winner === null) return { tone: 'calm', title: t('test.ended.stopped'), text: reason };
  const after = winner === test.arms[0]?.id ? t('test.after.control', { arm }) : sentTo(test, arm, control);
  if (by === 'hand') return { tone: 'live', title: t('test.ended.hand', { arm }), text: `${reason} ${after}` };
  return outcome === 'no_difference'
    ? { tone: 'calm', title: t('test.ended.no_difference'), text: after }
    : { tone: 'live', title: t('test.ended.winner', { arm }), text: after };
}

function sentTo({ control_share: share }: Test, arm: string, control: string): string {
  return share === 0 ? t('test.after.all', { arm }) : t('test.after', { arm, control, share });
}

function runningWords(test: Test): VerdictWords {
  const { seen } = test;
  if (seen === null || seen.began_at === null)
    return { tone: 'wait', title: t('test.verdict.nobody'), text: t('test.verdict.nobody.text') };
  const { verdict } = seen;
  const control = test.arms[0]?.label ?? '';
  switch (verdict.state) {
    case 'winner': {
      const arm = labelOf(test, verdict.arm);
      const isControl = verdict.arm === test.arms[0]?.id;
      const title = isControl ? t('test.verdict.control', { arm }) : t('test.verdict.winner', { arm, control });
      return { tone: 'live', title, text: t('test.verdict.winner.text') };
    }
    case 'no_difference':
      return { tone: 'calm', title: t('test.verdict.no_difference'), text: t('test.verdict.no_difference.text') };
    case 'blocked':
      return blockedWords(test, verdict);
    default:
      return notYetWords(verdict);
  }
}

type Verdict = NonNullable<Test['seen']>['verdict'];

function blockedWords(test: Test, { reason, arm, guardrail }: Verdict): VerdictWords {
  const title = t('test.verdict.blocked');
  switch (reason) {
    case 'sample_ratio':
      return { tone: 'stop', title, text: t('test.blocked.sample_ratio') };
    case 'several_arms':
      return { tone: 'stop', title, text: t('test.blocked.several_arms') };
    case 'goal_gone':
      return { tone: 'stop', title, text: t('test.blocked.goal_gone') };
    default: {
      const what = guardrail === null ? '' : t(`test.blocked.${guardrail}`);
      return { tone: 'stop', title: t('test.verdict.guardrail', { arm: labelOf(test, arm) }), text: what };
    }
  }
}

function notYetWords({ waits_for, hours_left }: Verdict): VerdictWords {
  const more = hours_left === null ? null : timeLeft(hours_left);
  const title = more === null ? t('test.verdict.not_yet') : t('test.verdict.not_yet_for', { more });
  return { tone: 'test', title, text: waits_for === null ? '' : t(`test.waits.${waits_for}`) };
}

/** Whole hours below two days, then whole days. */
function timeLeft(hours: number): string {
  return hours < 48
    ? t('test.more_hours', { n: Math.max(1, Math.ceil(hours)) })
    : t('test.more_days', { n: Math.ceil(hours / 24) });
}
