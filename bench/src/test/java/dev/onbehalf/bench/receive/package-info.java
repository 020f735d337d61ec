/** Figures of the receiving side. */
@org.jspecify.annotations.NullMarked
package dev.onbehalf.bench.receive;
