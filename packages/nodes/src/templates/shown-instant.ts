/** An instant that a template shows without a filter: as a date and a time of the person's zone. */
export class ShownInstant extends Date {
  readonly #zone: string;

  constructor(instant: Date, zone: string) {
    super(instant);
    this.#zone = zone;
  }

  override toString(): string {
    return new Intl.DateTimeFormat('en-US', {
      dateStyle: 'long',
      timeStyle: 'short',
      timeZone: this.#zone,
      calendar: 'gregory',
    })
      .format(this)
      .replace(/\u202f/g, ' ');
  }
}

/** More seconds than a year has: rather milliseconds, or another number altogether. */
const mostSeconds = 366 * 86_400;

/**
 * An instant with a number added, as `now | plus: 86400` makes one. As a date that many seconds later; in calculations, and where it is
 * shown as it is, the milliseconds since 1970 that instants count as, and the number.
 */
export class MovedInstant {
  readonly #from: number;
  readonly #by: number;

  private constructor(from: number, by: number) {
    this.#from = from;
    this.#by = by;
  }

  /** Null where `instant` is none. */
  static of(instant: unknown, by: number): MovedInstant | null {
    if (instant instanceof MovedInstant) return new MovedInstant(instant.#from, instant.#by + by);
    return instant instanceof Date ? new MovedInstant(instant.getTime(), by) : null;
  }

  /** Milliseconds since 1970; null where the number is too large for seconds. */
  get date(): number | null {
    return Math.abs(this.#by) > mostSeconds ? null : this.#from + Math.floor(this.#by * 1_000);
  }

  valueOf(): number {
    return this.#from + this.#by;
  }

  toString(): string {
    return String(this.valueOf());
  }
}
