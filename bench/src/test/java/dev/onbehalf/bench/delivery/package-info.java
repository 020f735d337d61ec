/** Measures the sending of builds and deployments. */
@NullMarked
package dev.onbehalf.bench.delivery;

import org.jspecify.annotations.NullMarked;
