/**
 * Whose names say where they stood when the database was written down: `Person 0` and those after it waited for a reply, and so
 * on. Dumps hold these numbers: a new group takes new ones.
 */
export const first = { waiting: 0, due: 10, flying: 20, held: 30, code: 40, sleeping: 50, gone: 60 } as const;
