-- Sends each header of a file once, since a nonce is good for one request, and stops when all are
-- sent. wrk itself sleeps to the end of its time, so the rate is taken from first to last request.
local ffi = require("ffi")
ffi.cdef("typedef struct { long s; long ns; } onbehalf_time; int clock_gettime(int, onbehalf_time *);")
local time = ffi.new("onbehalf_time")
local headers, asked, begun = {}, 0, 0
local threads = {}

local function now()
  ffi.C.clock_gettime(1, time)
  return tonumber(time.s) + tonumber(time.ns) / 1e9
end

function setup(thread)
  threads[#threads + 1] = thread
end

function init(args)
  wrk.headers["Host"] = args[2]
  for line in io.lines(args[1]) do
    headers[#headers + 1] = line
  end
end

-- Without a function for responses, for which wrk would build tables of each answer's headers at the cost of the gateway.
function request()
  if asked == 0 then
    begun = now()
  end
  asked = asked + 1
  if asked % 64 == 0 then
    rate = asked / (now() - begun)
  end
  if asked >= #headers - 64 then
    wrk.thread:stop()
  end
  wrk.headers["Authorization"] = headers[asked]
  return wrk.format("GET", "/signed")
end

function done(summary)
  local errors = summary.errors
  io.write(string.format("rate %.0f requests %d failed %d\n", threads[1]:get("rate"), summary.requests,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
