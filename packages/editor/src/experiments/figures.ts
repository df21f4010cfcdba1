import type { SeenArm, Test } from '@signalbox/engine/experiments/contract';
import { formatShares, formatTenths } from '../lib/format.ts';
import { locale, t } from '../lib/translate.ts';

type Interval = { readonly low: number; readonly high: number };

const points = new Intl.NumberFormat(locale, { maximumFractionDigits: 2, signDisplay: 'exceptZero' });
const money = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
const signedMoney = new Intl.NumberFormat(locale, { maximumFractionDigits: 2, signDisplay: 'exceptZero' });

export const isMoney = ({ metric }: Pick<Test, 'metric'>): boolean => metric.kind === 'revenue';

/** What an arm did: 5.2%, or 1.35 of revenue a person. */
export const formatResult = (value: number, inMoney: boolean): string =>
  inMoney ? money.format(value) : formatTenths(value);

/** Between what that of all people like them lies: 4.6% – 5.9%. */
export const formatInterval = ({ low, high }: Interval, inMoney: boolean): string =>
  inMoney ? t('test.from_to', { low: money.format(low), high: money.format(high) }) : formatShares(low, high);

/** How much more than the control: +1.2 points, or +0.35. */
export const formatDifference = (value: number, inMoney: boolean): string =>
  inMoney ? signedMoney.format(value) : inPoints(value * 100, points);

const inPoints = (value: number, format: Intl.NumberFormat): string =>
  t('test.points', { n: Math.abs(value), value: format.format(value) });

/** The least difference that is worth knowing of: 1 point, or 0.5 of money a person. */
export const formatLeast = (value: number, inMoney: boolean): string =>
  inMoney ? t('test.settings.least.money', { value: money.format(value) }) : inPoints(value, money);

/** Between what that lies: −0.1 to +2.4. */
export const formatDifferences = ({ low, high }: Interval, inMoney: boolean): string =>
  t('test.from_to', {
    low: inMoney ? signedMoney.format(low) : points.format(low * 100),
    high: inMoney ? signedMoney.format(high) : points.format(high * 100),
  });

const rareness = new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 });

/** How rarely chance alone does it: 0.012, and below a thousandth that it is less. */
export const formatP = (p: number): string => (p < 0.001 ? `< ${rareness.format(0.001)}` : rareness.format(p));

/** What an arm is called. */
export const labelOf = ({ arms }: Pick<Test, 'arms'>, id: string | null): string =>
  arms.find((arm) => arm.id === id)?.label ?? (id === null ? '' : id);

/** People of all arms whose result is known. */
export const knownOf = (arms: readonly SeenArm[]): number => arms.reduce((sum, { known }) => sum + known, 0);
