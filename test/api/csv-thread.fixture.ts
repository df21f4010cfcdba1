import { parentPort } from 'node:worker_threads';

/** A thread that is asked for rows of a CSV file and never comes to an end with them. */
parentPort?.on('message', () => {
  for (;;);
});
