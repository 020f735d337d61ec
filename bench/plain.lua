-- Prints the rate in one line.
function done(summary)
  local errors = summary.errors
  io.write(string.format("rate %.0f requests %d failed %d\n",
    summary.requests / summary.duration * 1e6, summary.requests,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
