/** A day of the calendar here, as `2026-12-24`. */
export function dayOf(at: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** The days that a month or a week shows: whole weeks from Monday. */
export function daysShown(view: 'month' | 'week', anchor: Date): Date[] {
  const first = view === 'month' ? new Date(anchor.getFullYear(), anchor.getMonth(), 1) : anchor;
  const start = new Date(first.getFullYear(), first.getMonth(), first.getDate() - ((first.getDay() + 6) % 7));
  const last = view === 'month' ? new Date(anchor.getFullYear(), anchor.getMonth() + 1, 0) : start;
  const days: Date[] = [];
  for (let day = start; days.length % 7 !== 0 || day <= last || days.length === 0; ) {
    days.push(day);
    day = new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1);
  }
  return days;
}

/** The anchor of the view before or after. */
export function moved(view: 'month' | 'week', anchor: Date, by: 1 | -1): Date {
  return view === 'month'
    ? new Date(anchor.getFullYear(), anchor.getMonth() + by, 1)
    : new Date(anchor.getFullYear(), anchor.getMonth(), anchor.getDate() + 7 * by);
}
