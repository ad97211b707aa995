-- For how long a script sends, and what it tells at the end.
--
-- wrk ends by hanging up on whoever is still being answered; those answers would be missing where leads and
-- answers are compared. So each script stops sending before wrk ends, and the last answers find us at home.

local ffi = require("ffi")
ffi.cdef("typedef struct { long s; long ns; } moment; int clock_gettime(int clock, moment *now);")

local MONOTONIC = 1
local FOR_EVER = 1000000
local pace = {}
local moment = ffi.new("moment")
local last

local function now()
  ffi.C.clock_gettime(MONOTONIC, moment)
  return tonumber(moment.s) + tonumber(moment.ns) / 1e9
end

function pace.start(seconds)
  last = now() + seconds
end

-- wrk asks before each request how many milliseconds to wait.
function delay()
  return now() < last and 0 or FOR_EVER
end

-- One line of JSON, the last that wrk prints. Latencies come in microseconds.
function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    '{"answers": %d, "failures": %d, "breaks": %d, "late": %d, "p50": %.3f, "p95": %.3f, "p99": %.3f, "longest": %.3f}',
    summary.requests, errors.status, errors.connect + errors.read + errors.write, errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency:percentile(99) / 1000,
    latency.max / 1000
  ))
end

return pace
