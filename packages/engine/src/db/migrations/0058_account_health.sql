-- Whoever dispatches, and whoever moves what waits for an account that is down, sees which these are.
GRANT SELECT (health) ON accounts TO signalbox_router;
