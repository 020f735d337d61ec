/** What the CI server a program runs in tells about the run. */
@NullMarked
package dev.onbehalf.delivery.ci;

import org.jspecify.annotations.NullMarked;
