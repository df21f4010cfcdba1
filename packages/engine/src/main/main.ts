import { runEngine } from './engine-process.ts';

await runEngine();
