/** Benchmarks of the OAuth 1.0a library beside its rivals; {@code bench/run-oauth1} runs them. */
@NullMarked
package dev.onbehalf.bench.oauth1;

import org.jspecify.annotations.NullMarked;
