import { runEngine } from '@signalbox/engine/main/engine-process';
import { endingFailPoints, failPointNames } from '@signalbox/engine/runtime/fail-points';
import { z } from 'zod';

/*
 * `node ending-engine.ts NAME:VISITS`: the engine's program with one crash point armed, after so many visits let pass. Nothing but
 * this file can arm one: the program itself has no setting for it.
 */

const [name, visits] = z
  .tuple([z.enum(failPointNames), z.coerce.number().int().min(0)])
  .parse(process.argv[2]?.split(':'));
await runEngine({ failPoints: endingFailPoints(name, visits) });
