const minuteMs = 60_000;

/**
 * When somebody is let out of what was kept until `opens`: later by their share of so many minutes, so that not all go at once. Where it is
 * over again by then the share is halved until it is not: else whoever is among the last would be kept each time, for ever.
 *
 * @param draw a person's own share, from 0 to 1.
 * @param isOpen whether something may go out at an instant.
 */
export function spreadFrom(opens: Date, minutes: number, draw: number, isOpen: (at: Date) => boolean): Date {
  for (let wait = draw * minutes * minuteMs; wait >= 1_000; wait /= 2) {
    const at = new Date(opens.getTime() + wait);
    if (isOpen(at)) return at;
  }
  return opens;
}
