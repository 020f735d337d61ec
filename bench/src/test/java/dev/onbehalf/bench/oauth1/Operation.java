package dev.onbehalf.bench.oauth1;

/** One thing to measure. */
@FunctionalInterface
interface Operation {
  /** Does it once and returns something of it, so that the compiler cannot leave it out. */
  Object run() throws Exception;
}
