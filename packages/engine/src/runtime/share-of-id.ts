/** A number in [0, 1) that an id (a UUID) always gives: its random end as a share of all that it may be. */
export function shareOfId(uuid: string): number {
  return Number.parseInt(uuid.slice(-8), 16) / 2 ** 32;
}
