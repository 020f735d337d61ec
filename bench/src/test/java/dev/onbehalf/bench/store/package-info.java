/** What the stores cost, measured on both databases. */
@NullMarked
package dev.onbehalf.bench.store;

import org.jspecify.annotations.NullMarked;
