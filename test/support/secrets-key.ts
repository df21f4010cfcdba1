/** The key that every engine of the tests seals secrets with. */
export const secretsKey = Buffer.alloc(32, 7);
