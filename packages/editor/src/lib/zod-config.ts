import { config } from 'zod';

// Zod would compile schemas with `new Function`, which our content security policy refuses.
config({ jitless: true });
